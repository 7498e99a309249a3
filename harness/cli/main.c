/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The front: finds the command, prints the one sentence of an error, and looks
 * once at standard output for every command, so that a full disk is never a
 * success.  Nothing else in the program prints errors or exits.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/interrupt.h"
#include "harness/base/print.h"
#include "harness/cli/commands.h"

/* A missing descriptor 0..2 would be given to the first file opened, the store perhaps. */
static void open_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int finish_output(int status)
{
	int bad = ferror(stdout);

	errno = 0;
	if (fflush(stdout) || fclose(stdout))
		bad = 1;
	if (!bad)
		return status;
	if (errno == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	fprintf(stderr, "faultline: standard output: %s\n",
		errno ? strerror(errno) : "cannot be written");
	return status ? status : FL_MACHINE;
}

static int say_error(const struct fl_error *err)
{
	fprintf(stderr, "faultline: %s\n", err->text);
	return err->kind;
}

static int run_command(const struct fl_command *cmd, int argc, char **argv, enum fl_colours colours)
{
	struct fl_error err = { .kind = FL_FAILED };
	int status;

	if (fl_take_colours(cmd, &argc, argv, &colours, &err))
		return say_error(&err);
	fl_print_colours(colours);
	if (fl_wants_help(cmd, argc, argv)) {
		fl_help_command(stdout, cmd);
		return 0;
	}
	if (cmd->catches)
		fl_interrupt_catch();
	status = cmd->run(argc, argv, &err);
	if (status >= 0)
		return status;
	/*
	 * A failure after an interrupt may be caused by it, for example if it killed a child, too.
	 */
	if (fl_interrupted() && err.kind != FL_EXIT_INTERRUPTED)
		fl_fail(&err, FL_EXIT_INTERRUPTED, "interrupted");
	fflush(stdout);
	return say_error(&err);
}

static int unknown_command(const char *name)
{
	const char *near = fl_command_nearest(name);

	fprintf(stderr, "faultline: unknown command \"%s\"", name);
	if (near)
		fprintf(stderr, ": did you mean \"%s\"?\n", near);
	else
		fprintf(stderr, ": see faultline help\n");
	return FL_USAGE;
}

static int print_version(void)
{
	printf("faultline %s\n", fl_version);
	return 0;
}

/* --color stands before the command, too. */
static int take_front(int *argc, char ***argv, enum fl_colours *colours, struct fl_error *err)
{
	while (*argc > 1 && fl_is_colours((*argv)[1])) {
		if (fl_parse_colours((*argv)[1], colours, err))
			return -1;
		++*argv;
		--*argc;
	}
	return 0;
}

int main(int argc, char **argv)
{
	enum fl_colours colours = FL_COLOURS_AUTO;
	struct fl_error err;
	const struct fl_command *cmd;
	const char *name;

	open_standard_fds();
	fl_print_harmless();
	signal(SIGPIPE, SIG_DFL);
	setlocale(LC_CTYPE, "");
	if (take_front(&argc, &argv, &colours, &err))
		return say_error(&err);
	name = argc > 1 ? argv[1] : NULL;
	if (!name) {
		fl_help_brief(stderr);
		return FL_USAGE;
	}
	if (!strcmp(name, "-h") || !strcmp(name, "--help"))
		name = "help";
	if (!strcmp(name, "--version"))
		return finish_output(print_version());
	cmd = fl_command_find(name);
	if (!cmd)
		return unknown_command(name);
	return finish_output(run_command(cmd, argc - 1, argv + 1, colours));
}
