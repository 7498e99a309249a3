/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/hodges_lehmann.h"

#include <math.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/median.h"

double fl_hodges_lehmann(const double *a, size_t na, const double *b, size_t nb)
{
	cleanup_free double *differences = NULL;
	size_t n;

	if (!na || !nb || __builtin_mul_overflow(na, nb, &n))
		return NAN;
	differences = fl_calloc(n, sizeof(*differences));
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++) {
			if (!isfinite(a[i]) || !isfinite(b[j]))
				return NAN;
			differences[i * nb + j] = b[j] - a[i];
		}
	return fl_spread(differences, n).median;
}
