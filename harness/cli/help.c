/* SPDX-License-Identifier: GPL-2.0 */
#include <stdio.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/cli/columns.h"
#include "harness/cli/commands.h"

static void add_option(struct fl_columns *c, const struct fl_option *o)
{
	cleanup_free char *left = NULL;

	if (o->letter)
		left = fl_asprintf("-%c, --%s%s%s", o->letter, o->name, o->arg ? " " : "",
				   o->arg ? o->arg : "");
	else
		left = fl_asprintf("    --%s%s%s", o->name, o->arg ? " " : "",
				   o->arg ? o->arg : "");
	fl_columns_row(c, (const char *[]){ left, o->help });
}

void fl_help_command(FILE *out, const struct fl_command *cmd)
{
	static const struct fl_option help = { 'h', "help", NULL, "this text" };
	struct fl_columns c = { .n = 2 };

	fprintf(out, "faultline %s\n\n%s\n\n", cmd->synopsis, cmd->summary);
	for (const struct fl_option *o = cmd->options; o->name; o++)
		add_option(&c, o);
	add_option(&c, &help);
	fl_columns_print(&c, out, "  ");
}

void fl_help_all(FILE *out)
{
	struct fl_columns c = { .n = 2 };

	fputs("faultline COMMAND [ARG...]\n\n", out);
	for (const struct fl_command *const *cmd = fl_commands(); *cmd; cmd++)
		fl_columns_row(&c, (const char *[]){ (*cmd)->name, (*cmd)->summary });
	fl_columns_print(&c, out, "  ");
	fputs("\nfaultline COMMAND -h explains one.  Exit status: 0 good, 1 the measurement says "
	      "no,\n2 usage, 3 the machine lacks something (faultline doctor), 130 "
	      "interrupted.\n",
	      out);
}
