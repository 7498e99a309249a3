/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_COMMANDS_H
#define FL_CLI_COMMANDS_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/base/print.h"
#include "harness/cli/cli.h"

/*
 * To add a command: cli/cmd_NAME.c with its struct last, a prototype here, a
 * line in commands.c.  tests/check/listed.sh names a file that is not listed;
 * tests/cli runs every command of the table with -h, with a bad option and with
 * a full disk as its output.
 */
extern const struct fl_command fl_cmd_bisect, fl_cmd_compare, fl_cmd_doctor, fl_cmd_help,
	fl_cmd_kernel, fl_cmd_list, fl_cmd_nightly, fl_cmd_plot, fl_cmd_report, fl_cmd_run,
	fl_cmd_shell, fl_cmd_show, fl_cmd_try;

/* Sorted by name, ended by NULL. */
const struct fl_command *const *fl_commands(void);
const struct fl_command *fl_command_find(const char *name); /* NULL: there is none */
const char *fl_command_nearest(const char *name);

bool fl_is_colours(const char *argument);
int fl_parse_colours(const char *argument, enum fl_colours *when, struct fl_error *err);
/* Takes --color[=WHEN], which every command has, out of argv.  0 or -1. */
int fl_take_colours(const struct fl_command *cmd, int *argc, char **argv, enum fl_colours *when,
		    struct fl_error *err);

/* Does argv, up to "--", hold -h or --help where an option may stand? */
bool fl_wants_help(const struct fl_command *cmd, int argc, char **argv);

/* Of the sources: git's name for them; "unknown" where there is no git. */
extern const char fl_version[];

/* Help made from the tables; brief: the commands that one needs first. */
void fl_help_brief(FILE *out);
void fl_help_all(FILE *out);
void fl_help_examples(FILE *out, const struct fl_command *cmd, const char *indent);

/* What every command takes and may end with; ended by a NULL. */
extern const struct fl_option fl_common_options[];
extern const struct fl_exit {
	int status;
	const char *says;
} fl_exits[];
/* Prints a page of docs/reference. */
int fl_reference(const char *name, struct fl_error *err);

void fl_help_command(FILE *out, const struct fl_command *cmd);

struct fl_run_options;

/* The words of `run`, argv[0] left out of account, for commands that measure: no --resume, no
 * --dry-run.  What the options point to stays argv's. */
int fl_run_arguments(struct fl_run_options *o, int argc, char **argv, struct fl_error *err);

/* Says what a kernel is, boots it, and prints which settings it has.  0, FL_FAILED: it cannot boot
 * as a guest; or -1. */
int fl_check_kernel(const char *name, struct fl_error *err);

/* Prints the kernels that can be built: path, or the sentence that says how to get it. */
int fl_list_kernels(struct fl_error *err);

#endif
