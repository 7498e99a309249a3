/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_SUMMARY_H
#define FL_JUDGE_SUMMARY_H

#include "harness/base/strv.h"
#include "harness/collect/metric.h"
#include "harness/experiment/own_metric.h"
#include "harness/experiment/row_name.h"
#include "harness/judge/cases.h"
#include "harness/stats/median.h"
#include "harness/store/store.h"

/*
 * A run's points, those that differ only in their repeat put together.  What
 * tables, plots and the report show.
 */
struct fl_row {
	const char *kernel, *workload_name, *workload; /* of the first point */
	char *label; /* settings that vary in the run, "max_ptes_none=64"; "as booted" for none */
	char *name;  /* what the experiment calls it ([row NAME]), or the label */
	size_t *points; /* indexes into fl_summary.points */
	size_t n, n_ok;
};

struct fl_summary {
	struct fl_stored_run run;
	struct fl_stored_point *points;
	size_t n_points;
	struct fl_row *rows; /* in the order of the plan */
	size_t n_rows;
	struct fl_strv workloads; /* names, in the order of the plan */
	struct fl_strv
		columns; /* metrics that the experiment wants in its table; none: the usual */
	char *picture;   /* the figure that answers its question; or NULL */
	bool kernels_vary;
	char *common; /* settings that are the same everywhere, "a=1 b=2" */
	struct fl_case_changes cases;
	struct fl_own_metrics own;       /* the experiment's [metric NAME]s, */
	struct fl_metric *own_meanings;  /* and what each means */
	struct fl_provenance provenance; /* of the points' kernels and programs */
};

/* The first boot of a row that went well; NULL: none did. */
const struct fl_stored_point *fl_summary_good_boot(const struct fl_summary *s,
						   const struct fl_row *row);

int fl_summary_read(struct fl_summary *s, struct fl_store *store, int64_t run,
		    struct fl_error *err);
void fl_summary_release(struct fl_summary *s);
/* Its part in row_names.c: gives each row its name. */
int fl_summary_name_rows(struct fl_summary *s, struct fl_error *err);

/*
 * A metric's values over the ok points of a row, into values[row->n]; returns how
 * many.  warm: without the first repeat, which pays for cold memory of the host,
 * where there are four and more.
 */
size_t fl_summary_values(const struct fl_summary *s, const struct fl_row *row, const char *metric,
			 bool warm, double *values, const char **unit);

/* What a name of the run's metrics means: its experiment's own, or the registry's; NULL: a metric
 * of another version's. */
const struct fl_metric *fl_summary_meaning(const struct fl_summary *s, const char *name);

/* The row that a point of the run belongs to. */
const struct fl_row *fl_summary_row_of(const struct fl_summary *s, const struct fl_stored_point *p);

/* A metric over the ok points of a row; *unit (may be NULL) is the unit of the first. */
struct fl_spread fl_summary_metric(const struct fl_summary *s, const struct fl_row *row,
				   const char *metric, const char **unit);

/* The settings by which a point's row differs from the run's others, "max_ptes_none=64"; "" where
 * no setting varies.  Of s only the points are read, of them only settings.  malloc'd. */
char *fl_summary_label(const struct fl_summary *s, const struct fl_stored_point *p);

/* What the experiment calls the row of a point ([row NAME]), or the label; malloc'd. */
char *fl_summary_point_name(const struct fl_summary *s, const struct fl_stored_point *p,
			    const struct fl_row_names *names);

/* "page_fault1 thp=never", the same in every run of an experiment; malloc'd. */
char *fl_summary_row_name(const struct fl_row *row);

/* A setting's value in a point; NULL where it was not set. */
const char *fl_summary_setting(const struct fl_stored_point *p, const char *name);

/* A point's kernel, workload or setting of that name; NULL where it was not set. */
const char *fl_summary_point_value(const struct fl_stored_point *p, const char *key);
/* The same of a row. */
const char *fl_summary_value(const struct fl_summary *s, const struct fl_row *row, const char *key);
/* Does the row meet all the conditions? */
bool fl_summary_takes(const struct fl_summary *s, const struct fl_row *row,
		      const struct fl_conditions *c);

/* Of the measured rows that meet the conditions, with this one's workload unless they name another,
 * the most alike; NULL: none. */
const struct fl_row *fl_summary_reference(const struct fl_summary *s, const struct fl_row *row,
					  const struct fl_conditions *against);

/* The point of that number; NULL with err: there is none, or it was not measured. */
const struct fl_stored_point *fl_summary_point(const struct fl_summary *s, unsigned int number,
					       struct fl_error *err);

/* "AMD EPYC, 2 threads, 24 GiB, Linux 6.1, QEMU 7.2, tcg: emulated time"; malloc'd. */
char *fl_summary_machine(const struct fl_summary *s);

/* What a time in this run means, in one sentence. */
const char *fl_summary_clock(const struct fl_summary *s);

/* Does a time of that unit say anything?  None of emulated CPUs that run at once does. */
bool fl_summary_judges(const char *unit);

/* Unit of times for an axis: "ns of emulated time". */
const char *fl_summary_time(const struct fl_summary *s);

/* Divisor and unit that make values up to max readable: 123456 KiB -> 120.6 MiB. */
double fl_readable(const char *unit, double max, char *out, size_t len);

#endif
