/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/print.h"
#include "harness/base/units.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/pager.h"
#include "harness/report/ending.h"
#include "harness/report/profile.h"
#include "harness/report/report.h"
#include "harness/report/show.h"

enum {
	OPT_WORKLOAD,
	OPT_KERNEL,
	OPT_WHERE,
	OPT_COLUMNS,
	OPT_SORT,
	OPT_ALL,
	OPT_WIDE,
	OPT_POINT,
	OPT_PROFILE,
	OPT_ENTRY,
	OPT_SUMMARY,
	OPT_FORMAT,
	OPT_NO_PAGER,
};

static const struct fl_option options[] = {
	[OPT_WORKLOAD] = { 'w', "workload", "GLOB", "these workloads; may be given again" },
	[OPT_KERNEL] = { 'k', "kernel", "KERNEL", "this kernel; may be given again" },
	[OPT_WHERE] = { 0, "where", "KEY=VALUE",
			"rows that have this setting; may be given again" },
	[OPT_COLUMNS] = { 0, "columns", "A,B,C",
			  "these metrics, by name, glob or the head of their column" },
	[OPT_SORT] = { 0, "sort", "COL", "rows by this metric; -COL: the largest first" },
	[OPT_ALL] = { 0, "all", NULL, "every row: equal ones are not folded" },
	[OPT_WIDE] = { 0, "wide", NULL, "every column, even if wider than the terminal" },
	[OPT_POINT] = { 0, "point", "N", "one point with all its metrics" },
	[OPT_PROFILE] = { 0, "profile", NULL,
			  "with --point: the fault path by kernel function, in instructions" },
	[OPT_ENTRY] = { 0, "entry", "FUNCTION",
			"with --profile: of this entry, such as munmap, in place of the page "
			"fault" },
	[OPT_SUMMARY] = { 0, "summary", NULL, "the answer, as printed when the run ended" },
	[OPT_FORMAT] = { 0, "format", "table|csv|tsv|json",
			 "table (the default) fits the terminal; the others have every row and "
			 "column" },
	[OPT_NO_PAGER] = { 0, "no-pager", NULL, "do not use a pager" },
	{ 0 },
};

typedef int (*show_fn)(FILE *, struct fl_store *, int64_t, struct fl_show *, struct fl_error *);

struct wish {
	struct fl_show show;
	show_fn how;
	const char *run, *format, *entry;
	bool summary, profile, wide, no_pager;
};

static int take_format(struct wish *w, const char *value, struct fl_error *err)
{
	static const struct {
		const char *name;
		show_fn how;
	} forms[] = {
		{ "table", fl_show_table },
		{ "csv", fl_show_csv },
		{ "tsv", fl_show_tsv },
		{ "json", fl_show_json },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(forms[i].name, value))
			continue;
		w->how = forms[i].how;
		w->format = forms[i].name;
		return 0;
	}
	return fl_fail(err, FL_USAGE, "--format %s: one of table, csv, tsv, json", value);
}

static int take_list(struct fl_strv *list, const char *option, const char *value,
		     struct fl_error *err)
{
	return fl_strv_split_list(list, value)
		       ? fl_fail(err, FL_USAGE, "--%s %s: names separated by commas", option, value)
		       : 0;
}

static int take_where(struct fl_show *show, const char *value, struct fl_error *err)
{
	const char *equals = strchr(value, '=');

	if (!equals || equals == value || !equals[1])
		return fl_fail(err, FL_USAGE,
			       "--where %s: KEY=VALUE with KEY kernel, workload or a setting",
			       value);
	fl_strv_pushf(&show->keys, "%.*s", (int)(equals - value), value);
	fl_strv_push(&show->values, equals + 1);
	return 0;
}

static int take_sort(struct fl_show *show, const char *value, struct fl_error *err)
{
	show->descending = *value == '-';
	value += show->descending;
	if (!*value)
		return fl_fail(err, FL_USAGE, "--sort: a metric, or -METRIC");
	free(show->sort);
	show->sort = fl_strdup(value);
	return 0;
}

static int take_point(struct fl_show *show, const char *value, struct fl_error *err)
{
	uint64_t point;

	if (fl_parse_u64(value, 1, UINT32_MAX, &point))
		return fl_fail(err, FL_USAGE, "--point %s: a number from 1", value);
	show->point = (unsigned int)point;
	return 0;
}

static int take_option(struct wish *w, int option, const char *value, struct fl_error *err)
{
	switch (option) {
	case OPT_WORKLOAD:
		return take_list(&w->show.workloads, "workload", value, err);
	case OPT_KERNEL:
		return take_list(&w->show.kernels, "kernel", value, err);
	case OPT_WHERE:
		return take_where(&w->show, value, err);
	case OPT_COLUMNS:
		return take_list(&w->show.columns, "columns", value, err);
	case OPT_SORT:
		return take_sort(&w->show, value, err);
	case OPT_POINT:
		return take_point(&w->show, value, err);
	case OPT_ENTRY:
		w->entry = value;
		return 0;
	case OPT_FORMAT:
		return take_format(w, value, err);
	}
	w->show.all |= option == OPT_ALL;
	w->wide |= option == OPT_WIDE;
	w->profile |= option == OPT_PROFILE;
	w->summary |= option == OPT_SUMMARY;
	w->no_pager |= option == OPT_NO_PAGER;
	return 0;
}

/* What makes no sense together. */
static int check(const struct wish *w, struct fl_error *err)
{
	const struct fl_show *show = &w->show;
	bool table = !strcmp(w->format, "table");

	if (w->summary && show->point)
		return fl_fail(err, FL_USAGE, "--summary is for a whole run; leave --point out");
	if (w->summary && (!table || fl_show_narrows(show)))
		return fl_fail(err, FL_USAGE, "--summary takes no other options");
	if (w->profile && !show->point)
		return fl_fail(err, FL_USAGE, "--profile needs --point N");
	if (w->entry && !w->profile)
		return fl_fail(err, FL_USAGE, "--entry needs --profile");
	if (!table && (show->sort || show->all || w->wide))
		return fl_fail(err, FL_USAGE,
			       "--sort, --all and --wide are of the table: --format "
			       "%s has every row and column",
			       w->format);
	return 0;
}

static int print(struct wish *w, FILE *out, struct fl_store *store, int64_t id,
		 struct fl_error *err)
{
	if (w->profile)
		return fl_show_profile(out, store, id, w->show.point,
				       w->entry ? w->entry : FL_PROFILE_FAULT, err);
	if (w->summary)
		return fl_show_ending(out, store, id, fl_terminal_columns(), err);
	return w->how(out, store, id, &w->show, err);
}

static int show_run(struct wish *w, struct fl_error *err)
{
	struct fl_store *store;
	struct fl_pager pager;
	int64_t id;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, w->run, &id, err);
	if (!bad && strcmp(w->format, "table") != 0) {
		bad = print(w, stdout, store, id, err);
	} else if (!bad) {
		fl_pager_open(&pager);
		bad = print(w, pager.out, store, id, err);
		fl_pager_close(&pager, !bad && !w->no_pager, w->wide);
	}
	fl_store_close(store);
	return bad ? -1 : 0;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct wish w = { .how = fl_show_table, .format = "table" };
	const char *value;
	int next = 1, option, bad = 0;

	while (!bad && (option = fl_next_option(&fl_cmd_show, argc, argv, &next, &value, err)) >= 0)
		bad = take_option(&w, option, value, err);
	bad = bad || option < -1;
	if (!bad && next + 1 != argc)
		bad = fl_fail(err, FL_USAGE, "show: missing RUN (see faultline list runs)");
	if (!bad)
		bad = check(&w, err);
	w.show.width = w.wide ? 0 : fl_terminal_columns();
	w.run = argv[argc - 1];
	if (!bad)
		bad = show_run(&w, err);
	fl_show_release(&w.show);
	return bad ? -1 : 0;
}

const struct fl_command fl_cmd_show = {
	.name = "show",
	.summary = "print a run's results",
	.synopsis = "show RUN [-w GLOB] [-k KERNEL] [--where KEY=VALUE] [--columns A,B,C] "
		    "[--sort COL] [--all] [--wide] [--point N [--profile [--entry FUNCTION]]] "
		    "[--summary] "
		    "[--format table|csv|tsv|json] [--no-pager]",
	.examples = "show latest\n"
		    "show latest -w usemem --columns fault_latency_mean,guest_rss_peak\n"
		    "show latest --point 12\n"
		    "show latest --point 12 --profile --entry munmap\n"
		    "show latest --format csv",
	.options = options,
	.run = run,
};
