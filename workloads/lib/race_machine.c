// SPDX-License-Identifier: GPL-2.0
/* Operations of `races` that act on more than the pages they are given. */
#include "race.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "aligned.h"
#include "kernel_file.h"
#include "memcg.h"
#include "memory_block.h"

#define THP "/sys/kernel/mm/transparent_hugepage/"

enum race_outcome race_compact(struct race_part *p)
{
	return kernel_put("/proc/sys/vm/compact_memory", "1") ? race_skip(p, "no compaction")
							      : RACE_DONE;
}

/* Writing its pause wakes it. */
enum race_outcome race_khugepaged(struct race_part *p)
{
	return kernel_put(THP "khugepaged/pages_to_scan", "4096") ||
			       kernel_put(THP "khugepaged/scan_sleep_millisecs", "1")
		       ? race_skip(p, "no khugepaged that we may wake")
		       : RACE_DONE;
}

enum race_outcome race_switch_huge(struct race_part *p)
{
	char now[64] = "";
	const char *back = "always";
	FILE *f = fopen(THP "enabled", "re");

	if (f) {
		(void)!fgets(now, sizeof(now), f);
		fclose(f);
	}
	if (strstr(now, "[madvise]"))
		back = "madvise";
	else if (strstr(now, "[never]"))
		back = "never";
	return kernel_put(THP "enabled", "never") || kernel_put(THP "enabled", back)
		       ? race_skip(p, "no huge pages that we may switch")
		       : RACE_DONE;
}

enum race_outcome race_switch_threshold(struct race_part *p)
{
	char now[64] = "";
	FILE *f = fopen(THP "promotion_threshold", "re");

	if (!f)
		return race_skip(p, "no thp.promotion_threshold");
	(void)!fgets(now, sizeof(now), f);
	fclose(f);
	now[strcspn(now, "\n")] = '\0';
	return kernel_put(THP "promotion_threshold", "1") ||
			       kernel_put(THP "promotion_threshold", "512") ||
			       kernel_put(THP "promotion_threshold", now)
		       ? race_skip(p, "thp.promotion_threshold cannot be written")
		       : RACE_DONE;
}

enum race_outcome race_reclaim(struct race_part *p)
{
	return memcg_reclaim("2M") ? race_skip(p, "no memory.reclaim") : RACE_DONE;
}

enum race_outcome race_split(struct race_part *p)
{
	char text[96];

	snprintf(text, sizeof(text), "%d,0x%lx,0x%lx", getpid(), (unsigned long)race_page(p, 0),
		 (unsigned long)race_page(p, 0) + ALIGNED_REGION);
	return kernel_put("/sys/kernel/debug/split_huge_pages", text)
		       ? race_skip(p, "no /sys/kernel/debug/split_huge_pages")
		       : RACE_DONE;
}

enum race_outcome race_migrate(struct race_part *p)
{
	void *pages[RACE_PAGES];
	int nodes[RACE_PAGES], status[RACE_PAGES];

	for (size_t i = 0; i < p->n; i++) {
		pages[i] = race_page(p, p->first + i);
		nodes[i] = (int)(i & 1);
	}
	if (syscall(SYS_move_pages, 0, p->n, pages, nodes, status, MPOL_MF_MOVE) < 0)
		return race_skip(p, "no second NUMA node to migrate to");
	return RACE_DONE;
}

/* mm/gup_test.h: no header of user space has it. */
struct pin_longterm_test {
	uint64_t addr, size;
	uint32_t flags;
};
#define PIN_LONGTERM_TEST_START _IOW('g', 7, struct pin_longterm_test)
#define PIN_LONGTERM_TEST_STOP _IO('g', 8)
#define PIN_LONGTERM_TEST_READ _IOW('g', 9, uint64_t)
#define PIN_FOR_WRITE 1u

static enum race_outcome pin_and_see(struct race_part *p)
{
	int fd = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);
	struct pin_longterm_test pin = { (uint64_t)(uintptr_t)race_page(p, p->first), race_len(p),
					 PIN_FOR_WRITE };
	uint64_t copy = (uint64_t)(uintptr_t)p->copy;
	enum race_outcome seen = RACE_DONE;

	if (fd < 0)
		return race_skip(p, "no /sys/kernel/debug/gup_test (CONFIG_GUP_TEST)");
	/* what is unmapped, or not to be written, at this moment cannot be pinned */
	if (!ioctl(fd, PIN_LONGTERM_TEST_START, &pin)) {
		if (ioctl(fd, PIN_LONGTERM_TEST_READ, &copy))
			seen = race_broken(p, "pinned pages cannot be read: %s", strerror(errno));
		for (size_t i = 0; i < p->n && seen == RACE_DONE; i++)
			seen = race_see(p, p->first + i, p->copy + i * ALIGNED_PAGE);
		ioctl(fd, PIN_LONGTERM_TEST_STOP);
	}
	close(fd);
	return seen;
}

/*
 * The kernel has one such pin, whoever opened the file, and each close(2) of it ends the pin
 * (mm/gup_test.c, gup_test_release()): one at a time, from open(2) on.
 */
enum race_outcome race_pin(struct race_part *p)
{
	int turn = open("/sys/kernel/debug", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum race_outcome seen;

	if (turn >= 0)
		flock(turn, LOCK_EX);
	seen = pin_and_see(p);
	if (turn >= 0)
		close(turn);
	return seen;
}

/* memory.max would call the OOM killer where a quarter less cannot be had. */
enum race_outcome race_limit(struct race_part *p)
{
	struct memcg now;
	char text[24];

	if (memcg_read(&now))
		return race_skip(p, "no memory.high");
	snprintf(text, sizeof(text), "%" PRIu64, now.current / 4 * 3);
	return memcg_put("memory.high", text) || memcg_put("memory.high", "max")
		       ? race_skip(p, "memory.high cannot be written")
		       : RACE_DONE;
}

enum race_outcome race_cpuset(struct race_part *p)
{
	return memcg_put("cpuset.mems", "0") || memcg_put("cpuset.mems", "1") ||
			       memcg_put("cpuset.mems", "\n")
		       ? race_skip(p, "no cpuset.mems with two nodes")
		       : RACE_DONE;
}

enum race_outcome race_offline(struct race_part *p)
{
	char path[MEMORY_BLOCK_PATH];
	int err = memory_block_of(race_page(p, p->first), path);

	if (err == -ENOENT)
		return RACE_DONE; /* nothing is there at this moment */
	if (err)
		return race_skip(p, "memory has no blocks, or no frame numbers are told");
	err = memory_block_offline(path, 200);
	if (err == -ENOENT || err == -EACCES)
		return race_skip(p, "a block of memory cannot go offline");
	if (!err && kernel_put(path, "online_movable"))
		return race_broken(p, "%s cannot go online again", path);
	return RACE_DONE;
}
