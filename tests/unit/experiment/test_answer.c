/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/experiment/crossing.h"
#include "harness/experiment/answer.h"

static int check(const char *text, struct fl_error *err)
{
	struct fl_crossings crossings = { 0 };
	struct fl_answer a;
	int bad = fl_answer_parse(&a, text, err) || fl_crossings_parse(&crossings, text, err) ||
		  fl_answer_check(&a, &crossings, "x.ini", err);

	fl_crossings_release(&crossings);
	fl_answer_release(&a);
	return bad;
}

static void refused(const char *text, const char *sentence)
{
	struct fl_error err = { 0 };

	cr_expect(check(text, &err), "%s is taken", text);
	cr_expect(strstr(err.text, sentence), "%s", err.text);
}

Test(answer, columns_in_the_order_of_the_file)
{
	static const char text[] = "[summary]\nabout = x\nmetric = held_rss\nagainst = kernel=a\n"
				   "workloads = v, w\n[summary T=64]\nof = kernel=b\n"
				   "[summary two words]\nmetric = fault_count\nof = workload=w\n"
				   "show = value\n";
	struct fl_error err = { 0 };
	struct fl_answer a;

	cr_assert(!fl_answer_parse(&a, text, &err), "%s", err.text);
	cr_expect(a.given && a.has_against);
	cr_expect_eq(a.workloads.n, 2);
	cr_assert_eq(a.n, 2);
	cr_expect_str_eq(a.columns[0].name, "T=64");
	cr_expect_null(a.columns[0].metric);
	cr_expect_not(a.columns[0].plain);
	cr_expect_str_eq(a.columns[1].name, "two words");
	cr_expect_str_eq(a.columns[1].metric, "fault_count");
	cr_expect(a.columns[1].plain);
	fl_answer_release(&a);
	cr_expect_not(check("[experiment]\nname = x\n", &err));
}

Test(answer, declared_lines_and_cells_of_several_rows)
{
	static const char text[] =
		"[summary]\nmetric = held_rss\nagainst = kernel=a\nsince = last\n"
		"[summary c]\nof = kernel=b\nover = sum\n"
		"[summary d]\nof = kernel=b\nshow = yes-no\n"
		"[summary-line one]\nof = workload=v\n";
	struct fl_error err = { 0 };
	struct fl_answer a;

	cr_assert(!fl_answer_parse(&a, text, &err), "%s", err.text);
	cr_expect(a.since_last);
	cr_assert_eq(a.n_lines, 1);
	cr_expect_str_eq(a.lines[0].name, "one");
	cr_expect_str_eq(a.lines[0].of.values.v[0], "v");
	cr_expect_eq(a.columns[0].over, FL_OVER_SUM);
	cr_expect(a.columns[0].plain, "a sum has no reference");
	cr_expect(a.columns[1].plain && a.columns[1].yes_no);
	fl_answer_release(&a);
}

Test(answer, what_is_missing_or_unknown)
{
	refused("[summary c]\nover = mean\n", "over = mean: one of first, sum, least, most");
	refused("[summary]\nsince = yesterday\n", "since = yesterday: last");
	refused("[summary-line]\nof = kernel=a\n", "[summary-line] needs a name");
	refused("[summary-line a]\nrow = x\n", "unknown key row in [summary-line a]");
	refused("[summary-line a]\nof = kernel=a\n", "x.ini:2: [summary-line a] needs a [summary]");
	refused("[summary]\nabout = x\n", "x.ini:2: [summary] needs a column");
	refused("[summary]\nabout = x\n[summary c]\nof = kernel=a\n", "[summary c] needs metric =");
	refused("[summary]\nmetric = held_rss\n[summary c]\nshow = value\n",
		"x.ini:4: [summary c] needs of =");
	refused("[summary]\nmetric = held_rss\ncrossing = none\n[summary c]\nof = kernel=a\n",
		"crossing = none: no such crossing");
	refused("[summary]\nrows = x\n", "unknown key rows in [summary]");
	refused("[summary c]\nagainst = kernel=x\n", "unknown key against in [summary c]");
	refused("[summary c]\nshow = both\n", "one of change, value, yes-no");
}
