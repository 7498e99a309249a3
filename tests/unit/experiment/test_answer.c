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

Test(answer, what_is_missing_or_unknown)
{
	refused("[summary]\nabout = x\n", "x.ini:2: [summary] needs a column");
	refused("[summary]\nabout = x\n[summary c]\nof = kernel=a\n", "[summary c] needs metric =");
	refused("[summary]\nmetric = held_rss\n[summary c]\nshow = value\n",
		"x.ini:4: [summary c] needs of =");
	refused("[summary]\nmetric = held_rss\ncrossing = none\n[summary c]\nof = kernel=a\n",
		"crossing = none: no such crossing");
	refused("[summary]\nrows = x\n", "unknown key rows in [summary]");
	refused("[summary c]\nagainst = kernel=x\n", "unknown key against in [summary c]");
	refused("[summary c]\nshow = both\n", "change or value");
}
