// SPDX-License-Identifier: GPL-2.0
#include "snapshot_check.h"

#include <inttypes.h>
#include <stdio.h>

#include "memory_of.h"

#define PAGE_KIB 4
#define HUGE_KIB 2048

static const char *const verdicts[] = {
	[SNAPSHOT_OK] = "ok",
	[SNAPSHOT_EXCUSED] = "excused",
	[SNAPSHOT_FAIL] = "FAIL",
};

struct snapshot_events snapshot_events_now(void)
{
	return (struct snapshot_events){
		.split_pmd = memory_vmstat("thp_split_pmd"),
		.collapsed = memory_vmstat("thp_collapse_alloc"),
		.swapped = memory_vmstat("pswpout"),
		.oom_kills = memory_vmstat("oom_kill"),
	};
}

struct snapshot_events snapshot_events_since(const struct snapshot_events *then)
{
	struct snapshot_events now = snapshot_events_now();

	return (struct snapshot_events){
		.split_pmd = now.split_pmd - then->split_pmd,
		.collapsed = now.collapsed - then->collapsed,
		.swapped = now.swapped - then->swapped,
		.oom_kills = now.oom_kills - then->oom_kills,
	};
}

static bool memory_was_short(const struct snapshot_facts *f)
{
	return f->events.swapped || f->events.oom_kills;
}

/* A collapse copies shared pages: those become the other process's own, so only more is excused. */
enum snapshot_verdict snapshot_judge_dirty(const struct snapshot_facts *f)
{
	uint64_t expected = f->pages_written * PAGE_KIB, measured = f->private_dirty_kib;
	uint64_t off = measured > expected ? measured - expected : expected - measured;

	if (off * 100 <= expected)
		return SNAPSHOT_OK;
	if (memory_was_short(f))
		return SNAPSHOT_EXCUSED;
	if (measured > expected && off <= f->events.collapsed * HUGE_KIB)
		return SNAPSHOT_EXCUSED;
	return SNAPSHOT_FAIL;
}

enum snapshot_verdict snapshot_judge_splits(const struct snapshot_facts *f)
{
	int64_t lost = (int64_t)(f->huge_before_kib - f->huge_after_kib) / HUGE_KIB;

	if (!f->splits_known)
		return SNAPSHOT_EXCUSED;
	if (lost == (int64_t)f->splits_expected && f->events.split_pmd >= f->splits_expected)
		return SNAPSHOT_OK;
	if (memory_was_short(f) || f->events.collapsed)
		return SNAPSHOT_EXCUSED;
	return SNAPSHOT_FAIL;
}

static const char *excuse(const struct snapshot_facts *f, enum snapshot_verdict verdict)
{
	if (verdict != SNAPSHOT_EXCUSED)
		return "";
	if (memory_was_short(f))
		return " (memory was short)";
	if (f->events.collapsed)
		return " (khugepaged collapsed)";
	return " (which regions were huge is not known)";
}

bool snapshot_check_dirty(const struct snapshot_facts *f)
{
	enum snapshot_verdict verdict = snapshot_judge_dirty(f);

	printf("check private_dirty %s measured %" PRIu64 " expected %" PRIu64 "%s\n",
	       verdicts[verdict], f->private_dirty_kib, f->pages_written * PAGE_KIB,
	       excuse(f, verdict));
	return verdict != SNAPSHOT_FAIL;
}

bool snapshot_check_splits(const struct snapshot_facts *f)
{
	enum snapshot_verdict verdict = snapshot_judge_splits(f);

	printf("check pmd_splits %s measured %" PRIu64 " expected %" PRIu64 "%s\n",
	       verdicts[verdict], f->events.split_pmd, f->splits_expected, excuse(f, verdict));
	return verdict != SNAPSHOT_FAIL;
}
