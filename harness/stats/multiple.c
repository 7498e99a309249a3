/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/multiple.h"

#include <math.h>
#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

struct placed {
	double p;
	size_t place;
};

static int ascending(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

/* Copies p to adjusted and returns its numbers, ascending, the NaNs left out. */
static struct placed *sorted(const double *p, double *adjusted, size_t n, size_t *tests)
{
	struct placed *s = fl_calloc(n, sizeof(*s));

	*tests = 0;
	for (size_t i = 0; i < n; i++) {
		if (!isnan(p[i]))
			s[(*tests)++] = (struct placed){ p[i], i };
		adjusted[i] = p[i];
	}
	qsort(s, *tests, sizeof(*s), ascending);
	return s;
}

void fl_adjust_holm(const double *p, double *adjusted, size_t n)
{
	size_t tests;
	cleanup_free struct placed *s = sorted(p, adjusted, n, &tests);
	double most = 0;

	for (size_t i = 0; i < tests; i++) {
		most = fmax(most, fmin(1, (double)(tests - i) * s[i].p));
		adjusted[s[i].place] = most;
	}
}

void fl_adjust_benjamini_hochberg(const double *p, double *adjusted, size_t n)
{
	size_t tests;
	cleanup_free struct placed *s = sorted(p, adjusted, n, &tests);
	double least = 1;

	for (size_t i = tests; i-- > 0;) {
		least = fmin(least, (double)tests / (double)(i + 1) * s[i].p);
		adjusted[s[i].place] = least;
	}
}
