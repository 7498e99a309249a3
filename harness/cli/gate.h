/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_GATE_H
#define FL_CLI_GATE_H

#include "harness/judge/comparison.h"
#include "harness/run/run.h"

/*
 * The gate: measures, compares with a baseline, and says whether something got
 * worse.  A noisy metric that got worse is measured again in fresh boots before
 * it is believed; an exact one is believed at once.
 */
struct fl_gate {
	struct fl_run_options options;
	const char *baseline; /* a selection; NULL: the last good run of the experiment */
	struct fl_rules rules;
	/* what came of it */
	struct fl_comparison comparison;
	int64_t run;
	char name[FL_RUN_NAME_MAX]; /* of the run */
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

#endif
