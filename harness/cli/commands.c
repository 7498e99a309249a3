/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/commands.h"

#include <string.h>

#include "harness/base/nearest.h"

static const struct fl_command *const commands[] = {
	&fl_cmd_bisect, &fl_cmd_compare, &fl_cmd_doctor, &fl_cmd_help,   &fl_cmd_kernel,
	&fl_cmd_list,   &fl_cmd_nightly, &fl_cmd_plot,   &fl_cmd_report, &fl_cmd_run,
	&fl_cmd_shell,  &fl_cmd_show,    &fl_cmd_try,    NULL,
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]) - 1)

const struct fl_command *const *fl_commands(void)
{
	return commands;
}

const struct fl_command *fl_command_find(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

const char *fl_command_nearest(const char *name)
{
	const char *names[N_COMMANDS + 1] = { NULL };

	for (size_t i = 0; i < N_COMMANDS; i++)
		names[i] = commands[i]->name;
	return fl_nearest(name, names);
}
