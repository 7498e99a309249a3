/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/median.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct fl_spread fl_spread(double *values, size_t n)
{
	struct fl_spread s = { .n = n };

	if (!n)
		return s;
	qsort(values, n, sizeof(*values), ascending);
	s.median = n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
	s.least = values[0];
	s.most = values[n - 1];
	return s;
}
