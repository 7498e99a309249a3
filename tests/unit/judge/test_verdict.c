/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/judge/verdict.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct fl_metric latency = { .name = "fault_latency_p50",
					  .unit = FL_UNIT_NS,
					  .better = FL_LESS };
static const struct fl_metric rate = { .name = "touch_rate",
				       .unit = FL_UNIT_PER_S,
				       .better = FL_MORE };
static const struct fl_metric huge = { .name = "promotions_copy",
				       .unit = FL_UNIT_COUNT,
				       .better = FL_NEITHER };
static const struct fl_metric tail = {
	.name = "fault_latency_max", .unit = FL_UNIT_NS, .better = FL_LESS, .class = FL_TAIL
};

/* One metric judged alone. */
static struct fl_judged judge(const struct fl_metric *m, const double *a, size_t na,
			      const double *b, size_t nb, bool insn)
{
	double x[32], y[32];
	struct fl_judged j = { .metric = m->name, .unit = "x" }, *all[] = { &j };

	memcpy(x, a, na * sizeof(*x));
	memcpy(y, b, nb * sizeof(*y));
	fl_judge_measure(&j, m, x, na, y, nb, insn, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	return j;
}

#define JUDGE(m, a, b, insn) judge(m, a, N(a), b, N(b), insn)

Test(verdict, an_exact_difference_counts_from_the_threshold_on)
{
	static const double a[] = { 10000, 10000 }, b[] = { 10021, 10021 }, c[] = { 10019, 10019 };
	struct fl_judged j = JUDGE(&latency, a, b, true);

	cr_expect(j.exact);
	cr_expect_eq(j.verdict, FL_WORSE);
	cr_expect_float_eq(j.change, 0.0021, 1e-12);
	cr_expect_eq(JUDGE(&latency, a, c, true).verdict, FL_SAME);
	cr_expect_eq(JUDGE(&latency, b, a, true).verdict, FL_BETTER);
	cr_expect_eq(JUDGE(&rate, a, b, true).verdict, FL_BETTER);
	cr_expect_eq(JUDGE(&tail, a, b, true).verdict, FL_DIFFERS);
}

Test(verdict, one_boot_is_exact_only_with_instructions)
{
	static const double a[] = { 100 }, b[] = { 110 };

	cr_expect_eq(JUDGE(&latency, a, b, true).verdict, FL_WORSE);
	cr_expect_eq(JUDGE(&latency, a, b, false).verdict, FL_INCONCLUSIVE);
}

Test(verdict, boots_that_disagree_are_noisy)
{
	static const double a[] = { 100, 101 }, b[] = { 110, 110 };
	struct fl_judged j = JUDGE(&latency, a, b, true);

	cr_expect_not(j.exact);
	cr_expect_eq(j.verdict, FL_INCONCLUSIVE, "two boots a side prove nothing");
	cr_expect(isinf(j.detectable));
}

Test(verdict, real_time_never_repeats_itself_exactly_but_counters_do)
{
	static const double a[] = { 64, 64, 64 }, b[] = { 32, 32, 32 }, none[] = { 0, 0, 0 };
	struct fl_judged j = JUDGE(&huge, a, b, false);

	cr_expect(j.exact);
	cr_expect_eq(j.verdict, FL_DIFFERS);
	cr_expect_not(JUDGE(&latency, a, b, false).exact);
	cr_expect_eq(JUDGE(&huge, a, none, false).verdict, FL_WORSE, "all of it is gone");
	cr_expect_eq(JUDGE(&huge, none, a, false).verdict, FL_DIFFERS);
	cr_expect_eq(JUDGE(&huge, none, none, false).verdict, FL_SAME);
}

Test(verdict, enough_noisy_boots_tell)
{
	static const double a[] = { 100, 101, 99, 100.5, 99.5, 100.2, 99.8, 100.1 };
	static const double b[] = { 110, 111, 109, 110.5, 109.5, 110.2, 109.8, 110.1 };
	struct fl_judged j = JUDGE(&latency, a, b, false);

	cr_expect_eq(j.verdict, FL_WORSE);
	cr_expect_lt(j.adjusted, 0.001);
	cr_expect(j.interval.low > 0.08 && j.interval.high < 0.12, "%g %g", j.interval.low,
		  j.interval.high);
	cr_expect_float_eq(j.superiority, 1, 0);
	cr_expect_eq(JUDGE(&latency, b, a, false).verdict, FL_BETTER);
	cr_expect_eq(JUDGE(&latency, a, a, false).verdict, FL_SAME);
}

/* 0.5 % is real here, and below what counts. */
Test(verdict, a_small_change_is_no_verdict)
{
	static const double a[] = { 100, 100.01, 99.99, 100.02, 99.98, 100.03 };
	static const double b[] = { 100.5, 100.51, 100.49, 100.52, 100.48, 100.53 };

	cr_expect_eq(JUDGE(&latency, a, b, false).verdict, FL_SAME);
}

/* The same p among many tests of nothing is no alarm. */
Test(verdict, many_metrics_ask_for_more)
{
	static const double a[] = { 100, 101, 102, 103, 104 }, b[] = { 110, 111, 112, 113, 114 };
	struct fl_judged j[100], *all[100];

	for (int i = 0; i < 100; i++) {
		double x[5], y[5];

		j[i] = (struct fl_judged){ .metric = latency.name, .unit = "ns" };
		all[i] = &j[i];
		memcpy(x, a, sizeof(x));
		memcpy(y, i ? a : b, sizeof(y));
		fl_judge_measure(&j[i], &latency, x, 5, y, 5, false, 0, &fl_rules_default);
	}
	fl_judge_decide(all, 100, &fl_rules_default);
	cr_expect_eq(j[0].verdict, FL_INCONCLUSIVE);
	cr_expect_float_eq(j[0].p, 2.0 / 252, 1e-9);
	cr_expect_gt(j[0].adjusted, 0.5);
}

Test(verdict, a_few_pages_do_not_count)
{
	double a[] = { 540, 540 }, b[] = { 556, 556 }, c[] = { 560, 560 };
	static const struct fl_metric lost = { .name = "guest_free_lost",
					       .unit = FL_UNIT_KIB,
					       .better = FL_LESS };
	struct fl_judged j = { .metric = lost.name, .unit = "KiB" }, *all[] = { &j };

	fl_judge_measure(&j, &lost, a, 2, b, 2, true, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_SAME);
	fl_judge_measure(&j, &lost, a, 2, c, 2, true, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_WORSE);
}

Test(verdict, known_noise_is_a_wider_band)
{
	double a[] = { 100, 101, 99, 100.5, 99.5, 100.2, 99.8, 100.1 };
	double b[] = { 110, 111, 109, 110.5, 109.5, 110.2, 109.8, 110.1 };
	struct fl_judged j = { .metric = latency.name, .unit = "ns" }, *all[] = { &j };

	fl_judge_measure(&j, &latency, a, 8, b, 8, false, 0.2, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_SAME);
	cr_expect_float_eq(j.band, 0.2, 0);
}

Test(verdict, what_is_identical_is_the_same)
{
	double a[] = { 5, 900, 17 }, b[] = { 5, 900, 17 };
	struct fl_judged j = { .metric = latency.name, .unit = "ns" }, *all[] = { &j };

	fl_judge_measure(&j, &latency, a, 3, b, 3, false, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_SAME);
}

static const struct fl_metric swap = {
	.name = "swap_out", .unit = FL_UNIT_COUNT, .better = FL_LESS, .class = FL_NOISY
};

/* No ratio leads from 0 to 900, and yet it is worse. */
Test(verdict, from_nothing_to_much_is_worse)
{
	double a[] = { 0, 0, 0, 0, 0, 0 }, b[] = { 880, 900, 930, 870, 910, 905 };
	struct fl_judged j = { .metric = swap.name, .unit = "count" }, *all[] = { &j };

	fl_judge_measure(&j, &swap, a, 6, b, 6, false, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_WORSE);
	fl_judge_measure(&j, &swap, b, 6, a, 6, false, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_BETTER);
}

/* Both medians are 0. */
Test(verdict, an_event_in_two_of_five_boots_is_not_the_same)
{
	double a[] = { 0, 0, 0, 0, 0 }, b[] = { 0, 1, 0, 1, 0 };
	struct fl_judged j = { .metric = swap.name, .unit = "count" }, *all[] = { &j };

	fl_judge_measure(&j, &swap, a, 5, b, 5, true, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_INCONCLUSIVE);
}

Test(verdict, what_lies_below_the_least_value_is_no_change)
{
	static const struct fl_metric lost = {
		.name = "guest_free_lost", .unit = FL_UNIT_KIB, .better = FL_LESS, .least = 128
	};
	double a[] = { 8, 8 }, b[] = { 60, 60 }, c[] = { 268, 268 };
	struct fl_judged j = { .metric = lost.name, .unit = "KiB" }, *all[] = { &j };

	fl_judge_measure(&j, &lost, a, 2, b, 2, true, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_SAME);
	fl_judge_measure(&j, &lost, a, 2, c, 2, true, 0, &fl_rules_default);
	fl_judge_decide(all, 1, &fl_rules_default);
	cr_expect_eq(j.verdict, FL_WORSE);
}
