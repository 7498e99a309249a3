/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/hodges_lehmann.h"

#include <math.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/median.h"

double fl_hodges_lehmann(const double *a, size_t na, const double *b, size_t nb)
{
	cleanup_free double *d = fl_calloc(na * nb + 1, sizeof(*d));

	if (!na || !nb)
		return NAN;
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++)
			d[i * nb + j] = b[j] - a[i];
	return fl_spread(d, na * nb).median;
}
