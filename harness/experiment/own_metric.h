/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_OWN_METRIC_H
#define FL_EXPERIMENT_OWN_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"

/* Where a program's number stands in what it prints. */
enum fl_find {
	FL_FIND_AFTER,  /* behind a text, in its line */
	FL_FIND_BEFORE, /* before a text, in its line */
	FL_FIND_CSV,    /* in a row and a column */
	FL_FIND_JSON,   /* at a path */
};

/* Which of several, in the order in which they were printed. */
enum fl_pick {
	FL_PICK_LAST,
	FL_PICK_FIRST,
	FL_PICK_MAX,
	FL_PICK_MEAN,
	FL_PICK_MIN,
	FL_PICK_SUM,
};

/*
 * [metric NAME]: a number that a program says which is not ours, and what it
 * means.  Plain fields; harness/collect/foreign.h finds the number and makes a
 * struct fl_metric of it.
 */
struct fl_own_metric {
	char *name, *about;
	char *unit;               /* the program's word for it */
	struct fl_strv workloads; /* those that print it; none: all */
	enum fl_own_better { FL_OWN_NEITHER, FL_OWN_LESS, FL_OWN_MORE } better;
	enum fl_own_class { FL_OWN_NOISY, FL_OWN_EXACT, FL_OWN_TAIL } class;
	enum fl_find find;
	char *text;       /* key text, path, or row */
	char *column;     /* of csv: a name in the header, or a number from 1 on */
	unsigned int nth; /* of after and before: the nth number from the text */
	enum fl_pick pick;
	char *from;        /* "stdout", "stderr", or the name of a run step */
	unsigned int seen; /* bits of the keys that were given */
	unsigned int line; /* of the experiment's file */
};

struct fl_own_metrics {
	struct fl_own_metric *v;
	size_t n;
};

#define FL_OWN_METRIC_NAME_MAX 48
#define FL_OWN_METRIC_UNIT_MAX 16

bool fl_own_metrics_section(const char *section);

/* A key of such a section. */
int fl_own_metrics_take(struct fl_own_metrics *m, const char *section, const char *key,
			const char *value, unsigned int line, struct fl_error *err);

/* Is each whole?  The sentence begins with FILE:LINE. */
int fl_own_metrics_check(const struct fl_own_metrics *m, const char *file, struct fl_error *err);

/* Those of an experiment file's text, as it is stored with a run. */
int fl_own_metrics_parse(struct fl_own_metrics *m, const char *text, struct fl_error *err);

/* NULL: there is none. */
const struct fl_own_metric *fl_own_metrics_find(const struct fl_own_metrics *m, const char *name);

/* Does that workload print it? */
bool fl_own_metric_is_of(const struct fl_own_metric *m, const char *workload);

void fl_own_metrics_release(struct fl_own_metrics *m);

/*
 * One step of a path into JSON: `jobs[0].read["iops.mean"]` has the keys jobs,
 * read and iops.mean, and the index 0.
 */
struct fl_path_step {
	const char *key; /* not ended by a NUL; NULL: an index */
	size_t len;
	unsigned long index;
	bool quoted;
};

/* Takes the first step off *path.  1, 0 at the end, or -EINVAL. */
int fl_path_next(const char **path, struct fl_path_step *step);

#endif
