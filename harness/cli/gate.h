/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_GATE_H
#define FL_CLI_GATE_H

#include "harness/judge/comparison.h"
#include "harness/run/run.h"

/*
 * The gate: measures, compares with a baseline, and says whether something got
 * worse.  A noisy metric that got worse is measured again in fresh boots, and
 * believed when the same one of the same row is worse again; an exact one is
 * believed at once.
 */
struct fl_gate {
	struct fl_run_options options;
	const char *baseline; /* a selection; NULL: the last good run of the same kernel line */
	struct fl_rules rules;
	/* what came of it */
	struct fl_comparison comparison;
	int64_t run;
	char name[FL_RUN_NAME_MAX]; /* of the run */
	char *line;                 /* of kernels: "stock@6.12" */
	char *named;                /* the baseline by its run's name; or NULL */
	bool compared;              /* there was a baseline */
	bool worse, interrupted;
	unsigned int bad;   /* points that failed */
	size_t unconfirmed; /* noisy metrics that were worse once only */
};

/* 0 (also when something got worse) or -1.  Release in any case. */
int fl_gate_run(struct fl_gate *g, struct fl_error *err);
/* Measures only: no baseline. */
int fl_gate_measure(struct fl_gate *g, struct fl_error *err);
void fl_gate_release(struct fl_gate *g);

/* --- for the gate itself, and its tests --- */

/* The kernels of a run, each with its base: "patched@6.12 stock@6.12"; malloc'd; NULL with err. */
char *fl_gate_line(struct fl_store *store, int64_t run, struct fl_error *err);
/* The newest run of the same kernel line that the gate let through, or *name NULL.  0 or -1. */
int fl_gate_last_good(char **name, struct fl_store *store, const struct fl_stored_run *of,
		      const char *line, struct fl_error *err);

/* Appends what got worse and is noisy, "KEY of the row, metric" each; none where more than that
 * did. */
void fl_gate_alarms(const struct fl_comparison *c, struct fl_strv *alarms);
/*
 * c is measured again: a noisy metric that is worse and was none of the alarms cannot be told.
 * How many of the alarms came again.
 */
size_t fl_gate_confirm(struct fl_comparison *c, const struct fl_strv *alarms);

/* --jobs.  0 or -1. */
int fl_take_jobs(unsigned int *jobs, const char *value, struct fl_error *err);
/* --threshold: the smallest change that counts, in percent.  0 or -1. */
int fl_take_threshold(struct fl_rules *rules, const char *value, struct fl_error *err);

#endif
