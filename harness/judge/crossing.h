/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_CROSSING_H
#define FL_JUDGE_CROSSING_H

#include "harness/experiment/crossing.h"
#include "harness/judge/summary.h"

/*
 * From where on does waiting cost more than it saves?
 *
 * Along an axis, each step is held against one reference: what it costs more
 * (the price, times how often it is paid) and what it saves.  The exchange rate
 * is the one over the other: instructions for each KiB.  A difference counts
 * when it is over FL_CROSSING_LEAST of the reference between the least
 * favourable boots.
 */
#define FL_CROSSING_LEAST 0.01

struct fl_crossing_step {
	const struct fl_row *row;
	double at;            /* on the axis, as it is shown */
	double price, extra;  /* of one; above the reference's */
	double paid;          /* how often */
	double whole_extra;   /* of the whole; NAN: not measured */
	double saving, saved; /* what is held; below the reference's */
	double rate;          /* extra * paid / saved; NAN where nothing is saved */
	bool saves, costs, cheaper;
	bool happened; /* one of the metrics that the crossing needs is above 0 */
};

enum fl_crossing_outcome {
	FL_CROSSING_NOTHING, /* saves nothing; some steps may cost more, others less */
	FL_CROSSING_COSTS,   /* saves nothing, and what differs costs more */
	FL_CROSSING_SAVES,
	FL_CROSSING_UNMEASURED,
	FL_CROSSING_EMPTY, /* what the crossing is about happens at no step */
};

extern const char *const fl_crossing_outcomes[]; /* "no saving", "costs only", ... */

/* One workload's. */
struct fl_crossing_curve {
	const struct fl_crossing *crossing;
	const char *workload;
	const struct fl_row *reference;
	const char *price_name, *price_unit, *saving_name, *saving_unit, *whole_unit;
	struct fl_spread price, saving, whole; /* of the reference */
	struct fl_crossing_step *steps;        /* by `at` */
	size_t n;
	enum fl_crossing_outcome outcome;
	/* Indexes of the first and the last step that saves; */
	size_t from, to;
	size_t enough; /* after this one nothing more is saved: waiting longer only costs */
	size_t dear;   /* the first that costs more than it is worth; n: none, or no limit given */
};

struct fl_judged_crossings {
	struct fl_crossings crossings;
	struct fl_crossing_curve *curves; /* in the order of the file, then of the workloads */
	size_t n;
};

/* Does every crossing name existing metrics?  FL_USAGE with the section. */
int fl_crossings_metrics(const struct fl_crossings *c, const struct fl_own_metrics *own,
			 const char *file, struct fl_error *err);

/* Of a stored run; s must outlive the result. */
int fl_judge_crossings(struct fl_judged_crossings *j, const struct fl_summary *s,
		       struct fl_error *err);
void fl_judged_crossings_release(struct fl_judged_crossings *j);

#endif
