/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/print.h"
#include "harness/base/units.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate.h"
#include "harness/cli/pager.h"
#include "harness/judge/aa.h"
#include "harness/report/compare.h"
#include "harness/report/profile.h"

enum { OPT_AA, OPT_ALL, OPT_WIDE, OPT_FORMAT, OPT_PROFILE, OPT_ENTRY, OPT_THRESHOLD, OPT_NO_PAGER };

static const struct fl_option options[] = {
	[OPT_AA] = { 0, "aa", "N",
		     "split the boots of one RUN into A and B at random, N times, and count false "
		     "alarms" },
	[OPT_ALL] = { 0, "all", NULL,
		      "every metric, not only the main ones and those that changed" },
	[OPT_WIDE] = { 0, "wide", NULL, "every column, even if wider than the terminal" },
	[OPT_FORMAT] = { 0, "format", "table|json|markdown|robot|mail",
			 "table for the terminal (the default); mail: 72 columns, as for a cover "
			 "letter; robot: the kernel test robot's" },
	[OPT_PROFILE] = { 0, "profile", NULL, "the fault path by kernel function instead" },
	[OPT_ENTRY] = { 0, "entry", "FUNCTION", "with --profile: of this entry, such as munmap" },
	[OPT_THRESHOLD] = { 0, "threshold", "PCT",
			    "smallest change that counts, in percent; 0.2 for exact metrics, 1 for "
			    "noisy ones" },
	[OPT_NO_PAGER] = { 0, "no-pager", NULL, "do not use a pager" },
	{ 0 },
};

typedef void (*form_fn)(FILE *, const struct fl_comparison *, const struct fl_rules *, bool);

struct wish {
	const char *entry;
	form_fn form; /* NULL: the table */
	struct fl_rules rules;
	bool all, wide, profile, no_pager;
	uint64_t aa; /* 0: none */
};

static int take_format(form_fn *form, const char *value, struct fl_error *err)
{
	static const struct {
		const char *name;
		form_fn form;
	} forms[] = {
		{ "table", NULL },
		{ "json", fl_compare_json },
		{ "markdown", fl_compare_markdown },
		{ "robot", fl_compare_robot },
		{ "mail", fl_compare_mail },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(forms[i].name, value))
			continue;
		*form = forms[i].form;
		return 0;
	}
	return fl_fail(err, FL_USAGE, "--format %s: one of table, json, markdown, robot, mail",
		       value);
}

static int take_option(struct wish *w, int option, const char *value, struct fl_error *err)
{
	switch (option) {
	case OPT_AA:
		return fl_parse_u64(value, 1, 100000, &w->aa)
			       ? fl_fail(err, FL_USAGE, "--aa %s: a whole number up to 100000",
					 value)
			       : 0;
	case OPT_ALL:
		w->all = true;
		return 0;
	case OPT_WIDE:
		w->wide = true;
		return 0;
	case OPT_NO_PAGER:
		w->no_pager = true;
		return 0;
	case OPT_ENTRY:
		w->entry = value;
		return 0;
	case OPT_PROFILE:
		w->profile = true;
		return 0;
	case OPT_FORMAT:
		return take_format(&w->form, value, err);
	default:
		return fl_take_threshold(&w->rules, value, err);
	}
}

/* One run with two kernels is compared with itself. */
static int sides(int n, char **names, struct fl_store *store, char *text[2], struct fl_error *err)
{
	const char *kernels[2] = { NULL, NULL };
	struct fl_summary s;
	int64_t id;
	size_t found = 0;

	if (n == 2) {
		text[0] = fl_strdup(names[0]);
		text[1] = fl_strdup(names[1]);
		return 0;
	}
	if (fl_store_find_run(store, names[0], &id, err) || fl_summary_read(&s, store, id, err))
		return -1;
	for (size_t i = 0; i < s.n_points; i++) {
		size_t j = 0;

		while (j < found && j < 2 && strcmp(kernels[j], s.points[i].kernel))
			j++;
		if (j < found)
			continue;
		if (found < 2)
			kernels[found] = s.points[i].kernel;
		found++;
	}
	for (size_t i = 0; i < 2 && found == 2; i++)
		text[i] = fl_asprintf("%s@kernel=%s", s.run.name, kernels[i]);
	fl_summary_release(&s);
	return found == 2 ? 0
			  : fl_fail(err, FL_USAGE,
				    "compare needs two sides, RUN[@KEY=VALUE,...] each, or one run "
				    "with two kernels; %s has %zu",
				    names[0], found);
}

static void print(const struct wish *w, const struct fl_comparison *c)
{
	struct fl_pager pager;

	if (w->form) {
		w->form(stdout, c, &w->rules, w->all);
		return;
	}
	fl_pager_open(&pager);
	fl_compare_table(pager.out, c, &w->rules, w->all, w->wide ? 0 : fl_terminal_columns());
	fl_pager_close(&pager, !w->no_pager, w->wide);
}

static int compare(const struct wish *w, int n, char **names, struct fl_error *err)
{
	char *text[2] = { NULL, NULL };
	struct fl_comparison c = { 0 };
	struct fl_store *store;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = sides(n, names, store, text, err) ||
	      fl_compare(&c, store, text[0], text[1], &w->rules, NULL, NULL, err);
	if (!bad && w->profile) {
		bad = fl_compare_profile(stdout, &c, store, w->entry ? w->entry : FL_PROFILE_FAULT,
					 err);
	} else if (!bad) {
		print(w, &c);
		bad = fl_comparison_worse(&c) ? FL_FAILED : 0;
	} else {
		bad = -1;
	}
	fl_comparison_release(&c);
	free(text[0]);
	free(text[1]);
	fl_store_close(store);
	return bad;
}

/* Nobody trusts a gate with more than one false alarm in a hundred comparisons. */
static int deal(const struct wish *w, const char *name, struct fl_error *err)
{
	struct fl_summary s = { 0 };
	struct fl_store *store;
	struct fl_aa aa;
	int64_t id;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, name, &id, err) || fl_summary_read(&s, store, id, err) ||
	      fl_aa_run(&aa, &s, w->aa, 1, &w->rules, err);
	if (!bad)
		printf("%s: %zu A/A comparisons of %zu metrics in %zu rows, %zu..%zu boots a side "
		       "(%.0f %% of the metrics exact)\n"
		       "%zu of %zu raised an alarm: %.1f %% (at most 1 %%); %zu metrics of %zu\n",
		       s.run.name, aa.comparisons, aa.metrics, aa.rows, aa.least, aa.most,
		       100.0 * (double)aa.exact / (double)(aa.comparisons * aa.metrics), aa.alarmed,
		       aa.comparisons, 100.0 * (double)aa.alarmed / (double)aa.comparisons,
		       aa.alarms, aa.comparisons * aa.metrics);
	fl_summary_release(&s);
	fl_store_close(store);
	return bad ? -1 : aa.alarmed * 100 > aa.comparisons ? FL_FAILED : 0;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct wish w = { .rules = fl_rules_default };
	const char *value;
	int next = 1, option;

	while ((option = fl_next_option(&fl_cmd_compare, argc, argv, &next, &value, err)) >= 0)
		if (take_option(&w, option, value, err))
			return -1;
	if (option < -1)
		return -1;
	if (w.entry && !w.profile)
		return fl_fail(err, FL_USAGE, "--entry needs --profile");
	if (w.aa && argc - next == 1)
		return deal(&w, argv[next], err);
	if (w.aa)
		return fl_fail(err, FL_USAGE, "compare --aa needs one RUN");
	if (argc - next < 1 || argc - next > 2)
		return fl_fail(err, FL_USAGE,
			       "compare needs two sides, RUN[@KEY=VALUE,...] each (see faultline "
			       "list runs)");
	return compare(&w, argc - next, argv + next, err);
}

const struct fl_command fl_cmd_compare = {
	.name = "compare",
	.summary = "compare two runs, kernels or settings",
	.synopsis = "compare A B [--format table|json|markdown|robot|mail] [--threshold PCT] "
		    "[--all] [--wide] [--profile [--entry FUNCTION]] [--aa N] [--no-pager]",
	.examples = "compare latest:thp-threshold thp-threshold-20261128-003017\n"
		    "compare latest@kernel=stock latest@kernel=patched --format mail",
	.no = "B is worse than A in a metric",
	.first = true,
	.options = options,
	.run = run,
};
