/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/commands.h"

#include <string.h>

#define NAME_MAX_LEN 32
#define NEAR 3 /* edits that a slip of the keys takes at most */

static const struct fl_command *const commands[] = {
	&fl_cmd_bisect, &fl_cmd_compare, &fl_cmd_doctor, &fl_cmd_help,   &fl_cmd_kernel,
	&fl_cmd_list,   &fl_cmd_nightly, &fl_cmd_plot,   &fl_cmd_report, &fl_cmd_run,
	&fl_cmd_shell,  &fl_cmd_show,    NULL,
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

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance; names longer than NAME_MAX_LEN are far from everything. */
static size_t edits(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], n = strlen(b);

	if (n > NAME_MAX_LEN || strlen(a) > NAME_MAX_LEN)
		return NAME_MAX_LEN;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t change = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = least(change, least(row[j], row[j + 1]) + 1);
		}
	}
	return row[n];
}

const char *fl_nearest(const char *name, const char *const *names)
{
	const char *found = NULL;
	size_t best = NEAR + 1;

	for (; *names; names++) {
		size_t d = edits(name, *names);

		if (d < best && d < strlen(*names)) {
			best = d;
			found = *names;
		}
	}
	return found;
}

const char *fl_command_nearest(const char *name)
{
	const char *names[N_COMMANDS + 1] = { NULL };

	for (size_t i = 0; i < N_COMMANDS; i++)
		names[i] = commands[i]->name;
	return fl_nearest(name, names);
}
