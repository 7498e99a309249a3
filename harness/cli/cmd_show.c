/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/base/print.h"
#include "harness/base/units.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/report/ending.h"
#include "harness/report/profile.h"
#include "harness/report/report.h"

enum { OPT_POINT, OPT_PROFILE, OPT_SUMMARY, OPT_FORMAT };

static const struct fl_option options[] = {
	[OPT_POINT] = { 0, "point", "N", "one point with all its metrics" },
	[OPT_PROFILE] = { 0, "profile", NULL,
			  "with --point: the fault path by kernel function, in instructions" },
	[OPT_SUMMARY] = { 0, "summary", NULL, "what stood on the terminal when the run ended" },
	[OPT_FORMAT] = { 0, "format", "table|csv|json",
			 "table for people (the default), the others whole" },
	{ 0 },
};

typedef int (*show_fn)(FILE *, struct fl_store *, int64_t, unsigned int, struct fl_error *);

static int take_format(show_fn *show, const char *value, struct fl_error *err)
{
	if (!strcmp(value, "table"))
		*show = fl_show_table;
	else if (!strcmp(value, "csv"))
		*show = fl_show_csv;
	else if (!strcmp(value, "json"))
		*show = fl_show_json;
	else
		return fl_fail(err, FL_USAGE, "--format %s: one of table, csv, json", value);
	return 0;
}

static int show_ending(FILE *out, struct fl_store *store, int64_t run, unsigned int point,
		       struct fl_error *err)
{
	(void)point;
	return fl_show_ending(out, store, run, fl_terminal_columns(), err);
}

static int run(int argc, char **argv, struct fl_error *err)
{
	show_fn show = fl_show_table;
	struct fl_store *store;
	const char *value;
	int next = 1, option, bad;
	uint64_t point = 0;
	bool profile = false;
	int64_t id;

	while ((option = fl_next_option(&fl_cmd_show, argc, argv, &next, &value, err)) >= 0) {
		if (option == OPT_FORMAT && take_format(&show, value, err))
			return -1;
		profile |= option == OPT_PROFILE;
		if (option == OPT_SUMMARY)
			show = show_ending;
		if (option == OPT_POINT && fl_parse_u64(value, 1, UINT32_MAX, &point))
			return fl_fail(err, FL_USAGE, "--point %s: a number from 1", value);
	}
	if (option < -1)
		return -1;
	if (next + 1 != argc)
		return fl_fail(err, FL_USAGE, "show wants one RUN: faultline list runs");
	if (show == show_ending && point)
		return fl_fail(err, FL_USAGE, "--summary is of a run: leave --point out");
	if (profile && !point)
		return fl_fail(err, FL_USAGE, "--profile wants --point N");
	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, argv[next], &id, err);
	if (!bad && profile)
		bad = fl_show_profile(stdout, store, id, (unsigned int)point, err);
	else if (!bad)
		bad = show(stdout, store, id, (unsigned int)point, err);
	fl_store_close(store);
	return bad ? -1 : 0;
}

const struct fl_command fl_cmd_show = {
	.name = "show",
	.summary = "print a run's results",
	.synopsis = "show RUN [--summary] [--point N [--profile]] [--format table|csv|json]",
	.examples = "show latest\n"
		    "show latest --point 12\n"
		    "show latest --format csv",
	.first = true,
	.options = options,
	.run = run,
};
