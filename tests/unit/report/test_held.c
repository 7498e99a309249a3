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

/* One good point with these samples; what a figure makes of it, malloc'd. */
static char *draw(const struct fl_figure *figure, const struct measured *m,
		  struct fl_figure_args *args)
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
	char *text = NULL;
	size_t len;
	FILE *out;

	fl_result_put(&r, m->metric, m->value, FL_UNIT_KIB);
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	free(r.values);
	cr_assert_eq(fl_summary_read(&sum, s, run, &err), 0, "%s", err.text);
	out = open_memstream(&text, &len);
	cr_assert_eq(figure->data(out, &sum, s, NULL, args, &err), 0, "%s", err.text);
	fclose(out);
	fl_summary_release(&sum);
	fl_store_close(s);
	return text;
}

Test(held, leftovers_are_shares_of_what_was_freed)
{
	struct fl_tick ticks[] = { { 0, 5 * S, 400 * MIB }, { 0, 7 * S, 100 * MIB } };
	struct measured m = { { "host_leftover" }, ticks, 1, 2, "guest_freed", 400 * MIB };
	struct fl_figure_args args = { 0 };
	cleanup_free char *text = draw(&fl_figure_leftover, &m, &args);

	cr_expect_eq(args.panels, 1);
	cr_expect_str_eq(text, "0.0000 100.00\n2.0000 25.00\n\n\n");
	free(args.names);
	free(args.labels);
}

Test(held, guests_stand_on_each_other_below_the_limit)
{
	struct fl_tick ticks[] = {
		{ 0, 0, 300 * MIB }, { 1, 0, 100 * MIB }, { 2, 0, 200 * MIB },
		{ 0, S, 200 * MIB }, { 1, S, 0 },         { 2, S, 200 * MIB },
	};
	struct measured m = {
		{ "stack_rss", "stack_rss_1", "stack_rss_2" }, ticks, 3, 6, "guests_fit", 1
	};
	struct fl_figure_args args = { 0 };
	cleanup_free char *text = draw(&fl_figure_stack, &m, &args);

	cr_expect_eq(args.panels, 1);
	cr_expect_str_eq(args.labels, "\"guest 1\" \"guest 2\"");
	cr_expect_str_eq(text, "0.0000 0.00 100.00\n1.0000 0.00 0.00\n\n\n"
			       "0.0000 100.00 300.00\n1.0000 0.00 200.00\n\n\n"
			       "0 1024 1024\n1 1024 1024\n\n\n");
	free(args.names);
	free(args.labels);
}
