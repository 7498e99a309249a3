/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/multiple.h"

#include <math.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

struct ranked {
	double p;
	size_t place;
};

static int ascending(const void *a, const void *b)
{
	double x = ((const struct ranked *)a)->p, y = ((const struct ranked *)b)->p;

	return (x > y) - (x < y);
}

static struct ranked *rank(const double *p, size_t n)
{
	struct ranked *r = fl_calloc(n + 1, sizeof(*r));

	for (size_t i = 0; i < n; i++)
		r[i] = (struct ranked){ p[i], i };
	qsort(r, n, sizeof(*r), ascending);
	return r;
}

void fl_benjamini_hochberg(double *p, size_t n)
{
	cleanup_free struct ranked *r = rank(p, n);
	double least = 1;

	for (size_t i = n; i-- > 0;) {
		least = fmin(least, r[i].p * (double)n / (double)(i + 1));
		p[r[i].place] = least;
	}
}
