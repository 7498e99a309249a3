/* SPDX-License-Identifier: GPL-2.0 */
/* The answer as bars: none is longer than its number. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/html_run.h"

/* Two lines, two columns of one metric; NAN: not measured. */
static char *bars(bool change, bool yes_no, const double values[4], bool *drawn)
{
	static char names[2][8] = { "a", "b" }, labels[2][8] = { "one", "two" }, metric[] = "m";
	struct fl_summary s = { 0 };
	struct fl_answered_column columns[2];
	struct fl_answered_cell cells[2][2];
	struct fl_answered_line lines[2];
	struct fl_answered a = {
		.given = true, .columns = columns, .n_columns = 2, .lines = lines, .n_lines = 2
	};
	struct fl_html_run r = { .s = &s, .answered = &a, .prefix = "" };
	char *text = NULL;
	size_t len = 0;

	for (int i = 0; i < 2; i++) {
		columns[i] = (struct fl_answered_column){ .name = names[i],
							  .metric = metric,
							  .change = change,
							  .yes_no = yes_no,
							  .per = 1 };
		lines[i] = (struct fl_answered_line){ .label = labels[i], .cells = cells[i] };
		for (int k = 0; k < 2; k++) {
			struct fl_answered_cell *c = &cells[i][k];

			*c = (struct fl_answered_cell){ .value = values[2 * i + k],
							.reference = 100 };
			if (change)
				fl_answered_change(c->value, 100, c->text);
			else
				snprintf(c->text, sizeof(c->text), "%g", c->value);
		}
	}
	r.out = open_memstream(&text, &len);
	*drawn = fl_html_bars(&r);
	fclose(r.out);
	return text;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

Test(bars, a_change_that_is_none_has_no_length)
{
	const double values[] = { 93, 100.2, 99.9, 100 };
	bool drawn;
	cleanup_free char *text = bars(true, false, values, &drawn);

	cr_assert(drawn);
	cr_assert_eq(count(text, "width=140.0 "), 1, "7 of 10 percent: %s", text);
	cr_assert_eq(count(text, "width=1.0 "), 3, "%s", text);
}

Test(bars, of_nothing_that_differs_there_is_no_picture)
{
	const double same[] = { 100.2, 99.8, 100, 100.1 }, one[] = { 5, NAN, NAN, NAN };
	bool drawn;
	cleanup_free char *first = bars(true, false, same, &drawn);

	cr_assert(!drawn && !*first, "%s", first);
	free(first);
	first = bars(false, false, one, &drawn);
	cr_assert(!drawn, "one value alone");
	free(first);
	first = bars(false, true, (const double[]){ 1, 0, 1, 1 }, &drawn);
	cr_assert(!drawn, "yes and no are no lengths");
}

Test(bars, lines_of_another_size_have_scales_of_their_own_and_say_so)
{
	const double far[] = { 15, 2775, 15, 120 }, near[] = { 229, 364, 177, 255 };
	bool drawn;
	cleanup_free char *text = bars(false, false, far, &drawn);

	cr_assert(strstr(text, "scale of its own"));
	cr_assert_eq(count(text, "width=200.0 "), 2, "%s", text);
	free(text);
	text = bars(false, false, near, &drawn);
	cr_assert(!strstr(text, "scale of its own"));
	cr_assert_eq(count(text, "width=200.0 "), 1, "%s", text);
}

Test(bars, a_line_without_a_number_is_left_out)
{
	const double values[] = { 1, 2, NAN, NAN };
	bool drawn;
	cleanup_free char *text = bars(false, false, values, &drawn);

	cr_assert(drawn && strstr(text, ">one<") && !strstr(text, ">two<"), "%s", text);
}
