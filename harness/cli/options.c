/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The option walker.  Operands may stand anywhere: argv is reordered as it is
 * walked, so that at the end they are together behind the options.
 */
#include "harness/cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/nearest.h"
#include "harness/cli/commands.h"

#define OPTIONS_MAX 64

/* An argument taken apart: "--name=value", "-nvalue". */
struct word {
	const char *name;
	size_t len;
	const char *attached; /* value in the same argument, or NULL */
	char letter;
};

static bool is_option(const char *arg)
{
	return arg[0] == '-' && arg[1];
}

static struct word take_apart(const char *arg)
{
	struct word w = { 0 };

	if (arg[1] == '-') {
		const char *equals = strchr(arg, '=');

		w.name = arg + 2;
		w.len = equals ? (size_t)(equals - w.name) : strlen(w.name);
		w.attached = equals ? equals + 1 : NULL;
	} else {
		w.letter = arg[1];
		w.attached = arg[2] ? arg + 2 : NULL;
	}
	return w;
}

/* Index in the table, -1: not there. */
static int find(const struct fl_command *cmd, const struct word *w)
{
	for (int i = 0; cmd->options[i].name; i++) {
		const struct fl_option *o = &cmd->options[i];

		if (w->letter ? o->letter == w->letter
			      : strlen(o->name) == w->len && !memcmp(o->name, w->name, w->len))
			return i;
	}
	return -1;
}

static int unknown(const struct fl_command *cmd, const char *arg, const struct word *w,
		   struct fl_error *err)
{
	const char *names[OPTIONS_MAX + 1] = { NULL };
	const char *near;
	char given[33];

	if (!w->letter && w->len < sizeof(given)) {
		snprintf(given, sizeof(given), "%.*s", (int)w->len, w->name);
		for (int i = 0; i < OPTIONS_MAX && cmd->options[i].name; i++)
			names[i] = cmd->options[i].name;
		near = fl_nearest(given, names);
		if (near)
			return fl_fail(err, FL_USAGE, "%s: unknown option %s: did you mean --%s?",
				       cmd->name, arg, near);
	}
	return fl_fail(err, FL_USAGE, "%s: unknown option %s: see faultline %s -h", cmd->name, arg,
		       cmd->name);
}

/* Moves argv[from] to argv[to], the arguments between one place up. */
static void move_down(char **argv, int from, int to)
{
	char *arg = argv[from];

	memmove(&argv[to + 1], &argv[to], (size_t)(from - to) * sizeof(*argv));
	argv[to] = arg;
}

int fl_next_option(const struct fl_command *cmd, int argc, char **argv, int *next,
		   const char **value, struct fl_error *err)
{
	const struct fl_option *o;
	int at = *next, index;
	struct word w;

	*value = NULL;
	while (at < argc && !is_option(argv[at]))
		at++;
	if (at >= argc)
		return -1;
	move_down(argv, at, *next);
	if (!strcmp(argv[*next], "--")) {
		++*next;
		return -1;
	}
	w = take_apart(argv[*next]);
	index = find(cmd, &w);
	if (index < 0)
		return unknown(cmd, argv[*next], &w, err) - 1;
	o = &cmd->options[index];
	if (!o->arg && w.attached)
		return fl_fail(err, FL_USAGE, "%s: --%s takes no value: %s", cmd->name, o->name,
			       argv[*next]) -
		       1;
	++*next;
	*value = o->arg ? w.attached : NULL;
	if (!o->arg || w.attached)
		return index;
	if (++at >= argc)
		return fl_fail(err, FL_USAGE, "%s: --%s needs a value: %s", cmd->name, o->name,
			       o->arg) -
		       1;
	move_down(argv, at, *next);
	*value = argv[(*next)++];
	return index;
}

/* The next argument that is an option, behind the value of the one at i; argc: there is none. */
static int next_option(const struct fl_command *cmd, int argc, char **argv, int i)
{
	if (i && is_option(argv[i])) {
		struct word w = take_apart(argv[i]);
		int index = find(cmd, &w);

		i += index >= 0 && cmd->options[index].arg && !w.attached;
	}
	for (i++; i < argc && strcmp(argv[i], "--"); i++)
		if (is_option(argv[i]))
			return i;
	return argc;
}

bool fl_wants_help(const struct fl_command *cmd, int argc, char **argv)
{
	for (int i = 0; (i = next_option(cmd, argc, argv, i)) < argc;)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return true;
	return false;
}

bool fl_is_colours(const char *argument)
{
	return !strncmp(argument, "--color", 7) && (!argument[7] || argument[7] == '=');
}

int fl_parse_colours(const char *argument, enum fl_colours *when, struct fl_error *err)
{
	static const char *const words[] = {
		[FL_COLOURS_AUTO] = "auto",
		[FL_COLOURS_ALWAYS] = "always",
		[FL_COLOURS_NEVER] = "never",
	};
	const char *value = argument[7] ? argument + 8 : "always";

	for (int n = 0; n < 3; n++) {
		if (strcmp(words[n], value) != 0)
			continue;
		*when = (enum fl_colours)n;
		return 0;
	}
	return fl_fail(err, FL_USAGE, "--color=%s: one of auto, always, never", value);
}

int fl_take_colours(const struct fl_command *cmd, int *argc, char **argv, enum fl_colours *when,
		    struct fl_error *err)
{
	for (int i = 0; (i = next_option(cmd, *argc, argv, i)) < *argc;) {
		if (!fl_is_colours(argv[i]))
			continue;
		if (fl_parse_colours(argv[i], when, err))
			return -1;
		memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof(*argv));
		--*argc;
		i--;
	}
	return 0;
}
