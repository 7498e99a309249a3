/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_COMPARISON_H
#define FL_JUDGE_COMPARISON_H

#include "harness/judge/path.h"
#include "harness/judge/selection.h"
#include "harness/judge/summary.h"
#include "harness/judge/verdict.h"
#include "harness/stats/quantile.h"

/*
 * Two sides with their rows paired: same workload, same settings except those that a selection
 * names, and same kernel unless each side has only one.
 */
struct fl_pair {
	const struct fl_row *a, *b;
	char *label;           /* "page_fault1 thp=never" */
	char *name;            /* the same as the experiment calls its rows */
	size_t a_lost, b_lost; /* points neither ok nor skipped */
	size_t a_skipped, b_skipped;
	bool lost; /* B lost more than A, or skipped what the same kernel measured: worse */
	bool not_comparable; /* one side has no good point, as its kernel lacks a setting */
	double p50_a, p50_b, p99_a, p99_b; /* of all first touches together; NAN where none */
	struct fl_quantile_shift shift; /* of the distributions of first touches; ratio NAN: none */
	char *state;                    /* if the sides got different things (state.h), or NULL */
	struct fl_judged *judged;
	size_t n;
	struct fl_path path; /* of instructions: pair_path.h */
	bool path_shaky;     /* boots of one side disagree on the path */
};

struct fl_comparison {
	struct fl_summary a, b;
	struct fl_selection sa, sb;
	char *side_a, *side_b;  /* "RUN kernel stock" */
	struct fl_strv unfair;  /* differences besides the compared ones */
	struct fl_strv differs; /* settings and kernels that differ: "kernel: stock, patched" */
	struct fl_strv missing; /* rows of A that B lacks */
	struct fl_strv lacks_a, lacks_b; /* kernel counters that only the other side has */
	struct fl_pair *pairs;
	size_t n;
	size_t counts[FL_VERDICTS]; /* of metrics */
	size_t lost;                /* pairs that lost coverage */
	size_t unlike;              /* pairs that are not in the same state */
	bool settings_differ;       /* by the selections: then a different state is no regression */
	size_t shaky;               /* metrics that this clock makes exact and that were not */
};

/* A known noise band of a metric in a pair, or 0.  May be NULL in fl_compare(). */
typedef double (*fl_band_fn)(void *arg, const struct fl_row *row, const char *metric);

/*
 * Texts are selections (selection.h).  -1 with FL_USAGE if the sides cannot be compared fairly:
 * different clock, accelerator or (in real time) CPU.  Release in either case.
 */
int fl_compare(struct fl_comparison *c, struct fl_store *store, const char *a, const char *b,
	       const struct fl_rules *rules, fl_band_fn band, void *arg, struct fl_error *err);
/* The same for two whole runs. */
int fl_compare_runs(struct fl_comparison *c, struct fl_store *store, int64_t a, int64_t b,
		    const struct fl_rules *rules, struct fl_error *err);
void fl_comparison_release(struct fl_comparison *c);
/* Implemented in lacks.c: fills lacks_a and lacks_b. */
void fl_note_lacks(struct fl_comparison *c);

/* Does a row fail: a metric that is worse, lost points or, with the same settings, another state?
 */
bool fl_pair_fails(const struct fl_comparison *c, const struct fl_pair *p);
/* Does it hold a regression: a row that fails, or one that B lacks? */
bool fl_comparison_worse(const struct fl_comparison *c);

/* "exact: 2 boots a side" or "+0.8 .. +1.2 %": the interval for a table. */
void fl_judged_interval(const struct fl_judged *j, char *out, size_t len);
/* "+1.02 %", "new", "gone" */
void fl_judged_change(const struct fl_judged *j, char *out, size_t len);

#endif
