/* SPDX-License-Identifier: GPL-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/print.h"
#include "harness/base/cleanup.h"
#include "harness/base/interrupt.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate.h"
#include "harness/judge/history.h"
#include "harness/report/compare.h"
#include "harness/report/junit.h"
#include "harness/report/report.h"

enum {
	OPT_ACCEPT,
	OPT_BASELINE,
	OPT_JOBS,
	OPT_JUNIT,
	OPT_KERNEL,
	OPT_THRESHOLD,
	OPT_VERBOSE,
	OPT_QUIET,
};

static const struct fl_option options[] = {
	[OPT_ACCEPT] = { 0, "accept", "RUN",
			 "accept the level of this run: it becomes the next baseline; nothing is "
			 "measured" },
	[OPT_BASELINE] = { 0, "baseline", "RUN|latest",
			   "compare with this run; latest (the default): the last of the same "
			   "kernels "
			   "that passed" },
	[OPT_JOBS] = { 'j', "jobs", "N", "guests at once, as for run" },
	[OPT_JUNIT] = { 0, "junit", "FILE", "write JUnit XML" },
	[OPT_KERNEL] = { 'k', "kernel", "KERNEL", "kernel to judge instead of the file's" },
	[OPT_THRESHOLD] = { 0, "threshold", "PCT",
			    "smallest change that fails, in percent; 0.2 for exact metrics, 1 for "
			    "noisy ones; 0: one more instruction in each fault" },
	[OPT_VERBOSE] = { 'v', "verbose", NULL, "a line per point" },
	[OPT_QUIET] = { 'q', "quiet", NULL, "no progress, only the end" },
	{ 0 },
};

struct night {
	const char *baseline, *accept, *junit;
	struct fl_strv kernels;
	struct fl_rules rules;
	unsigned int jobs;
	enum fl_loudness loudness;
	FILE *xml;
};

static int take_option(struct night *n, int option, const char *value, struct fl_error *err)
{
	switch (option) {
	case OPT_ACCEPT:
		n->accept = value;
		return 0;
	case OPT_BASELINE:
		n->baseline = strcmp(value, "latest") ? value : NULL;
		return 0;
	case OPT_JUNIT:
		n->junit = value;
		return 0;
	case OPT_KERNEL:
		fl_strv_push(&n->kernels, value);
		return 0;
	case OPT_VERBOSE:
		n->loudness = FL_SAY_POINTS;
		return 0;
	case OPT_QUIET:
		n->loudness = FL_SAY_END;
		return 0;
	case OPT_THRESHOLD:
		return fl_take_threshold(&n->rules, value, err);
	default:
		return fl_take_jobs(&n->jobs, value, err);
	}
}

static int set_gate(int64_t run, const char *gate, struct fl_error *err)
{
	struct fl_store *store;
	int bad;

	if (fl_store_open(&store, false, err))
		return -1;
	bad = fl_store_set_gate(store, run, gate, err);
	fl_store_close(store);
	return bad;
}

static int accept(const char *name, struct fl_error *err)
{
	struct fl_store *store;
	int64_t run;
	int bad;

	if (fl_store_open(&store, false, err))
		return -1;
	bad = fl_store_find_run(store, name, &run, err) ||
	      fl_store_set_gate(store, run, "good", err);
	fl_store_close(store);
	if (!bad)
		printf("%s is accepted: the next nightly of its experiment compares with it\n",
		       name);
	return bad ? -1 : 0;
}

static void print_verdict(const struct fl_gate *g)
{
	if (g->compared)
		fl_compare_table(stdout, &g->comparison, &g->rules, false, fl_terminal_columns());
	if (g->unconfirmed)
		printf("%zu noisy metrics were worse once and not when repeated: no alarm\n",
		       g->unconfirmed);
	if (g->bad)
		printf("%u points failed: see faultline show\n", g->bad);
	if (!g->compared && !g->bad)
		printf("no run of %s has passed yet: this run is the first baseline\n", g->line);
}

static int write_page(const struct fl_gate *g, struct night *n, struct fl_error *err)
{
	struct fl_history history = { 0 };
	struct fl_summary s = { 0 };
	struct fl_page page = { .runs = &g->run,
				.n = 1,
				.comparison = g->compared ? &g->comparison : NULL,
				.rules = &g->rules,
				.history = &history };
	struct fl_store *store;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_summary_read(&s, store, g->run, err) ||
	      fl_history_read(&history, store, s.run.experiment, s.run.timebase, FL_HISTORY_NIGHTS,
			      err) ||
	      fl_report_page(stdout, store, &page, err);
	if (!bad && n->xml && g->compared)
		fl_junit_suite(n->xml, &g->comparison);
	else if (!bad && n->xml)
		fl_junit_points(n->xml, &s);
	fl_history_release(&history);
	fl_summary_release(&s);
	fl_store_close(store);
	return bad ? -1 : 0;
}

/* One experiment of the night: 0, 1 (worse), or -1. */
static int judge(struct night *n, const char *experiment, struct fl_error *err)
{
	struct fl_gate g = {
		.options = { .experiment = experiment,
			     .kernels = n->kernels,
			     .clock = -1,
			     .jobs = n->jobs,
			     .loudness = n->loudness },
		.baseline = n->baseline,
		.rules = n->rules,
	};
	int bad = fl_gate_run(&g, err);

	if (!bad && g.interrupted)
		bad = fl_fail(err, FL_EXIT_INTERRUPTED,
			      "interrupted; resume with: faultline run --resume %s", g.name);
	else if (!bad && !set_gate(g.run,
				   g.worse      ? "regressed"
				   : g.compared ? "good"
						: "first",
				   err)) {
		print_verdict(&g);
		bad = write_page(&g, n, err);
		if (bad && fl_interrupted())
			fl_fail(err, FL_EXIT_INTERRUPTED,
				"interrupted; %s is measured and judged: faultline report %s",
				g.name, g.name);
		if (!bad && g.worse)
			bad = FL_FAILED;
	} else {
		bad = -1;
	}
	fl_gate_release(&g);
	return bad;
}

static int judge_all(struct night *n, int count, char **names, struct fl_error *err)
{
	static char *const usual[] = { "nightly" };
	int worst = 0;

	if (!count) {
		count = 1;
		names = (char **)usual;
	}
	for (int i = 0; i < count; i++) {
		int status = judge(n, names[i], err);

		if (status < 0)
			return status;
		worst = status > worst ? status : worst;
	}
	return worst;
}

static int run_all(struct night *n, int count, char **names, struct fl_error *err)
{
	int status;

	if (n->accept)
		return accept(n->accept, err);
	if (n->junit) {
		n->xml = fopen(n->junit, "we");
		if (!n->xml)
			return fl_fail(err, FL_USAGE, "--junit %s: %s", n->junit, strerror(errno));
		fl_junit_begin(n->xml);
	}
	status = judge_all(n, count, names, err);
	if (n->xml) {
		fl_junit_end(n->xml);
		if (fclose(n->xml) && status >= 0)
			status = fl_fail(err, FL_MACHINE, "%s: %s", n->junit, strerror(errno));
	}
	return status;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct night n = { .rules = fl_rules_default };
	const char *value;
	int next = 1, option, status;

	while ((option = fl_next_option(&fl_cmd_nightly, argc, argv, &next, &value, err)) >= 0)
		if (take_option(&n, option, value, err))
			return -1;
	status = option < -1 ? -1 : run_all(&n, argc - next, argv + next, err);
	fl_strv_release(&n.kernels);
	return status;
}

const struct fl_command fl_cmd_nightly = {
	.name = "nightly",
	.summary = "measure, compare with the last good run, and report what got worse",
	.synopsis = "nightly [EXPERIMENT...] [--baseline RUN|latest] [--junit FILE] [-k KERNEL] "
		    "[-j N] [--threshold PCT] [--accept RUN] [-v|-q]",
	.examples = "nightly --junit junit.xml\n"
		    "nightly --accept latest:nightly",
	.no = "something is worse than in the last good run, or a point failed",
	.options = options,
	.catches = true,
	.run = run,
};
