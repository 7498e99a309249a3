/* SPDX-License-Identifier: GPL-2.0 */
/* Expected values: R 4.2.2, p.adjust(c(0.01,0.02,0.03,0.04,0.05,0.5,0.001), "BH"). */
#include <criterion/criterion.h>

#include "harness/stats/multiple.h"

static const double raw[] = { 0.01, 0.02, 0.03, 0.04, 0.05, 0.5, 0.001 };

static void expect(void (*adjust)(double *, size_t), const double *wanted)
{
	double p[7];

	for (int i = 0; i < 7; i++)
		p[i] = raw[i];
	adjust(p, 7);
	for (int i = 0; i < 7; i++)
		cr_expect_float_eq(p[i], wanted[i], 1e-10, "%d: %g", i, p[i]);
}

Test(multiple, benjamini_hochberg)
{
	static const double wanted[] = { 0.035,         0.04666666667, 0.0525, 0.056,
					 0.05833333333, 0.5,           0.007 };

	expect(fl_benjamini_hochberg, wanted);
	fl_benjamini_hochberg(NULL, 0);
}
