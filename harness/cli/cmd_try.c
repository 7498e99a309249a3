/* SPDX-License-Identifier: GPL-2.0 */
/* try: what does this patch do to a kernel? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/print.h"
#include "harness/base/strv.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate.h"
#include "harness/report/report.h"
#include "harness/try/say.h"
#include "harness/try/try.h"

enum {
	OPT_BASE,
	OPT_SRC,
	OPT_WORKTREE,
	OPT_DEEP,
	OPT_EXPERIMENT,
	OPT_FORMAT,
	OPT_JOBS,
	OPT_JUNIT,
	OPT_THRESHOLD,
	OPT_VERBOSE,
	OPT_QUIET,
};

static const struct fl_option options[] = {
	[OPT_BASE] = { 0, "base", "KERNEL", "the kernel that is patched (default: stock)" },
	[OPT_SRC] = { 0, "src", "TREE",
		      "a git tree of yours: try A..B, a commit, or what is uncommitted" },
	[OPT_WORKTREE] = { 0, "worktree", NULL, "with --src: the uncommitted changes" },
	[OPT_DEEP] = { 0, "deep", NULL, "KASAN, real time, and races for minutes, too" },
	[OPT_EXPERIMENT] = { 'x', "experiment", "EXPERIMENT",
			     "run this on both kernels, too; may be given again" },
	[OPT_FORMAT] = { 0, "format", "table|mail|json|markdown", "form of the answer" },
	[OPT_JOBS] = { 'j', "jobs", "N", "guests at once, as for run" },
	[OPT_JUNIT] = { 0, "junit", "FILE", "write JUnit XML, a case a stage" },
	[OPT_THRESHOLD] = { 0, "threshold", "PCT", "smallest change that counts (default: 0.2)" },
	[OPT_VERBOSE] = { 'v', "verbose", NULL, "a line per point" },
	[OPT_QUIET] = { 'q', "quiet", NULL, "no progress, only the end" },
	{ 0 },
};

struct asked {
	struct fl_try_options o;
	const char *src, *junit, *format;
	bool worktree, base_given;
	struct fl_strv operands;
};

static int check_format(const char *value, struct fl_error *err)
{
	static const char *const formats[] = { "table", "mail", "json", "markdown" };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(value, formats[i]))
			return 0;
	return fl_fail(err, FL_USAGE, "--format %s: one of table, mail, json, markdown", value);
}

static int take_option(struct asked *a, int option, const char *value, struct fl_error *err)
{
	switch (option) {
	case OPT_BASE:
		a->o.base = value;
		a->base_given = true;
		return 0;
	case OPT_SRC:
		a->src = value;
		return 0;
	case OPT_WORKTREE:
		a->worktree = true;
		return 0;
	case OPT_DEEP:
		a->o.deep = true;
		return 0;
	case OPT_EXPERIMENT:
		fl_strv_push(&a->o.experiments, value);
		return 0;
	case OPT_FORMAT:
		a->format = value;
		return check_format(value, err);
	case OPT_JUNIT:
		a->junit = value;
		return 0;
	case OPT_THRESHOLD:
		return fl_take_threshold(&a->o.rules, value, err);
	case OPT_VERBOSE:
		a->o.loudness = FL_SAY_POINTS;
		return 0;
	case OPT_QUIET:
		a->o.loudness = FL_SAY_END;
		return 0;
	default:
		return fl_take_jobs(&a->o.jobs, value, err);
	}
}

static int read_patches(struct asked *a, struct fl_patches *p, struct fl_error *err)
{
	const struct fl_strv *given = &a->operands;

	if (a->worktree && !a->src)
		return fl_fail(err, FL_USAGE, "--worktree: of which tree? --src TREE");
	if (!a->src && !given->n)
		return fl_fail(err, FL_USAGE,
			       "try: missing arguments: PATCH|MBOX..., or --src TREE [A..B]");
	if (!a->src)
		return fl_patches_read(p, given, err);
	if (a->base_given)
		return fl_fail(err, FL_USAGE,
			       "--base %s: with --src the base is the tree's commit; leave one out",
			       a->o.base);
	if (given->n > 1)
		return fl_fail(err, FL_USAGE, "try --src takes one A..B; \"%s\" is one too many",
			       given->v[1]);
	if (a->worktree && given->n)
		return fl_fail(err, FL_USAGE, "--worktree and %s: one of them", given->v[0]);
	return fl_patches_of_tree(p, a->src, given->n ? given->v[0] : NULL, a->worktree, err);
}

/* The words that repeat it; malloc'd. */
static char *line_of(int argc, char **argv)
{
	return fl_strv_join_words((const char *const *)argv, (size_t)argc);
}

static void print(const struct asked *a, const struct fl_try *t, const char *line)
{
	if (!strcmp(a->format, "mail"))
		fl_try_mail(stdout, t, line);
	else if (!strcmp(a->format, "json"))
		fl_try_json(stdout, t, line);
	else if (!strcmp(a->format, "markdown"))
		fl_try_markdown(stdout, t, line);
	else
		fl_try_table(stdout, t, line, fl_terminal_columns());
}

/* The comparison of the costs, as compare's; in the folder of the base's run. */
static int write_page(const struct asked *a, const struct fl_try *t, struct fl_error *err)
{
	const int64_t runs[] = { t->comparison.a.run.id, t->comparison.b.run.id };
	struct fl_page page = {
		.runs = runs, .n = 2, .comparison = &t->comparison, .rules = &a->o.rules
	};
	struct fl_store *store;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_report_page(strcmp(a->format, "table") ? stderr : stdout, store, &page, err);
	fl_store_close(store);
	return bad;
}

static int answer(const struct asked *a, const struct fl_try *t, FILE *xml, const char *line,
		  struct fl_error *err)
{
	print(a, t, line);
	if (t->compared && write_page(a, t, err))
		return -1;
	if (xml) {
		fl_try_junit(xml, t);
		if (fclose(xml))
			return fl_fail(err, FL_MACHINE, "%s: %s", a->junit, strerror(errno));
	}
	return fl_try_verdict(t) > FL_TRY_GOOD ? FL_FAILED : 0;
}

static int try_it(struct asked *a, const char *line, struct fl_error *err)
{
	struct fl_patches patches = { 0 };
	struct fl_try t = { 0 };
	FILE *xml = NULL;
	int status = read_patches(a, &patches, err);

	if (!status && a->junit && !(xml = fopen(a->junit, "we")))
		status = fl_fail(err, FL_USAGE, "--junit %s: %s", a->junit, strerror(errno));
	if (!status)
		status = fl_try(&t, &patches, &a->o, err);
	if (!status)
		status = answer(a, &t, xml, line, err);
	else if (xml)
		fclose(xml);
	fl_try_release(&t);
	fl_patches_release(&patches);
	return status;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct asked a = { .o = { .base = "stock", .rules = fl_rules_default }, .format = "table" };
	cleanup_free char *line = line_of(argc, argv);
	const char *value;
	int next = 1, option, status = 0;

	while ((option = fl_next_option(&fl_cmd_try, argc, argv, &next, &value, err)) >= 0 &&
	       !status)
		status = take_option(&a, option, value, err);
	if (option < -1)
		status = -1;
	for (int i = next; i < argc && !status; i++)
		fl_strv_push(&a.operands, argv[i]);
	if (!status)
		status = try_it(&a, line, err);
	fl_strv_release(&a.operands);
	fl_strv_release(&a.o.experiments);
	return status;
}

const struct fl_command fl_cmd_try = {
	.name = "try",
	.summary = "what does this patch do to a kernel?",
	.synopsis = "try [--base KERNEL] PATCH|MBOX... | --src TREE [A..B|--worktree] [--deep] "
		    "[-x EXPERIMENT]... [--format table|mail|json|markdown] [--junit FILE] "
		    "[--threshold PCT] [-j N] [-v|-q]",
	.examples = "try *.mbx\n"
		    "try --src ~/linux v6.12..HEAD\n"
		    "try --src ~/linux --worktree --format mail",
	.no = "something got longer, bigger or broken",
	.first = true,
	.options = options,
	.catches = true,
	.run = run,
};
