/* SPDX-License-Identifier: GPL-2.0 */
/* Test cases of a point: KTAP's, and reports of KCSAN. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "harness/collect/collect.h"

/* The two reports of Documentation/dev-tools/kcsan.rst, as a console has them. */
static const char first[] =
	"[   10.000001][  T488] ====================================================\n"
	"[   10.000002][  T488] BUG: KCSAN: data-race in test_kernel_read / test_kernel_write\n"
	"[   10.000003][  T488] \n"
	"[   10.000004][  T488] write to 0xffffffffc009a628 of 8 bytes by task 487 on cpu 0:\n"
	"[   10.000005][  T488]  test_kernel_write+0x1d/0x30\n"
	"[   10.000006][  T488]  access_thread+0x89/0xd0\n"
	"[   10.000007][  T488] \n"
	"[   10.000008][  T488] read to 0xffffffffc009a628 of 8 bytes by task 488 on cpu 6:\n"
	"[   10.000009][  T488]  test_kernel_read+0x10/0x20\n"
	"[   10.000010][  T488]  access_thread+0x89/0xd0\n"
	"[   10.000011][  T488] \n"
	"[   10.000012][  T488] value changed: 0x00000000000009a6 -> 0x00000000000009b2\n"
	"[   10.000013][  T488] \n"
	"[   10.000014][  T488] Reported by Kernel Concurrency Sanitizer on:\n"
	"[   10.000015][  T488] CPU: 6 PID: 488 Comm: access_thread Not tainted 5.12.0-rc2+ #1\n"
	"[   10.000016][  T488] ====================================================\n";
static const char second[] =
	"[   11.000002] BUG: KCSAN: data-race in test_kernel_rmw_array+0x71/0xd0\n"
	"[   11.000003] \n"
	"[   11.000004] race at unknown origin, with read to 0xffffffffc009bdb0 of 8 bytes by task "
	"515 on cpu 2:\n"
	"[   11.000005]  test_kernel_rmw_array+0x71/0xd0\n"
	"[   11.000006]  access_thread+0x89/0xd0\n";

static struct fl_result read_console(const char *a, const char *b, const char *c)
{
	struct fl_result r = { 0 };
	char text[8192];
	FILE *f;

	snprintf(text, sizeof(text), "%s%s%s ", a, b, c);
	f = fmemopen(text, strlen(text), "r");
	cr_assert_not_null(f);
	fl_collect_kcsan(&r, f);
	fclose(f);
	return r;
}

static double findings(const struct fl_result *r)
{
	const struct fl_value *v = fl_result_find(r, "kcsan_findings");

	return v ? v->value : -1;
}

Test(cases, reports_of_kcsan_are_found_once_and_counted)
{
	struct fl_result r = read_console(first, second, first);

	cr_assert_eq(r.n_cases, 2);
	cr_expect_str_eq(r.cases[0].name, "data-race in test_kernel_read / test_kernel_write");
	cr_expect_eq(r.cases[0].outcome, FL_CASE_FOUND);
	cr_expect_eq(r.cases[0].failures, 2);
	cr_expect_str_eq(r.cases[0].detail, "write of 8 bytes in test_kernel_write; "
					    "read of 8 bytes in test_kernel_read");
	cr_expect_not_null(strstr(r.cases[0].text, "test_kernel_read+0x10/0x20\n access_thread"));
	cr_expect_not_null(strstr(r.cases[0].text, "value changed"));
	cr_expect_null(strstr(r.cases[0].text, "CPU: 6 PID"));
	cr_expect_str_eq(r.cases[1].name, "data-race in test_kernel_rmw_array");
	cr_expect_eq(r.cases[1].failures, 1);
	cr_expect_str_eq(r.cases[1].detail, "read of 8 bytes in test_kernel_rmw_array");
	cr_expect_eq(findings(&r), 2);
	fl_result_release(&r);
}

/* 0 is said of a kernel that looks, and nothing of one that does not. */
Test(cases, a_kernel_without_kcsan_has_found_nothing)
{
	struct fl_result none = read_console("[    0.1] Linux version 6.12\n", "", "");
	struct fl_result quiet = read_console("[    0.2] kcsan: enabled early\n", "", "");

	cr_expect_eq(findings(&none), -1);
	cr_expect_eq(findings(&quiet), 0);
	fl_result_release(&none);
	fl_result_release(&quiet);
}

Test(cases, what_a_compiler_hangs_on_a_name_is_no_other_race)
{
	struct fl_result r =
		read_console("BUG: KCSAN: data-race in lru_add.constprop.0 / mark.part.12.cold\n",
			     "BUG: KCSAN: data-race in lru_add / mark\n", "");

	cr_assert_eq(r.n_cases, 1);
	cr_expect_str_eq(r.cases[0].name, "data-race in lru_add / mark");
	cr_expect_eq(r.cases[0].failures, 2);
	fl_result_release(&r);
}

Test(cases, counts_and_what_was_printed_before_a_failure)
{
	static const char text[] = "# a,b: 9 rounds\nok 1 a,b # 0 of 8 rounds that met\n"
				   "# c,d: round 3: page 8\n# more\n"
				   "not ok 2 c,d # 27 of 80 rounds that met\n"
				   "ok 3 e,f # SKIP they never met\nok 4 g # of 5\n";
	struct fl_result r = { 0 };

	fl_collect_cases(&r, text, strlen(text));
	cr_assert_eq(r.n_cases, 4);
	cr_expect_str_eq(r.cases[0].name, "a,b");
	cr_expect_eq(r.cases[0].failures, 0);
	cr_expect_eq(r.cases[0].tries, 8);
	cr_expect_null(r.cases[0].text);
	cr_expect_str_eq(r.cases[1].name, "c,d");
	cr_expect_eq(r.cases[1].failures, 27);
	cr_expect_eq(r.cases[1].tries, 80);
	cr_expect_str_eq(r.cases[1].text, "c,d: round 3: page 8\nmore");
	cr_expect_eq(r.cases[2].tries, 0);
	cr_expect_str_eq(r.cases[2].detail, "they never met");
	cr_expect_str_eq(r.cases[3].name, "g # of 5");
	fl_result_release(&r);
}
