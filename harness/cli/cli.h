/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_CLI_H
#define FL_CLI_CLI_H

#include <stdbool.h>

#include "harness/base/error.h"

/*
 * A subcommand is a file cli/cmd_NAME.c with its struct last, a prototype in
 * commands.h and a line in commands.c.  tests/cli checks every one of them:
 * -h works and equals the man page's synopsis, a bad option is exit status 2,
 * output to /dev/full is not 0.
 *
 * run() gets argv[0] = NAME, returns the exit status, or -1 with *err filled
 * (the front prints "faultline: SENTENCE" and exits with its kind).
 */
struct fl_option {
	char letter;      /* 0: none */
	const char *name; /* "repeat" */
	const char *arg;  /* "N"; NULL: a flag */
	const char *help;
};

struct fl_command {
	const char *name, *summary, *synopsis;
	const char *examples; /* lines, without "faultline " */
	const char *no;       /* meaning of exit status 1; NULL: it has none of its own */
	bool first;           /* listed by `faultline` alone, for newcomers */
	const struct fl_option *options; /* ended by a NULL name */
	bool catches;                    /* it handles signals (harness/base/interrupt.h) */
	int (*run)(int argc, char **argv, struct fl_error *err);
};

/*
 * Option walker made from the table: returns the index of the option in
 * cmd->options with *value set (NULL for flags), -1 at the end (*next is the
 * first operand), -2 with err for a bad option.  Start with *next = 1.
 * Long options take "--name value" and "--name=value"; "--" ends options.
 */
int fl_next_option(const struct fl_command *cmd, int argc, char **argv, int *next,
		   const char **value, struct fl_error *err);

#endif
