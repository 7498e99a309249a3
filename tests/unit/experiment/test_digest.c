/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/experiment/crossing.h"
#include "harness/experiment/digest.h"

static int check(const char *text, struct fl_error *err)
{
	struct fl_crossings crossings = { 0 };
	struct fl_digest d;
	int bad = fl_digest_parse(&d, text, err) || fl_crossings_parse(&crossings, text, err) ||
		  fl_digest_check(&d, &crossings, "x.ini", err);

	fl_crossings_release(&crossings);
	fl_digest_release(&d);
	return bad;
}

static void refused(const char *text, const char *sentence)
{
	struct fl_error err = { 0 };

	cr_expect(check(text, &err), "%s is taken", text);
	cr_expect(strstr(err.text, sentence), "%s", err.text);
}

Test(digest, columns_in_the_order_of_the_file)
{
	static const char text[] = "[summary]\nabout = x\nmetric = held_rss\nagainst = kernel=a\n"
				   "workloads = v, w\n[summary T=64]\nof = kernel=b\n"
				   "[summary two words]\nmetric = fault_count\nof = workload=w\n"
				   "show = value\n";
	struct fl_error err = { 0 };
	struct fl_digest d;

	cr_assert(!fl_digest_parse(&d, text, &err), "%s", err.text);
	cr_expect(d.given && d.has_against);
	cr_expect_eq(d.workloads.n, 2);
	cr_assert_eq(d.n, 2);
	cr_expect_str_eq(d.columns[0].name, "T=64");
	cr_expect_null(d.columns[0].metric);
	cr_expect_not(d.columns[0].plain);
	cr_expect_str_eq(d.columns[1].name, "two words");
	cr_expect_str_eq(d.columns[1].metric, "fault_count");
	cr_expect(d.columns[1].plain);
	fl_digest_release(&d);
	cr_expect_not(check("[experiment]\nname = x\n", &err));
}

Test(digest, what_is_missing_or_unknown)
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
