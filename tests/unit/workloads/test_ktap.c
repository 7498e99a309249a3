/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "workloads/lib/ktap.h"

/* What comes out of lines that a selftest printed. */
static char *through(const char *const *lines, struct ktap *k)
{
	char *text = NULL;
	size_t len;

	*k = (struct ktap){ .out = open_memstream(&text, &len) };
	for (; *lines; lines++)
		ktap_line(k, *lines);
	ktap_close(k);
	fclose(k->out);
	return text;
}

Test(ktap, passes_ktap_on_and_counts_it)
{
	const char *const lines[] = { "TAP version 13", "1..3",
				      "# [RUN] a",      "ok 1 good",
				      "not ok 2 bad",   "ok 3 # SKIP no swap",
				      "    ok 4 inner", NULL };
	struct ktap k;
	char *text = through(lines, &k);

	cr_expect_str_eq(text, "TAP version 13\n1..3\n# [RUN] a\nok 1 good\nnot ok 2 bad\n"
			       "ok 3 # SKIP no swap\n    ok 4 inner\n");
	cr_expect_eq(k.counts[KTAP_PASS], 1);
	cr_expect_eq(k.counts[KTAP_FAIL], 1);
	cr_expect_eq(k.counts[KTAP_SKIP], 1);
	cr_expect_eq(k.number, 3);
	free(text);
}

/* As mm/khugepaged.c of 6.12 prints; its escape codes are gone by then. */
Test(ktap, khugepaged_cases_are_as_good_as_their_worst_step)
{
	const char *const lines[] = { "Save THP and khugepaged settings... OK",
				      "Allocate huge page on fault... OK",
				      "",
				      "Run test: collapse_full (khugepaged:anon)",
				      "Collapse multiple fully populated PTE table.... OK",
				      "",
				      "Run test: collapse_empty (khugepaged:anon)",
				      "Do not collapse empty PTE table.... Timeout",
				      "",
				      "Run test: collapse_max_ptes_swap (madvise:anon)",
				      "Swapout 65 of 512 pages... Fail",
				      "Swapin... OK",
				      "",
				      "Run test: collapse_fork (madvise:anon)",
				      "Maybe collapse... Skip",
				      NULL };
	struct ktap k;
	char *text = through(lines, &k);

	cr_expect(strstr(text, "ok 1 collapse_full (khugepaged:anon)\n"), "%s", text);
	cr_expect(strstr(text, "not ok 2 collapse_empty (khugepaged:anon)\n"), "%s", text);
	cr_expect(strstr(text, "not ok 3 collapse_max_ptes_swap (madvise:anon)\n"), "%s", text);
	cr_expect(strstr(text, "ok 4 collapse_fork (madvise:anon) # SKIP"), "%s", text);
	cr_expect_eq(k.number, 4);
	free(text);
}

Test(ktap, userfaultfd_tests_are_named_by_what_they_test)
{
	const char *const lines[] = { "Testing zeropage on anon... done",
				      "Testing move on anon... skipped [reason: not here]",
				      "Testing wp-fork on anon... failed [reason: lost a page]",
				      "Testing is under way", NULL };
	struct ktap k;
	char *text = through(lines, &k);

	cr_expect_str_eq(text, "ok 1 zeropage on anon\n"
			       "ok 2 move on anon # SKIP [reason: not here]\n"
			       "not ok 3 wp-fork on anon\nTesting is under way\n");
	free(text);
}
