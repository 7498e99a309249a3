/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/cli/commands.h"

enum { OPT_COUNT, OPT_QUIET, OPT_NAME };

static const struct fl_option options[] = {
	[OPT_COUNT] = { 'c', "count", "N", "" },
	[OPT_QUIET] = { 'q', "quiet", NULL, "" },
	[OPT_NAME] = { 0, "name", "TEXT", "" },
	{ 0 },
};

static const struct fl_command cmd = { .name = "try", .options = options };

#define ARGS_MAX 12

/* Words of a command line as argv. */
struct line {
	char text[128];
	char *argv[ARGS_MAX];
	int argc, next;
	const char *value;
	struct fl_error err;
};

static void line_set(struct line *l, const char *text)
{
	memset(l, 0, sizeof(*l));
	l->next = 1;
	strcpy(l->text, text);
	for (char *word = strtok(l->text, " "); word; word = strtok(NULL, " "))
		l->argv[l->argc++] = word;
}

static int next(struct line *l)
{
	return fl_next_option(&cmd, l->argc, l->argv, &l->next, &l->value, &l->err);
}

Test(cli_options, every_spelling_of_a_value)
{
	static const char *const spellings[] = { "try --count 7", "try --count=7", "try -c 7",
						 "try -c7" };
	struct line l;

	for (size_t i = 0; i < 4; i++) {
		line_set(&l, spellings[i]);
		cr_assert_eq(next(&l), OPT_COUNT, "%s", spellings[i]);
		cr_assert_str_eq(l.value, "7");
		cr_assert_eq(next(&l), -1);
		cr_assert_eq(l.next, l.argc);
	}
}

Test(cli_options, operands_may_stand_before_and_between)
{
	struct line l;

	line_set(&l, "try first -q second --name x third");
	cr_assert_eq(next(&l), OPT_QUIET);
	cr_assert_null(l.value);
	cr_assert_eq(next(&l), OPT_NAME);
	cr_assert_str_eq(l.value, "x");
	cr_assert_eq(next(&l), -1);
	cr_assert_eq(l.next, 4);
	cr_assert_str_eq(l.argv[4], "first");
	cr_assert_str_eq(l.argv[5], "second");
	cr_assert_str_eq(l.argv[6], "third");
}

Test(cli_options, two_dashes_end_the_options)
{
	struct line l;

	line_set(&l, "try one -q -- -c --name");
	cr_assert_eq(next(&l), OPT_QUIET);
	cr_assert_eq(next(&l), -1);
	cr_assert_eq(l.argc - l.next, 3);
	cr_assert_str_eq(l.argv[l.next], "one");
	cr_assert_str_eq(l.argv[l.next + 1], "-c");
}

Test(cli_options, a_value_may_look_like_an_option)
{
	struct line l;

	line_set(&l, "try --name -q");
	cr_assert_eq(next(&l), OPT_NAME);
	cr_assert_str_eq(l.value, "-q");
	cr_assert_eq(next(&l), -1);
}

Test(cli_options, a_single_dash_is_an_operand)
{
	struct line l;

	line_set(&l, "try -");
	cr_assert_eq(next(&l), -1);
	cr_assert_eq(l.next, 1);
}

Test(cli_options, mistakes_are_usage_errors)
{
	static const char *const lines[][2] = {
		{ "try --nmae x", "did you mean --name" }, { "try -z", "unknown option -z" },
		{ "try --count", "needs a value" },        { "try --quiet=1", "takes no value" },
		{ "try -qc", "takes no value" },           { "try --coun 3", "unknown option" },
	};
	struct line l;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		line_set(&l, lines[i][0]);
		cr_assert_eq(next(&l), -2, "%s", lines[i][0]);
		cr_assert_eq(l.err.kind, FL_USAGE);
		cr_assert(strstr(l.err.text, lines[i][1]), "%s: %s", lines[i][0], l.err.text);
	}
}

Test(cli_options, help_is_seen_where_an_option_may_stand)
{
	static const struct {
		const char *line;
		bool help;
	} lines[] = {
		{ "try -h", true },          { "try x --help", true },   { "try --name -h", false },
		{ "try -- -h", false },      { "try --bad -h", true },   { "try", false },
		{ "try --name=x -h", true }, { "try -c3 --help", true },
	};
	struct line l;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		line_set(&l, lines[i].line);
		cr_assert_eq(fl_wants_help(&cmd, l.argc, l.argv), lines[i].help, "%s",
			     lines[i].line);
	}
}

Test(cli_options, commands_are_sorted_and_nearest_is_near)
{
	const struct fl_command *const *c = fl_commands();

	for (; c[1]; c++)
		cr_assert_lt(strcmp(c[0]->name, c[1]->name), 0, "%s", c[1]->name);
	cr_assert_str_eq(fl_command_nearest("rnu"), "run");
	cr_assert_str_eq(fl_command_nearest("docter"), "doctor");
	cr_assert_null(fl_command_nearest("zzzzzzz"));
	cr_assert_null(fl_command_nearest(""));
}
