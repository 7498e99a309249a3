/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/collect/collect.h"

static double value(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return r->values[i].value;
	return NAN;
}

static void recorded(struct fl_result *r, const char *name)
{
	static char text[1 << 16];
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "tests/data/proc/%s", name);
	f = fopen(path, "re");
	cr_assert_not_null(f, "%s", path);
	fl_collect_trace(r, text, fread(text, 1, sizeof(text), f));
	fclose(f);
}

#define HEAD "# enabled thp_reserve\n# enabled huge_memory\n"
#define EVENT(task, time, rest) "  " task "  [000] .N...  " time ": " rest "\n"
#define PROMOTE(mapped, by, ns, result)                                                 \
	EVENT("usemem-99", "20.1",                                                      \
	      "thp_res_promote: mm=0 haddr=7f pfn=1 mapped=" mapped " cleared=1 by=" by \
	      " latency=" ns " ns result=" result)
#define TAKEN(task, time, none)                                                 \
	EVENT(task, time,                                                       \
	      "mm_collapse_huge_page_isolate: scan_pfn=0x1, none_or_zero=" none \
	      ", referenced=1, writable=1, status=succeeded")
#define ENDED(task, time, how) \
	EVENT(task, time, "mm_collapse_huge_page: mm=0, isolated=1, status=" how)

static struct fl_result collected(const char *text)
{
	struct fl_result r = { 0 };

	fl_collect_trace(&r, text, strlen(text));
	for (size_t i = 0; i < r.n_values; i++)
		cr_expect_not_null(fl_metric_find(r.values[i].name), "%s", r.values[i].name);
	return r;
}

/* 64 pages of each range were touched; counted and added up with awk. */
Test(trace, recorded_in_place)
{
	struct fl_result r = { 0 };

	recorded(&r, "trace_inplace");
	cr_expect_eq(value(&r, "promotions_traced"), 31);
	cr_expect_eq(value(&r, "promotion_mapped_mean"), 64);
	cr_expect_eq(value(&r, "promotion_cleared_mean"), 448);
	cr_expect_eq(value(&r, "promotion_delay_mean"), 0, "threshold 64");
	cr_expect_float_eq(value(&r, "promotion_latency_mean"), 279479.387, 0.01);
	cr_expect_eq(value(&r, "promotion_latency_max"), 322075);
	cr_expect_eq(value(&r, "promotion_latency_p50"), 277316);
	cr_expect_eq(value(&r, "promotion_bytes_copied"), 0);
	cr_expect(isnan(value(&r, "promotion_copy_time_mean")));
	cr_expect_eq(value(&r, "promotions_failed"), 0);
	cr_expect_eq(value(&r, "trace_lost"), 0);
	fl_result_release(&r);
}

Test(trace, recorded_copies)
{
	struct fl_result r = { 0 };

	recorded(&r, "trace_copy");
	cr_expect_eq(value(&r, "promotions_traced"), 31);
	cr_expect_eq(value(&r, "promotion_mapped_mean"), 64);
	cr_expect_eq(value(&r, "promotion_cleared_mean"), 448);
	cr_expect_eq(value(&r, "promotion_bytes_copied"), 31 * 64 * 4);
	cr_expect_eq(value(&r, "promotion_delay_mean"), 0, "512 - max_ptes_none is 64");
	cr_expect_float_eq(value(&r, "promotion_copy_time_mean"), 435129.03, 1);
	cr_expect_float_eq(value(&r, "promotion_copy_time_max"), 442000, 1);
	cr_expect(isnan(value(&r, "promotion_latency_mean")));
	cr_expect(isnan(value(&r, "promotions_madvise")), "this kernel has no reservations");
	fl_result_release(&r);
}

/* Mainline from 7.2 on says of what size a collapse is: 128 of 64 KiB are 8 MiB, not 256. */
Test(trace, a_collapse_is_as_large_as_the_kernel_says)
{
	char text[65536] = HEAD "# khugepaged.max_ptes_none 511\n";
	struct fl_result r;

	for (int i = 0; i < 128; i++) {
		strcat(text, TAKEN("khugepaged-27", "20.1", "4"));
		strcat(text, ENDED("khugepaged-27", "20.2", "succeeded, order=4"));
	}
	r = collected(text);
	cr_expect_eq(value(&r, "promotions_traced"), 128);
	cr_expect_eq(value(&r, "promotion_bytes_copied"), 128 * 12 * 4);
	cr_expect_eq(value(&r, "promotion_mapped_mean"), 12);
	cr_expect_eq(value(&r, "promotion_cleared_mean"), 4);
	cr_expect(isnan(value(&r, "promotion_delay_mean")), "no threshold follows from 511");
	fl_result_release(&r);
}

/* There 448 is no threshold of 64: only 0 and 511 mean something. */
Test(trace, a_threshold_that_such_a_kernel_does_not_have_is_not_computed)
{
	struct fl_result r = collected(
		HEAD "# khugepaged.max_ptes_none 448\n" TAKEN("khugepaged-27", "20.1", "12")
			ENDED("khugepaged-27", "20.2", "succeeded, order=9"));
	struct fl_result old = collected(HEAD "# khugepaged.max_ptes_none 448\n" TAKEN(
		"khugepaged-27", "20.1", "12") ENDED("khugepaged-27", "20.2", "succeeded"));

	cr_expect_eq(value(&r, "promotion_bytes_copied"), 500 * 4);
	cr_expect(isnan(value(&r, "promotion_delay_mean")));
	cr_expect_eq(value(&old, "promotion_delay_mean"), 436);
	fl_result_release(&r);
	fl_result_release(&old);
}

/* By nearest rank: of 10, 20, 30 and 40 the median is 20 and the 99th percentile 40. */
Test(trace, who_promoted_and_how_late)
{
	struct fl_result r = collected(
		HEAD "# thp.promotion_threshold 8\n" PROMOTE("8", "fault", "10", "0")
			PROMOTE("12", "khugepaged", "40", "0") PROMOTE("2", "madvise", "30", "0")
				PROMOTE("10", "fault", "20", "0")
					PROMOTE("9", "fault", "99", "-16"));

	cr_expect_eq(value(&r, "promotions_traced"), 4);
	cr_expect_eq(value(&r, "promotions_failed"), 1);
	cr_expect_eq(value(&r, "promotions_madvise"), 1);
	cr_expect_eq(value(&r, "promotion_mapped_mean"), 8); /* (8 + 12 + 2 + 10) / 4 */
	cr_expect_eq(value(&r, "promotion_cleared_mean"), 504);
	cr_expect_eq(value(&r, "promotion_delay_mean"), 2); /* (0 + 4 + 2) / 3: madvise waits not */
	cr_expect_eq(value(&r, "promotion_latency_p50"), 20);
	cr_expect_eq(value(&r, "promotion_latency_p99"), 40);
	cr_expect_eq(value(&r, "promotion_latency_max"), 40);
	cr_expect_eq(value(&r, "promotion_latency_mean"), 25);
	fl_result_release(&r);
}

/* Two tasks collapse at once, one of them with a name that looks like a head. */
Test(trace, copies_of_several_tasks_do_not_mix)
{
	struct fl_result r = collected(
		HEAD "# khugepaged.max_ptes_none 500\n" TAKEN("khugepaged-27", "1.000100", "500")
			TAKEN("a [0] b-4-31", "1.000200",
			      "0") ENDED("khugepaged-27", "1.000150",
					 "succeeded") ENDED("a [0] b-4-31", "1.000400", "succeeded")
				TAKEN("khugepaged-27", "2.000000", "12")
					ENDED("khugepaged-27", "2.000100", "pte_non_present")
						ENDED("khugepaged-27", "2.000200",
						      "alloc_huge_page_failed"));

	cr_expect_eq(value(&r, "promotions_traced"), 2);
	cr_expect_eq(value(&r, "promotions_failed"), 2);
	cr_expect_eq(value(&r, "promotion_bytes_copied"), (12 + 512) * 4);
	cr_expect_eq(value(&r, "promotion_delay_mean"), 0, "of khugepaged's alone: 12 - 12");
	cr_expect_float_eq(value(&r, "promotion_copy_time_max"), 200000, 1);
	cr_expect_float_eq(value(&r, "promotion_copy_time_mean"), 125000, 1);
	fl_result_release(&r);
}

Test(trace, what_was_reserved_in_vain_and_what_was_lost)
{
	struct fl_result r = collected(
		HEAD "# entries-in-buffer/entries-written: 3/10   #P:1\n" EVENT(
			"a-1", "1.5", "thp_res_release: pfn=1 unused=448")
			EVENT("a-1", "1.6", "thp_res_release: pfn=2 unused=400")
				EVENT("kswapd0-30", "1.7", "thp_res_reclaim: nid=0 pages=848"));

	cr_expect_eq(value(&r, "reservation_unused_mean"), 424);
	cr_expect_eq(value(&r, "reserved_pages_reclaimed"), 848);
	cr_expect_eq(value(&r, "trace_events"), 3);
	cr_expect_eq(value(&r, "trace_lost"), 7);
	fl_result_release(&r);
}

Test(trace, an_event_that_was_not_on_is_absent_not_0)
{
	struct fl_result r = collected("# enabled thp_reserve\n# tracer: nop\n");

	cr_expect(isnan(value(&r, "promotion_bytes_copied")));
	cr_expect_eq(value(&r, "promotions_traced"), 0);
	fl_result_release(&r);
	r = collected("# enabled sched\n");
	cr_expect(isnan(value(&r, "promotions_traced")));
	cr_expect_eq(value(&r, "trace_events"), 0);
	fl_result_release(&r);
}

Test(trace, what_makes_no_sense_is_passed_over)
{
	struct fl_result r = collected(
		HEAD PROMOTE("513", "fault", "10",
			     "0") PROMOTE("x", "fault", "10", "0") PROMOTE("8", "fault", "-1", "0")
			ENDED("nobody", "1.0",
			      "succeeded") ": thp_res_promote: \n"
					   ": thp_res_promote: mapped=8 latency=5 result=0\n"
					   "a-1 [000] x: thp_res_promote: mapped=8 latency=5 "
					   "result=0\n"
					   "usemem-99 [000] ..... 1.0: thp_res_promote: cut in the "
					   "mi");

	cr_expect_eq(value(&r, "promotions_traced"), 0);
	cr_expect(isnan(value(&r, "promotion_latency_p50")));
	fl_result_release(&r);
	r = collected("");
	fl_result_release(&r);
}
