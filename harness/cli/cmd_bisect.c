/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GOOD is measured first and is what every step is compared with; BAD must be
 * worse, or there is nothing to look for.  Then `git bisect run` drives this
 * same program, one --step a commit: 0 good, 1 bad, 125 not to be judged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/print.h"
#include "harness/base/cleanup.h"
#include "harness/base/interrupt.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"
#include "harness/base/strv.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate.h"
#include "harness/report/compare.h"
#include "harness/run/repeat.h"

#define UNTESTABLE 125
#define HOPELESS 129 /* no commit can be judged: git bisect run ends */

enum { OPT_SRC, OPT_STEP, OPT_THRESHOLD };

static const struct fl_option options[] = {
	[OPT_SRC] = { 0, "src", "TREE", "kernel git tree; it must hold no changes of its own" },
	[OPT_STEP] = { 0, "step", "RUN",
		       "judge the commit that is checked out against RUN, for `git bisect run`" },
	[OPT_THRESHOLD] = { 0, "threshold", "PCT",
			    "smallest change to look for; 0.2 for exact metrics, 1 for noisy ones; "
			    "0: an instruction more in each fault" },
	{ 0 },
};

struct search {
	const char *good, *bad, *src, *step, *threshold; /* or NULL */
	struct fl_rules rules;
	char *good_commit, *bad_commit; /* found before a checkout moves HEAD */
	int n;                          /* of the words for run */
	char **words;
};

/* Builds what is checked out; the kernel's path, or NULL. */
static char *build(const struct search *s)
{
	cleanup_free char *script = fl_asprintf("%s/guest/kernel/build.sh", fl_home());
	cleanup_free char *folder = NULL;
	const char *const argv[] = { script, "stock", NULL };

	setenv("FAULTLINE_KERNEL_SRC", s->src, 1);
	if (fl_spawn(argv, &folder) || !*folder)
		return NULL;
	return fl_asprintf("%s/vmlinux", folder);
}

static int git(const struct search *s, char **output, const char *a, const char *b, const char *c,
	       const char *d)
{
	const char *const argv[] = { "git", "-C", s->src, a, b, c, d, NULL };

	return fl_spawn(argv, output);
}

/* Measures the checked-out commit; with a baseline, compares.  0 or -1. */
static int measure(struct fl_gate *g, const struct search *s, const char *kernel,
		   const char *baseline, struct fl_error *err)
{
	int bad;

	*g = (struct fl_gate){ .options = { .clock = -1 }, .rules = s->rules };
	bad = fl_run_arguments(&g->options, s->n, s->words, err);
	fl_strv_release(&g->options.kernels);
	fl_strv_push(&g->options.kernels, kernel);
	g->baseline = baseline;
	if (!bad)
		bad = baseline ? fl_gate_run(g, err) : fl_gate_measure(g, err);
	fl_strv_release(&g->options.kernels);
	fl_strv_release(&g->options.settings);
	fl_strv_release(&g->options.workloads);
	return bad;
}

static int step(const struct search *s, struct fl_error *err)
{
	cleanup_free char *kernel = build(s);
	struct fl_gate g = { 0 };
	int status;

	if (!kernel) {
		fprintf(stderr, "faultline: this commit does not build: not judged\n");
		return UNTESTABLE;
	}
	if (measure(&g, s, kernel, s->step, err) && !fl_interrupted()) {
		fprintf(stderr, "faultline: not judged: %s\n", err->text);
		status = err->kind == FL_FAILED ? UNTESTABLE : HOPELESS;
	} else if (fl_interrupted()) {
		status = FL_EXIT_INTERRUPTED;
	} else {
		status = g.worse ? 1 : 0;
		fl_compare_table(stdout, &g.comparison, &g.rules, false, fl_terminal_columns());
	}
	fl_gate_release(&g);
	return status;
}

static int check_tree(const struct search *s, char **head, struct fl_error *err)
{
	cleanup_free char *dirty = NULL, *dot = fl_asprintf("%s/.git", s->src);

	if (access(dot, F_OK))
		return fl_fail(err, FL_USAGE, "--src %s: not a git tree", s->src);
	if (git(s, head, "symbolic-ref", "--short", "-q", "HEAD") || !**head) {
		free(*head);
		if (git(s, head, "rev-parse", "--verify", "HEAD", NULL))
			return fl_fail(err, FL_USAGE, "--src %s: not a git tree", s->src);
	}
	if (git(s, &dirty, "status", "--porcelain", "--untracked-files=no", NULL) || *dirty)
		return fl_fail(err, FL_USAGE,
			       "--src %s: holds changes that are not committed; git stash them",
			       s->src);
	return 0;
}

static int find_commit(const struct search *s, const char *name, char **found, struct fl_error *err)
{
	cleanup_free char *commit = fl_asprintf("%s^{commit}", name);

	if (git(s, found, "rev-parse", "--verify", "--quiet", commit))
		return fl_fail(err, FL_USAGE, "%s: no commit of %s", name, s->src);
	return 0;
}

static int checkout(const struct search *s, const char *commit, struct fl_error *err)
{
	if (git(s, NULL, "checkout", "--quiet", "--detach", commit))
		return fl_fail(err, FL_USAGE, "%s: git checkout %s failed", s->src, commit);
	return 0;
}

/* The run of GOOD; malloc'd. */
static char *measure_good(const struct search *s, struct fl_error *err)
{
	cleanup_free char *kernel = NULL;
	struct fl_gate g = { 0 };
	char *name = NULL;

	if (checkout(s, s->good_commit, err))
		return NULL;
	kernel = build(s);
	if (!kernel)
		fl_fail(err, FL_MACHINE, "GOOD (%s) does not build", s->good);
	else if (!measure(&g, s, kernel, NULL, err) && !g.interrupted)
		name = fl_strdup(g.name);
	else if (g.interrupted)
		fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted");
	if (name && g.bad) {
		fl_fail(err, FL_FAILED, "GOOD (%s): %u points failed: faultline show %s", s->good,
			g.bad, name);
		free(name);
		name = NULL;
	}
	fl_gate_release(&g);
	return name;
}

static int check_bad(struct search *s, const char *baseline, struct fl_error *err)
{
	int status;

	if (checkout(s, s->bad_commit, err))
		return -1;
	s->step = baseline;
	status = step(s, err);
	if (status == 1)
		return 0;
	if (status == FL_EXIT_INTERRUPTED)
		return fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted");
	return fl_fail(err, status ? FL_MACHINE : FL_FAILED,
		       status ? "BAD (%s) cannot be judged"
			      : "BAD (%s) is not worse than GOOD: nothing to look for",
		       s->bad);
}

/* The words for run, as they can be read in any folder: git runs each step in the tree's. */
static int push_words(const struct search *s, struct fl_strv *argv, struct fl_error *err)
{
	struct fl_run_options o;
	struct fl_strv words = { 0 };
	int bad = fl_run_arguments(&o, s->n, s->words, err);

	if (!bad) {
		cleanup_free char *line = NULL;

		fl_strv_release(&o.kernels); /* each step builds its own */
		line = fl_run_line(&o);
		fl_strv_split_words(&words, line);
	}
	for (size_t i = 1; i < words.n; i++)
		fl_strv_push(argv, words.v[i]);
	fl_strv_release(&words);
	fl_strv_release(&o.kernels);
	fl_strv_release(&o.settings);
	fl_strv_release(&o.workloads);
	return bad;
}

static int bisect(struct search *s, const char *baseline, struct fl_error *err)
{
	struct fl_strv argv = { 0 };
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int status;

	if (n <= 0)
		return fl_fail(err, FL_MACHINE, "/proc/self/exe cannot be read");
	self[n] = '\0';
	if (git(s, NULL, "bisect", "start", s->bad_commit, s->good_commit))
		return fl_fail(err, FL_USAGE, "git bisect start %s %s failed", s->bad, s->good);
	fl_strv_push(&argv, "git");
	fl_strv_push(&argv, "-C");
	fl_strv_push(&argv, s->src);
	fl_strv_push(&argv, "bisect");
	fl_strv_push(&argv, "run");
	fl_strv_push(&argv, self);
	fl_strv_push(&argv, "bisect");
	fl_strv_push(&argv, "--step");
	fl_strv_push(&argv, baseline);
	fl_strv_push(&argv, "--src");
	fl_strv_push(&argv, s->src);
	if (s->threshold) {
		fl_strv_push(&argv, "--threshold");
		fl_strv_push(&argv, s->threshold);
	}
	fl_strv_push(&argv, "--");
	if (push_words(s, &argv, err)) {
		fl_strv_release(&argv);
		return -1;
	}
	status = fl_spawn((const char *const *)argv.v, NULL);
	fl_strv_release(&argv);
	return status ? fl_fail(err, FL_FAILED, "git bisect run ended with status %d", status) : 0;
}

static int search(struct search *s, struct fl_error *err)
{
	cleanup_free char *head = NULL, *baseline = NULL, *found = NULL;
	int bad = check_tree(s, &head, err);

	if (bad)
		return -1;
	if (find_commit(s, s->good, &s->good_commit, err) ||
	    find_commit(s, s->bad, &s->bad_commit, err))
		return -1;
	baseline = measure_good(s, err);
	bad = !baseline || check_bad(s, baseline, err) || bisect(s, baseline, err);
	if (!bad && !git(s, &found, "log", "-1", "--format=%h %s", "refs/bisect/bad"))
		printf("\nfirst bad commit: %s\n", found);
	if (baseline)
		git(s, NULL, "bisect", "reset", head, NULL);
	else
		git(s, NULL, "checkout", "--quiet", head, NULL);
	return bad ? -1 : 0;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct search s = { .rules = fl_rules_default };
	cleanup_free char *src = NULL;
	const char *value;
	int next = 1, option, own = argc, operands, status;

	for (int i = 1; i < argc && own == argc; i++)
		if (!strcmp(argv[i], "--"))
			own = i;
	while ((option = fl_next_option(&fl_cmd_bisect, own, argv, &next, &value, err)) >= 0) {
		if (option == OPT_SRC)
			s.src = value;
		else if (option == OPT_STEP)
			s.step = value;
		else if (fl_take_threshold(&s.rules, value, err))
			return -1;
		else
			s.threshold = value;
	}
	if (option < -1)
		return -1;
	operands = own - next;
	s.words = argv + own; /* "--" stands where run's own name would */
	s.n = argc - own;
	if (!s.src || s.n < 2 || operands != (s.step ? 0 : 2))
		return fl_fail(err, FL_USAGE,
			       "bisect wants GOOD BAD --src TREE -- EXPERIMENT [OPTION of run...]");
	s.src = src = fl_absolute(s.src);
	if (s.step)
		return step(&s, err);
	s.good = argv[next];
	s.bad = argv[next + 1];
	status = search(&s, err);
	free(s.good_commit);
	free(s.bad_commit);
	return status;
}

const struct fl_command fl_cmd_bisect = {
	.name = "bisect",
	.summary = "find the commit of a kernel tree that made something worse",
	.synopsis = "bisect GOOD BAD --src TREE [--threshold PCT] -- EXPERIMENT [OPTION of run...]",
	.examples = "bisect v6.12 HEAD --src ~/linux -- nightly",
	.no = "BAD is not worse than GOOD, or no commit can be judged",
	.options = options,
	.catches = true,
	.run = run,
};
