/* SPDX-License-Identifier: GPL-2.0 */
/* Figures of what the host holds: of what was freed, and of several guests. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"
#include "tests/unit/store/store_fixture.h"

#define S UINT64_C(1000000000)
#define MIB 1024.0

TestSuite(held, .init = fixture_make, .fini = fixture_drop);

struct measured {
	char series[4][64];
	struct fl_tick *ticks;
	size_t n_series, n_ticks;
	const char *metric;
	double value;
};

/* One good point with these samples; what a figure makes of it. */
static void draw(const struct fl_figure *figure, const struct measured *m, struct fl_chart *c)
{
	static enum fl_unit units[4] = { FL_UNIT_KIB, FL_UNIT_KIB, FL_UNIT_KIB, FL_UNIT_KIB };
	const struct fl_point_setting limit = { "host.memory_limit", "1g" };
	struct fl_point_record p = fixture_point(1, "ok", NULL, &limit, 1);
	struct fl_result r = { .series_names = (char(*)[64])m->series,
			       .series_units = units,
			       .n_series = m->n_series,
			       .ticks = m->ticks,
			       .n_ticks = m->n_ticks };
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_error err = { 0 };
	struct fl_summary sum;

	fl_result_put(&r, m->metric, m->value, FL_UNIT_KIB);
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	free(r.values);
	cr_assert_eq(fl_summary_read(&sum, s, run, &err), 0, "%s", err.text);
	cr_assert_eq(figure->fill(c, &sum, s, &err), 0, "%s", err.text);
	fl_summary_release(&sum);
	fl_store_close(s);
}

Test(held, leftovers_are_shares_of_what_was_freed)
{
	struct fl_tick ticks[] = { { 0, 5 * S, 400 * MIB }, { 0, 7 * S, 100 * MIB } };
	struct measured m = { { "host_leftover" }, ticks, 1, 2, "guest_freed", 400 * MIB };
	struct fl_chart c = { 0 };

	draw(&fl_figure_leftover, &m, &c);
	cr_assert_eq(c.n, 1);
	cr_assert_eq(c.panels[0].n, 1);
	cr_assert_eq(c.panels[0].v[0].n, 2);
	cr_expect_eq(c.panels[0].v[0].v[0].x, 0);
	cr_expect_eq(c.panels[0].v[0].v[0].y, 100);
	cr_expect_eq(c.panels[0].v[0].v[1].x, 2);
	cr_expect_eq(c.panels[0].v[0].v[1].y, 25);
	fl_chart_release(&c);
}

Test(held, guests_together_stand_beside_the_limit)
{
	struct fl_tick ticks[] = {
		{ 0, 0, 300 * MIB }, { 1, 0, 100 * MIB }, { 2, 0, 200 * MIB },
		{ 0, S, 200 * MIB }, { 1, S, 0 },         { 2, S, 200 * MIB },
	};
	struct measured m = {
		{ "stack_rss", "stack_rss_1", "stack_rss_2" }, ticks, 3, 6, "guests_fit", 1
	};
	struct fl_chart c = { 0 };

	draw(&fl_figure_stack, &m, &c);
	cr_assert_eq(c.n, 1);
	cr_assert_eq(c.panels[0].n, 2);
	cr_expect_eq(c.panels[0].v[0].v[0].y, 300);
	cr_expect_eq(c.panels[0].v[0].v[1].y, 200);
	cr_expect_not_null(strstr(c.panels[0].v[0].name, "1 fit"));
	cr_expect_eq(c.panels[0].v[1].v[1].y, 1024, "the limit");
	fl_chart_release(&c);
}
