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
	{ 0, "success; skipped points are not failures" },
	{ FL_FAILED, "the measurement failed: see the command" },
	{ FL_USAGE, "wrong usage or configuration; the error names the option, or file and line" },
	{ FL_MACHINE, "the machine lacks something (faultline doctor), or a disk is full" },
	{ FL_EXIT_INTERRUPTED,
	  "interrupted; what was measured is kept, and run --resume continues" },
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

/* Bytes up to the next blank outside brackets and quotes. */
static size_t item_length(const char *text)
{
	size_t n = 0;
	int depth = 0;
	bool quoted = false;

	for (; text[n] && (text[n] != ' ' || depth || quoted); n++) {
		quoted ^= text[n] == '\'';
		depth += text[n] == '[';
		depth -= text[n] == ']';
	}
	return n;
}

/* "faultline run EXPERIMENT [-s KEY=V1,V2,...]...", broken between items. */
static void print_synopsis(FILE *out, const char *synopsis, unsigned int columns)
{
	static const char head[] = "faultline ";
	size_t column = strlen(head);

	fputs(head, out);
	for (const char *at = synopsis; *at; at += strspn(at, " ")) {
		size_t n = item_length(at);

		if (column > strlen(head) && column + n >= columns) {
			fprintf(out, "\n%*s", (int)strlen(head), "");
			column = strlen(head);
		} else if (column > strlen(head)) {
			fputc(' ', out);
			column++;
		}
		fwrite(at, 1, n, out);
		column += n;
		at += n;
	}
	fputc('\n', out);
}

void fl_help_command(FILE *out, const struct fl_command *cmd)
{
	struct fl_columns c = { .n = 2, .width = fl_terminal_columns() };
	struct fl_columns exits = { .n = 2, .width = c.width };

	print_synopsis(out, cmd->synopsis, c.width);
	fprintf(out, "\n%s\n\n", cmd->summary);
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
	fputs("\nfaultline COMMAND -h explains one; faultline help lists all.\nStart with: "
	      "faultline run thp-threshold --quick\n",
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
