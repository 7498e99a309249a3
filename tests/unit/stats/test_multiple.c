/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/stats/multiple.h"

#define N 8
static const double p[N] = { 0.01, 0.04, 0.03, 0.005, 0.5, 0.03, NAN, 0.9 };

static void expect(const double *got, const double *want)
{
	for (int i = 0; i < N; i++)
		cr_expect(isnan(want[i]) ? isnan(got[i]) : fabs(got[i] - want[i]) < 1e-14,
			  "%d: %.15g, not %.15g", i, got[i], want[i]);
}

/* R 4.2.2: p.adjust(p, "BH"), with NA for NAN */
Test(stats_multiple, benjamini_hochberg)
{
	static const double want[N] = { 0.035,  0.056, 0.0525, 0.035, 0.583333333333333,
					0.0525, NAN,   0.9 };
	double out[N], place[N];

	fl_adjust_benjamini_hochberg(p, out, N);
	expect(out, want);
	memcpy(place, p, sizeof(p));
	fl_adjust_benjamini_hochberg(place, place, N);
	expect(place, want);
}

/* R 4.2.2: p.adjust(p, "holm") */
Test(stats_multiple, holm)
{
	static const double want[N] = { 0.06, 0.15, 0.15, 0.035, 1, 0.15, NAN, 1 };
	double out[N], place[N];

	fl_adjust_holm(p, out, N);
	expect(out, want);
	memcpy(place, p, sizeof(p));
	fl_adjust_holm(place, place, N);
	expect(place, want);
}

Test(stats_multiple, none_and_one)
{
	double one = 0.04, nan = NAN;

	fl_adjust_holm(NULL, NULL, 0);
	fl_adjust_benjamini_hochberg(NULL, NULL, 0);
	fl_adjust_holm(&one, &one, 1);
	fl_adjust_benjamini_hochberg(&one, &one, 1);
	cr_expect_eq(one, 0.04);
	fl_adjust_holm(&nan, &nan, 1);
	cr_expect(isnan(nan));
}
