/* SPDX-License-Identifier: GPL-2.0 */
/*
 * OLD is measured first, and every commit is compared with it; NEW must show the change, or there
 * is nothing to look for.  Then the commits between are bisected.  Each is built out of git's store
 * (guest/kernel/build.sh --commit), so the user's tree stays as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/interrupt.h"
#include "harness/base/paths.h"
#include "harness/base/print.h"
#include "harness/base/spawn.h"
#include "harness/base/strv.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/commits.h"
#include "harness/cli/gate.h"
#include "harness/collect/collect.h"
#include "harness/guest/kernel.h"

enum { OPT_CONFIG, OPT_LOOK_FOR, OPT_METRIC, OPT_SRC, OPT_THRESHOLD };

static const struct fl_option options[] = {
	[OPT_CONFIG] = { 0, "config", "FILE", "lines of options, laid over the kernel's" },
	[OPT_LOOK_FOR] = { 0, "look-for", "worse|better|different",
			   "what the first commit is that is looked for; better finds a fix" },
	[OPT_METRIC] = { 0, "metric", "NAME", "judge by this metric alone" },
	[OPT_SRC] = { 0, "src", "TREE", "kernel git tree, without uncommitted changes" },
	[OPT_THRESHOLD] = { 0, "threshold", "PCT",
			    "smallest change to look for, in percent; 0.2 for exact metrics, 1 for "
			    "noisy ones; 0: one more instruction in each fault" },
	{ 0 },
};

enum look { LOOK_WORSE, LOOK_BETTER, LOOK_DIFFERENT, LOOKS };
static const char *const look_names[LOOKS] = { "worse", "better", "different" };

enum judgement { AS_OLD, AS_NEW, SKIPPED };

struct search {
	const char *old, *new, *src; /* as given */
	const char *kernel;          /* of build.sh, built of each commit */
	const char *config, *metric; /* or NULL */
	enum look look;
	struct fl_rules rules;
	struct fl_commits commits;
	char *baseline;            /* the run of OLD */
	char *found;               /* the run of the earliest commit that is as NEW */
	bool old_fails, new_fails; /* points; then failing is what is judged by */
	unsigned int judged, unbuilt, failed;
	int n; /* of the words for run */
	char **words;
};

/* The kernel of a commit, as run takes it, or NULL: it does not build.  -1: none does. */
static int build(const struct search *s, const char *commit, char **kernel, struct fl_error *err)
{
	cleanup_free char *script = fl_asprintf("%s/guest/kernel/build.sh", fl_home());
	cleanup_free char *folder = NULL;
	const char *const argv[] = { script,
				     "--src",
				     s->src,
				     "--commit",
				     commit,
				     s->kernel,
				     s->config ? "--config" : NULL,
				     s->config,
				     NULL };
	int status = fl_spawn(argv, &folder);

	*kernel = NULL;
	if (status == FL_KERNEL_NO_MACHINE)
		return fl_fail(err, FL_MACHINE, "no kernel can be built");
	if (!status && *folder)
		*kernel = fl_asprintf("%.12s=%s/vmlinux", commit, folder);
	return 0;
}

/* Measures a kernel; compares where the run of OLD can be compared with.  0 or -1. */
static int measure(struct fl_gate *g, const struct search *s, const char *kernel,
		   struct fl_error *err)
{
	bool compare = s->baseline && !s->old_fails;
	int bad;

	*g = (struct fl_gate){ .options = { .clock = -1 }, .rules = s->rules };
	bad = fl_run_arguments(&g->options, s->n, s->words, err);
	fl_strv_release(&g->options.kernels);
	fl_strv_push(&g->options.kernels, kernel);
	g->baseline = compare ? s->baseline : NULL;
	if (!bad)
		bad = compare ? fl_gate_run(g, err) : fl_gate_measure(g, err);
	fl_strv_release(&g->options.kernels);
	fl_strv_release(&g->options.settings);
	fl_strv_release(&g->options.workloads);
	if (fl_interrupted() || g->interrupted)
		return fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted");
	return bad ? -1 : 0;
}

static bool is_it(const struct search *s, enum fl_verdict v)
{
	return v == FL_WORSE     ? s->look != LOOK_BETTER
	       : v == FL_BETTER  ? s->look != LOOK_WORSE
	       : v == FL_DIFFERS ? s->look == LOOK_DIFFERENT
				 : false;
}

/* The first metric of which what is looked for is true, or NULL. */
static const struct fl_judged *find_metric(const struct search *s, const struct fl_comparison *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->pairs[i].n; j++) {
			const struct fl_judged *judged = &c->pairs[i].judged[j];

			if ((!s->metric || !strcmp(judged->metric, s->metric)) &&
			    is_it(s, judged->verdict))
				return judged;
		}
	return NULL;
}

/* Is a measured commit as NEW?  why: malloc'd. */
static enum judgement judge(struct search *s, const struct fl_gate *g, bool is_new, char **why)
{
	const struct fl_judged *judged;
	char change[64];

	if (s->old_fails || s->new_fails || (g->bad && is_new && s->look != LOOK_BETTER)) {
		s->new_fails = !s->old_fails;
		*why = g->bad ? fl_asprintf("%u points failed: faultline show %s", g->bad, g->name)
			      : fl_strdup("no point failed");
		return !g->bad == s->old_fails ? AS_NEW : AS_OLD;
	}
	if (g->bad) {
		*why = fl_asprintf("skipped: %u points failed: faultline show %s", g->bad, g->name);
		return SKIPPED;
	}
	judged = find_metric(s, &g->comparison);
	if (judged) {
		fl_judged_change(judged, change, sizeof(change));
		*why = fl_asprintf("%s %s", judged->metric, change);
		return AS_NEW;
	}
	if (!s->metric && s->look == LOOK_WORSE && g->worse) {
		*why = fl_strdup("worse");
		return AS_NEW;
	}
	*why = fl_asprintf("not %s", look_names[s->look]);
	return AS_OLD;
}

/* Does any row of a run have the metric that is asked for?  0 or -1. */
static int check_measured(const struct search *s, const struct fl_comparison *c,
			  struct fl_error *err)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->pairs[i].n; j++)
			if (!s->metric || !strcmp(c->pairs[i].judged[j].metric, s->metric))
				return 0;
	return fl_fail(err, FL_USAGE, "--metric %s: this experiment does not measure it",
		       s->metric);
}

/* Builds, measures and judges; prints a line.  0 or -1. */
static int step(struct search *s, const char *commit, enum judgement *j, struct fl_error *err)
{
	cleanup_free char *kernel = NULL, *why = NULL, *title = fl_commit_title(s->src, commit);
	bool is_new = !strcmp(commit, s->commits.new);
	struct fl_gate g = { 0 };
	int bad = 0;

	*j = SKIPPED;
	if (build(s, commit, &kernel, err))
		return -1;
	if (!kernel) {
		s->unbuilt++;
		why = fl_strdup("skipped: does not build");
	} else if (measure(&g, s, kernel, err)) {
		bad = err->kind == FL_FAILED ? 0 : -1;
		s->failed++;
		why = fl_asprintf("skipped: %s", err->text);
	} else {
		*j = judge(s, &g, is_new, &why);
		if (is_new && !s->old_fails && !s->new_fails && *j != SKIPPED)
			bad = check_measured(s, &g.comparison, err);
		s->failed += *j == SKIPPED;
	}
	if (*j == AS_NEW) {
		free(s->found);
		s->found = fl_strdup(g.name);
	}
	if (!bad)
		printf("%s: %s\n", title, why);
	fflush(stdout);
	s->judged += *j != SKIPPED;
	fl_gate_release(&g);
	return bad;
}

static int measure_old(struct search *s, struct fl_error *err)
{
	const char *commit = s->commits.old.v[0];
	cleanup_free char *kernel = NULL, *title = fl_commit_title(s->src, commit);
	struct fl_gate g = { 0 };
	int bad;

	if (build(s, commit, &kernel, err))
		return -1;
	if (!kernel)
		return fl_fail(err, FL_MACHINE, "%s does not build", s->old);
	bad = measure(&g, s, kernel, err);
	if (!bad && g.bad && s->look != LOOK_BETTER)
		bad = fl_fail(err, FL_FAILED, "%s: %u points failed: faultline show %s", s->old,
			      g.bad, g.name);
	if (!bad) {
		s->baseline = fl_strdup(g.name);
		s->old_fails = g.bad;
		printf("%s: what the others are compared with: %s%s\n", title, g.name,
		       g.bad ? ", in which points failed" : "");
		fflush(stdout);
	}
	fl_gate_release(&g);
	return bad;
}

static int check_new(struct search *s, struct fl_error *err)
{
	enum judgement j;

	if (step(s, s->commits.new, &j, err))
		return -1;
	if (j == AS_NEW)
		return 0;
	return fl_fail(err, FL_FAILED,
		       j == AS_OLD ? "%s is not %s than %s: nothing to look for"
				   : "%s cannot be judged, so it is not known to be %s than %s",
		       s->new, look_names[s->look], s->old);
}

static int halve(struct search *s, struct fl_strv *left, struct fl_error *err)
{
	char *commit;

	while ((commit = fl_commits_next(&s->commits, left))) {
		enum judgement j;
		int bad;

		fprintf(stderr, "faultline: %zu commits left\n", left->n);
		fl_strv_release(left);
		bad = step(s, commit, &j, err);
		if (!bad && j == AS_NEW) {
			free(s->commits.new);
			s->commits.new = fl_strdup(commit);
		} else if (!bad) {
			fl_strv_push(j == AS_OLD ? &s->commits.old : &s->commits.skipped, commit);
		}
		free(commit);
		if (bad)
			return -1;
	}
	return 0;
}

static void say_found(const struct search *s, const struct fl_strv *left)
{
	static const char *const is[LOOKS] = { "bad", "better", "different" };

	printf("\nfirst %s commit%s", is[s->look], left->n > 1 ? " is one of:\n" : ": ");
	for (size_t i = 0; i < left->n; i++) {
		cleanup_free char *title = fl_commit_title(s->src, left->v[i]);

		printf("%s%s\n", left->n > 1 ? "  " : "", title);
	}
	printf("%u commits judged", s->judged + 1);
	if (s->unbuilt + s->failed)
		printf(", %u skipped (%u did not build, %u did not boot or run)",
		       s->unbuilt + s->failed, s->unbuilt, s->failed);
	printf("\n");
	if (!s->old_fails && !s->new_fails)
		printf("faultline compare %s %s\n", s->baseline, s->found);
}

static int search(struct search *s, struct fl_error *err)
{
	struct fl_strv left = { 0 };
	int bad = fl_commits_check(s->src, err) ||
		  fl_commits_open(&s->commits, s->src, s->old, s->new, err) ||
		  measure_old(s, err) || check_new(s, err) || halve(s, &left, err);

	if (!bad)
		say_found(s, &left);
	fl_strv_release(&left);
	fl_commits_release(&s->commits);
	free(s->baseline);
	free(s->found);
	return bad ? -1 : 0;
}

static int take_option(struct search *s, int option, const char *value, struct fl_error *err)
{
	switch (option) {
	case OPT_CONFIG:
		s->config = value;
		return 0;
	case OPT_SRC:
		s->src = value;
		return 0;
	case OPT_THRESHOLD:
		return fl_take_threshold(&s->rules, value, err);
	case OPT_METRIC:
		s->metric = value;
		return 0;
	}
	for (int i = 0; i < LOOKS; i++)
		if (!strcmp(value, look_names[i])) {
			s->look = (enum look)i;
			return 0;
		}
	return fl_fail(err, FL_USAGE, "--look-for %s: one of worse, better, different", value);
}

/* Which kernel of build.sh: the one that run is told to boot.  malloc'd; NULL with err. */
static char *find_kernel(const struct search *s, struct fl_error *err)
{
	struct fl_run_options o;
	char *kernel = NULL;

	if (!fl_run_arguments(&o, s->n, s->words, err)) {
		if (o.kernels.n > 1 || (o.kernels.n && strpbrk(o.kernels.v[0], "/@=,")))
			fl_fail(err, FL_USAGE,
				"bisect builds one kernel of each commit: -k NAME, one of kernel "
				"list, not %s",
				o.kernels.v[o.kernels.n - 1]);
		else
			kernel = fl_strdup(o.kernels.n ? o.kernels.v[0] : "stock");
	}
	fl_strv_release(&o.kernels);
	fl_strv_release(&o.settings);
	fl_strv_release(&o.workloads);
	return kernel;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct search s = { .rules = fl_rules_default };
	cleanup_free char *src = NULL, *config = NULL, *kernel = NULL;
	int next = 1, option, own = argc;
	const char *value;

	for (int i = 1; i < argc && own == argc; i++)
		if (!strcmp(argv[i], "--"))
			own = i;
	while ((option = fl_next_option(&fl_cmd_bisect, own, argv, &next, &value, err)) >= 0)
		if (take_option(&s, option, value, err))
			return -1;
	if (option < -1)
		return -1;
	s.words = argv + own; /* "--" stands where run's own name would */
	s.n = argc - own;
	if (!s.src || s.n < 2 || own - next != 2)
		return fl_fail(err, FL_USAGE,
			       "bisect: missing arguments: GOOD BAD --src TREE -- EXPERIMENT "
			       "[OPTION of run...]");
	s.src = src = fl_absolute(s.src);
	if (s.config)
		s.config = config = fl_absolute(s.config);
	s.kernel = kernel = find_kernel(&s, err);
	if (!kernel)
		return -1;
	s.old = argv[next];
	s.new = argv[next + 1];
	return search(&s, err);
}

const struct fl_command fl_cmd_bisect = {
	.name = "bisect",
	.summary = "find the commit of a kernel tree that made a metric worse, or better",
	.synopsis =
		"bisect GOOD BAD --src TREE [--metric NAME] [--look-for worse|better|different] "
		"[--threshold PCT] [--config FILE] -- EXPERIMENT [OPTION of run...]",
	.examples = "bisect v6.12 HEAD --src ~/linux -- nightly\n"
		    "bisect v6.12 HEAD --src ~/linux --look-for better -- nightly",
	.no = "BAD is not worse than GOOD (or what is looked for), or it cannot be judged",
	.options = options,
	.catches = true,
	.run = run,
};
