/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/cli/gate.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(gate, .init = fixture_make, .fini = fixture_drop);

/* Two rows: always and never. */
static int64_t night(struct fl_store *s, const char *name, const char *kernel, const char *release,
		     const char *gate)
{
	static const char *const thp[] = { "always", "never" };
	int64_t run = fixture_run(s, name, "t");
	struct fl_error err = { 0 };

	for (unsigned int i = 0; i < 2; i++) {
		struct fl_point_setting setting = { "thp.enabled", thp[i] };
		struct fl_point_record p = fixture_point(i + 1, "ok", NULL, &setting, 1);
		struct fl_result r = { 0 };

		p.kernel = kernel;
		p.kernel_release = release;
		fl_result_put(&r, "fault_latency_p50", 1000, FL_UNIT_NS);
		fl_result_put(&r, "touch_rate", 1000, FL_UNIT_PER_S);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		fl_result_release(&r);
	}
	if (gate)
		cr_assert(!fl_store_set_gate(s, run, gate, &err));
	return run;
}

static void expect_good(struct fl_store *s, int64_t run, const char *want)
{
	struct fl_stored_run of = { 0 };
	struct fl_error err = { 0 };
	char *line, *name;

	cr_assert(!fl_store_run(s, run, &of, &err));
	line = fl_gate_line(s, run, &err);
	cr_assert_not_null(line);
	cr_assert(!fl_gate_last_good(&name, s, &of, line, &err), "%s", err.text);
	if (want)
		cr_expect_str_eq(name, want);
	else
		cr_expect_null(name, "%s", name);
	free(name);
	free(line);
	fl_stored_run_release(&of);
}

Test(gate, the_last_good_night_is_of_the_same_kernel_line)
{
	struct fl_store *s = fixture_open(false);
	struct fl_error err = { 0 };
	int64_t stock, patched, other;
	char *line;

	night(s, "t-1", "stock", "6.12.95", "good");
	night(s, "t-2", "patched", "6.12.95", "good");
	night(s, "t-3", "stock", "6.12.96", "regressed");
	stock = night(s, "t-4", "stock", "6.12.97", NULL);
	patched = night(s, "t-5", "patched", "6.12.97", NULL);
	other = night(s, "t-6", "stock", "6.13.0-rc1", NULL);
	expect_good(s, stock, "t-1");
	expect_good(s, patched, "t-2");
	expect_good(s, other, NULL);
	line = fl_gate_line(s, other, &err);
	cr_expect_str_eq(line, "stock@6.13 (older version)", "no image is known of it");
	free(line);
	fl_store_close(s);
}

static void worsen(struct fl_comparison *c, size_t pair, size_t metric)
{
	struct fl_judged *j = &c->pairs[pair].judged[metric];

	c->counts[j->verdict]--;
	j->verdict = FL_WORSE;
	j->exact = false;
	c->counts[FL_WORSE]++;
}

static void compare(struct fl_comparison *c, struct fl_store *s)
{
	struct fl_error err = { 0 };

	cr_assert(!fl_compare(c, s, "t-1", "t-2", &fl_rules_default, NULL, NULL, &err), "%s",
		  err.text);
	cr_assert_eq(c->n, 2);
	cr_assert_eq(c->pairs[0].n, 2);
}

Test(gate, an_alarm_is_confirmed_by_the_same_metric_of_the_same_row)
{
	struct fl_store *s = fixture_open(false);
	struct fl_strv alarms = { 0 };
	struct fl_comparison c;

	night(s, "t-1", "stock", "6.12.95", "good");
	night(s, "t-2", "stock", "6.12.95", NULL);
	compare(&c, s);
	worsen(&c, 0, 0);
	fl_gate_alarms(&c, &alarms);
	cr_assert_eq(alarms.n, 1);
	fl_comparison_release(&c);

	compare(&c, s);
	worsen(&c, 0, 1);
	worsen(&c, 1, 0);
	cr_expect_eq(fl_gate_confirm(&c, &alarms), 0);
	cr_expect_not(fl_comparison_worse(&c));
	cr_expect_eq(c.pairs[1].judged[0].verdict, FL_INCONCLUSIVE);
	worsen(&c, 0, 0);
	cr_expect_eq(fl_gate_confirm(&c, &alarms), 1);
	cr_expect(fl_comparison_worse(&c));
	fl_comparison_release(&c);
	fl_strv_release(&alarms);
	fl_store_close(s);
}

Test(gate, what_is_exact_is_measured_once)
{
	struct fl_store *s = fixture_open(false);
	struct fl_strv alarms = { 0 };
	struct fl_comparison c;

	night(s, "t-1", "stock", "6.12.95", "good");
	night(s, "t-2", "stock", "6.12.95", NULL);
	compare(&c, s);
	worsen(&c, 0, 0);
	worsen(&c, 1, 0);
	c.pairs[1].judged[0].exact = true;
	fl_gate_alarms(&c, &alarms);
	cr_expect_eq(alarms.n, 0);
	fl_strv_release(&alarms);
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(gate, a_threshold_is_percent)
{
	static const char *const bad[] = { "", "x", "-1", "1%", "1001", "nan" };
	struct fl_rules rules = fl_rules_default;
	struct fl_error err = { 0 };

	cr_assert(!fl_take_threshold(&rules, "0.5", &err));
	cr_expect_float_eq(rules.relevant, 0.005, 1e-12);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_expect(fl_take_threshold(&rules, bad[i], &err), "%s", bad[i]);
		cr_expect_eq(err.kind, FL_USAGE);
	}
}
