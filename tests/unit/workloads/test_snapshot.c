// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/lib/dataset.h"
#include "workloads/lib/memory_of.h"
#include "workloads/lib/pace.h"
#include "workloads/lib/snapshot_check.h"

#define PAGE 4096u
#define REGION (2u << 20)

static void open_dataset(struct dataset *d, uint64_t value, double theta)
{
	*d = (struct dataset){ .size = 4 * REGION, .value = value, .theta = theta };
	cr_assert_eq(dataset_init(d, 1, false), 0);
	memset(d->map, 1, d->size);
}

Test(workload_snapshot, written_pages_are_counted_once)
{
	struct dataset d;
	unsigned char *seen = calloc(4 * REGION / PAGE, 1);
	uint64_t pages = 0;

	open_dataset(&d, 1024, 0);
	dataset_mark(&d);
	for (int i = 0; i < 3000; i++) {
		size_t at = (size_t)(dataset_next(&d) - d.map);

		cr_assert_eq(at % 1024, 0);
		cr_assert_lt(at, d.size);
		pages += !seen[at / PAGE];
		seen[at / PAGE] = 1;
	}
	cr_expect_eq(dataset_pages_written(&d), pages);
	cr_expect_eq(dataset_regions_written(&d), 4);
	dataset_mark(&d);
	cr_expect_eq(dataset_pages_written(&d), 0);
	dataset_release(&d);
	free(seen);
}

Test(workload_snapshot, hot_keys_do_not_lie_together)
{
	struct dataset d;

	open_dataset(&d, 64, 0.99);
	dataset_mark(&d);
	for (int i = 0; i < 2000; i++)
		dataset_next(&d);
	cr_expect_gt(dataset_pages_written(&d), 500);
	dataset_release(&d);
}

Test(workload_snapshot, thinning_frees_the_pages_without_a_value)
{
	struct memory_of before, after;
	struct dataset d;
	uint64_t freed;

	open_dataset(&d, 4096, 0);
	memory_of_range(d.map, d.size, &before);
	freed = dataset_thin(&d, 80);
	memory_of_range(d.map, d.size, &after);
	cr_expect_eq(freed, 1638);
	cr_expect_eq(d.live, 410);
	cr_expect_eq(before.rss_kib, 4 * REGION / 1024);
	if (!before.anon_huge_kib)
		cr_expect_eq(before.rss_kib - after.rss_kib, freed * 4);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(*dataset_next(&d), 1, "a deleted value is written");
	cr_expect_eq(dataset_read(&d), d.live * 512 * 0x0101010101010101u);
	dataset_release(&d);
}

Test(workload_snapshot, a_region_is_split_once)
{
	uint64_t all = 4 * REGION / 1024, splits;
	struct dataset d;

	open_dataset(&d, 4096, 0);
	dataset_mark(&d);
	d.written[0] = d.written[5] = d.written[512] = 1;
	cr_expect(dataset_splits(&d, all, &splits));
	cr_expect_eq(splits, 2);
	cr_expect(dataset_splits(&d, 0, &splits));
	cr_expect_eq(splits, 0);
	dataset_end(&d);
	dataset_mark(&d);
	d.written[1] = d.written[1024] = 1;
	cr_expect(dataset_splits(&d, all / 2, &splits));
	cr_expect_eq(splits, 1);
	cr_expect_not(dataset_splits(&d, all, &splits), "khugepaged made some huge again");
	dataset_end(&d);
	cr_expect_eq(dataset_regions_ever(&d), 3);
	dataset_release(&d);
}

Test(workload_snapshot, dirty_is_judged_within_one_per_cent)
{
	struct snapshot_facts f = { .pages_written = 1000, .private_dirty_kib = 4000 };

	cr_expect_eq(snapshot_judge_dirty(&f), SNAPSHOT_OK);
	f.private_dirty_kib = 4040;
	cr_expect_eq(snapshot_judge_dirty(&f), SNAPSHOT_OK);
	f.private_dirty_kib = 4044;
	cr_expect_eq(snapshot_judge_dirty(&f), SNAPSHOT_FAIL);
	f.events.collapsed = 1;
	cr_expect_eq(snapshot_judge_dirty(&f), SNAPSHOT_EXCUSED);
	f.private_dirty_kib = 3956;
	cr_expect_eq(snapshot_judge_dirty(&f), SNAPSHOT_FAIL, "a collapse takes nothing away");
	f.events.swapped = 11;
	cr_expect_eq(snapshot_judge_dirty(&f), SNAPSHOT_EXCUSED);
	f = (struct snapshot_facts){ .private_dirty_kib = 4 };
	cr_expect_eq(snapshot_judge_dirty(&f), SNAPSHOT_FAIL, "nothing was written");
}

Test(workload_snapshot, splits_are_judged_exactly)
{
	struct snapshot_facts f = {
		.huge_before_kib = 8192,
		.huge_after_kib = 4096,
		.splits_known = true,
		.splits_expected = 2,
		.events = { .split_pmd = 2 },
	};

	cr_expect_eq(snapshot_judge_splits(&f), SNAPSHOT_OK);
	f.events.split_pmd = 5;
	cr_expect_eq(snapshot_judge_splits(&f), SNAPSHOT_OK, "others split theirs");
	f.events.split_pmd = 1;
	cr_expect_eq(snapshot_judge_splits(&f), SNAPSHOT_FAIL);
	f.events.split_pmd = 2;
	f.huge_after_kib = 8192;
	cr_expect_eq(snapshot_judge_splits(&f), SNAPSHOT_FAIL, "huge pages were copied");
	f.splits_known = false;
	cr_expect_eq(snapshot_judge_splits(&f), SNAPSHOT_EXCUSED);
}

static unsigned int turns(struct pace *p)
{
	unsigned int n = 0;

	while (pace_next(p))
		n++;
	cr_expect_eq(n, p->turns);
	return n;
}

Test(workload_pace, ends_by_count_time_or_descriptor)
{
	struct pace counted = { .rate = PACE_MAX, .fd = -1, .count = 1000 };
	struct pace none = { .rate = 0, .fd = -1, .count = 1000 };
	struct pace timed = { .rate = 1000, .fd = -1, .ns = 100000000 };
	struct pace told = { .rate = PACE_MAX };
	uint64_t began;
	double timed_turns;
	int pipes[2];

	turns(&counted);
	cr_expect_eq(counted.turns, 1000);
	turns(&none);
	cr_expect_eq(none.turns, 0);
	began = pace_now_ns();
	timed_turns = turns(&timed);
	cr_expect_geq(pace_now_ns() - began, 100000000);
	cr_expect_float_eq(timed_turns, 100, 5);
	cr_assert_eq(pipe(pipes), 0);
	cr_assert_eq(write(pipes[1], "", 1), 1);
	told.fd = pipes[0];
	turns(&told);
	cr_expect_eq(told.turns, 0);
	close(pipes[0]);
	close(pipes[1]);
}
