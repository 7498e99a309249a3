/* SPDX-License-Identifier: GPL-2.0 */
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/base/wrap.h"
#include "harness/cli/columns.h"
#include "harness/cli/commands.h"

const struct fl_option fl_common_options[] = {
	{ 'h', "help", NULL, "this text" },
	{ 0, "color", "[=auto|always|never]",
	  "auto, the default: colours on a terminal, unless NO_COLOR is set" },
	{ 0 },
};

const struct fl_exit fl_exits[] = {
	{ 0, "good; a point that was skipped, as its kernel lacks a setting, is no failure" },
	{ FL_FAILED, "the measurement says no" },
	{ FL_USAGE, "usage or configuration; a line says which option, file and line" },
	{ FL_MACHINE, "the machine lacks something (faultline doctor), or a disk is full" },
	{ FL_EXIT_INTERRUPTED, "interrupted; what was measured is kept, run --resume goes on" },
	{ -1, NULL },
};

static void add_option(struct fl_columns *c, const struct fl_option *o)
{
	cleanup_free char *left = NULL;

	const char *between = o->arg && *o->arg != '[' ? " " : "", *arg = o->arg ? o->arg : "";

	if (o->letter)
		left = fl_asprintf("-%c, --%s%s%s", o->letter, o->name, between, arg);
	else
		left = fl_asprintf("    --%s%s%s", o->name, between, arg);
	fl_columns_row(c, (const char *[]){ left, o->help });
}

static void add_exit(struct fl_columns *c, const struct fl_exit *e, const char *no)
{
	char status[8];

	snprintf(status, sizeof(status), "%d", e->status);
	fl_columns_row(c, (const char *[]){ status, e->status == FL_FAILED && no ? no : e->says });
}

void fl_help_examples(FILE *out, const struct fl_command *cmd, const char *indent)
{
	const char *line = cmd->examples;

	while (line && *line) {
		int len = (int)strcspn(line, "\n");

		fprintf(out, "%sfaultline %.*s\n", indent, len, line);
		line += len + (line[len] == '\n');
	}
}

void fl_help_command(FILE *out, const struct fl_command *cmd)
{
	struct fl_columns c = { .n = 2, .width = fl_terminal_columns() };
	struct fl_columns exits = { .n = 2, .width = c.width };

	fprintf(out, "faultline %s\n\n%s\n\n", cmd->synopsis, cmd->summary);
	for (const struct fl_option *o = cmd->options; o->name; o++)
		add_option(&c, o);
	for (const struct fl_option *o = fl_common_options; o->name; o++)
		add_option(&c, o);
	fl_columns_print(&c, out, "  ");
	fputs("\nExamples\n", out);
	fl_help_examples(out, cmd, "  ");
	fputs("\nExit status\n", out);
	for (const struct fl_exit *e = fl_exits; e->says; e++)
		if (e->status != FL_FAILED || cmd->no)
			add_exit(&exits, e, cmd->no);
	fl_columns_print(&exits, out, "  ");
}

static void print_commands(FILE *out, bool first)
{
	struct fl_columns c = { .n = 2, .width = fl_terminal_columns() };

	for (const struct fl_command *const *cmd = fl_commands(); *cmd; cmd++)
		if (!first || (*cmd)->first)
			fl_columns_row(&c, (const char *[]){ (*cmd)->name, (*cmd)->summary });
	fl_columns_print(&c, out, "  ");
}

void fl_help_brief(FILE *out)
{
	fputs("faultline COMMAND [ARG...]\n\n", out);
	print_commands(out, true);
	fputs("\nfaultline COMMAND -h explains one, faultline help names all.\n"
	      "To begin with: faultline run thp-threshold --quick\n",
	      out);
}

void fl_help_all(FILE *out)
{
	struct fl_columns exits = { .n = 2, .width = fl_terminal_columns() };

	fputs("faultline COMMAND [ARG...]\n\n", out);
	print_commands(out, false);
	fputs("\nfaultline COMMAND -h explains one; faultline --version\n\nExit status\n", out);
	for (const struct fl_exit *e = fl_exits; e->says; e++)
		add_exit(&exits, e, NULL);
	fl_columns_print(&exits, out, "  ");
}
