/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's trace: only where the workload asks, whole, and absent where the kernel has none. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "tests/guest/guest_fixture.h"

#define HEAD                                                      \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 1\n" \
	"timeout = 60s\nsample = 100ms\n[guest]\nmemory = 1g\ncpus = 1\n"
#define MAINLINE                                                                    \
	"[settings]\nthp.enabled = madvise\nkhugepaged.scan_sleep_millisecs = 10\n" \
	"khugepaged.pages_to_scan = 8192\nkhugepaged.max_ptes_none = 448\n"
#define COLLAPSE "huge_memory:mm_collapse_huge_page, huge_memory:mm_collapse_huge_page_isolate"
#define RUN "run = usemem -j 32k --advise-huge -s 3 32m\n"

/* 64 pages of each range are there, and copied. */
static void judge_copies(const char *guest)
{
	cleanup_free char *ini =
		fl_asprintf(HEAD "%s" MAINLINE "[workload plain]\n" RUN "[workload traced]\n" RUN
				 "trace = thp_reserve, " COLLAPSE "\n",
			    guest);
	struct fixture f;
	double n;

	fixture_run(&f, ini);
	fixture_expect_ok(&f);
	cr_expect_not(fixture_has(&f, 0, "trace_events"), "nobody asked");
	n = fixture_metric(&f, 1, "promotions_traced");
	cr_expect_geq(n, 1, "more on a host that is not busy");
	cr_expect_eq(n, fixture_metric(&f, 1, "promotions_copy"));
	cr_expect_eq(fixture_metric(&f, 1, "promotion_bytes_copied"), n * 64 * 4);
	cr_expect_eq(fixture_metric(&f, 1, "promotion_cleared_mean"), 448);
	cr_expect_eq(fixture_metric(&f, 1, "promotion_delay_mean"), 0);
	cr_expect_gt(fixture_metric(&f, 1, "promotion_copy_time_p50"), 0);
	cr_expect_eq(fixture_metric(&f, 1, "trace_lost"), 0);
	cr_expect_not(fixture_has(&f, 1, "promotions_madvise"), "stock has no reservations");
	fixture_release(&f);
}

Test(trace, copies_of_khugepaged, .timeout = 120)
{
	judge_copies("");
}

/* There all is asked for before the guest starts. */
Test(trace, copies_with_the_instruction_clock, .timeout = 180)
{
	judge_copies("clock = instructions\n");
}

/* More than a piece, a frame and the kernel's own buffer hold. */
Test(trace, a_long_one_comes_in_pieces, .timeout = 90)
{
	cleanup_free char *text = NULL;
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nthp.enabled = never\n[workload w]\nrun = usemem 64m\n"
			     "trace = kmem:mm_page_alloc\n");
	fixture_expect_ok(&f);
	cr_expect_geq(fixture_metric(&f, 0, "trace_events") + fixture_metric(&f, 0, "trace_lost"),
		      64 * 256);
	cr_expect_not(fixture_has(&f, 0, "promotions_traced"), "of these it knows nothing");
	text = fixture_file(&f, 0, "trace");
	cr_expect_eq(strlen(text), (1 << 20) - 1, "as much as fixture_file() reads");
	cr_expect_not_null(strstr(text, "# enabled kmem:mm_page_alloc\n"));
	fixture_release(&f);
}
