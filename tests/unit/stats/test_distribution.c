/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/distribution.h"

static void within(double got, double want, double share)
{
	cr_expect(fabs(got - want) <= share * fabs(want), "%.15g, not %.15g", got, want);
}

static void near(double got, double want)
{
	within(got, want, 1e-12);
}

/* R 4.2.2: pnorm(z, lower = FALSE), qnorm(p, lower = FALSE) */
Test(stats_distribution, normal)
{
	near(fl_normal_above(0), 0.5);
	near(fl_normal_above(1), 0.158655253931457);
	near(fl_normal_above(5), 2.86651571879194e-07);
	near(fl_normal_above(-2), 0.977249868051821);
	near(fl_normal_above(10), 7.61985302416053e-24);
	near(fl_normal_exceeded(0.025), 1.95996398454005);
	near(fl_normal_exceeded(0.2), 0.841621233572914);
	near(fl_normal_exceeded(0.9), -1.2815515655446);
	near(fl_normal_exceeded(1e-10), 6.36134090240406);
	cr_expect_eq(fl_normal_exceeded(0.5), 0);
}

/* R 4.2.2: pt(t, df, lower = FALSE), qt(p, df, lower = FALSE) */
Test(stats_distribution, student)
{
	static const struct {
		double df, above_05, above_2, above_10, exceeded_0025, exceeded_02, exceeded_1e6;
	} rows[] = {
		{ 1, 0.352416382349567, 0.147583617650433, 0.0317255174305536, 12.7062047361747,
		  1.37638192047117, 318309.886182743 },
		{ 4, 0.321664981590932, 0.0580582617584078, 0.000281001811357996, 2.77644510519779,
		  0.940964577235181, 41.577854150451 },
		{ 8, 0.315268037778488, 0.0402581189786313, 4.24409076381425e-06, 2.30600413520417,
		  0.88888951776702, 12.1098346655562 },
		{ 30.5, 0.310331761957263, 0.0272368317998399, 1.91217813161958e-11,
		  2.04086944518632, 0.853565481640655, 5.84945023072873 },
		{ 1e5, 0.308538088827209, 0.0227514817287532, 7.81650765010371e-24,
		  1.95998770753461, 0.841624827996901, 4.75370471639129 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double share = rows[i].df > 1000 ? 1e-9 : 1e-12;

		within(fl_t_above(0.5, rows[i].df), rows[i].above_05, share);
		within(fl_t_above(-0.5, rows[i].df), 1 - rows[i].above_05, share);
		within(fl_t_above(2, rows[i].df), rows[i].above_2, share);
		within(fl_t_above(10, rows[i].df), rows[i].above_10, share);
		within(fl_t_exceeded(0.025, rows[i].df), rows[i].exceeded_0025, share);
		within(fl_t_exceeded(0.8, rows[i].df), -rows[i].exceeded_02, share);
		within(fl_t_exceeded(1e-6, rows[i].df), rows[i].exceeded_1e6, share);
	}
}

Test(stats_distribution, edges)
{
	cr_expect_eq(fl_t_above(0, 3), 0.5);
	cr_expect_eq(fl_t_above(INFINITY, 3), 0);
	cr_expect_eq(fl_t_above(-INFINITY, 3), 1);
	near(fl_t_above(2, INFINITY), fl_normal_above(2));
	cr_expect(isnan(fl_t_above(NAN, 3)));
	cr_expect(isnan(fl_t_above(1, 0)));
	cr_expect(isnan(fl_t_above(1, NAN)));
	cr_expect(isnan(fl_t_exceeded(0, 3)));
	cr_expect(isnan(fl_t_exceeded(1, 3)));
	cr_expect(isnan(fl_t_exceeded(NAN, 3)));
	cr_expect(isnan(fl_t_exceeded(0.1, -1)));
}
