/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_PICKING_H
#define FL_COLLECT_PICKING_H

#include "harness/experiment/own_metric.h"

/* Of foreign.c's parts: the numbers found so far. */
struct fl_picking {
	enum fl_pick how;
	size_t n;
	double first, last, least, most, sum;
	char why[96]; /* of a number that could not be taken; "": there was none */
};

/* Non-finite ones are rejected. */
void fl_picking_take(struct fl_picking *p, double value);
/*
 * Notes a number that cannot be used, and why.  There is no value then, unless another one is
 * picked.
 */
void fl_picking_refuse(struct fl_picking *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void fl_foreign_csv(struct fl_picking *p, const struct fl_own_metric *m, const char *text,
		    size_t len);
void fl_foreign_json(struct fl_picking *p, const struct fl_own_metric *m, const char *text,
		     size_t len);
/* AFTER and BEFORE. */
void fl_foreign_words(struct fl_picking *p, const struct fl_own_metric *m, const char *text,
		      size_t len);

/* How many ns such a word of a unit is; 0: it is no time. */
double fl_foreign_time(const char *word, size_t len);

#endif
