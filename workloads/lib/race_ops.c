// SPDX-License-Identifier: GPL-2.0
/* The operations between which races are hunted: a function and a table entry each. */
#include "advice.h"
#include "race.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PINNED 16 /* pages that fit into a pipe */

static unsigned char *start_of(const struct race_part *p)
{
	return race_page(p, p->first);
}

/* --- the task's own memory --- */

static enum race_outcome do_write(struct race_part *p)
{
	for (size_t i = 0; i < p->n; i++)
		race_stamp(p, p->first + i, race_page(p, p->first + i));
	return RACE_DONE;
}

static enum race_outcome do_read(struct race_part *p)
{
	enum race_outcome seen = RACE_DONE;

	for (size_t i = 0; seen == RACE_DONE && i < p->n; i++)
		seen = race_see(p, p->first + i, race_page(p, p->first + i));
	return seen;
}

/* Refused as long as another has the pages locked. */
static enum race_outcome give_back(struct race_part *p)
{
	while (madvise(start_of(p), race_len(p), MADV_DONTNEED))
		if (errno != EINVAL || !race_locks(p))
			return race_broken(p, "MADV_DONTNEED: %s", strerror(errno));
	return RACE_DONE;
}

/* Advice may be refused, for want of memory or a huge page; unknown advice is no operation. */
static enum race_outcome advise(struct race_part *p, int advice, const char *none)
{
	errno = 0;
	if (madvise(start_of(p), race_len(p), advice) && errno == EINVAL && !race_locks(p))
		return race_skip(p, none);
	return RACE_DONE;
}

static enum race_outcome free_later(struct race_part *p)
{
	return advise(p, MADV_FREE, "no MADV_FREE");
}

static enum race_outcome cold(struct race_part *p)
{
	return advise(p, MADV_COLD, "no MADV_COLD");
}

static enum race_outcome page_out(struct race_part *p)
{
	return advise(p, MADV_PAGEOUT, "no MADV_PAGEOUT");
}

static enum race_outcome populate_write(struct race_part *p)
{
	return advise(p, MADV_POPULATE_WRITE, "no MADV_POPULATE_WRITE");
}

static enum race_outcome populate_read(struct race_part *p)
{
	return advise(p, MADV_POPULATE_READ, "no MADV_POPULATE_READ");
}

/* Of the whole range, whosever pages they are: that is how it is used. */
static enum race_outcome collapse(struct race_part *p)
{
	(void)!madvise(race_page(p, 0), ALIGNED_REGION, MADV_COLLAPSE);
	return RACE_DONE;
}

static enum race_outcome merge(struct race_part *p)
{
	if (madvise(start_of(p), race_len(p), MADV_MERGEABLE))
		return race_skip(p, "no KSM");
	if (madvise(start_of(p), race_len(p), MADV_UNMERGEABLE))
		return race_broken(p, "MADV_UNMERGEABLE: %s", strerror(errno));
	return RACE_DONE;
}

static enum race_outcome no_huge(struct race_part *p)
{
	advise(p, MADV_NOHUGEPAGE, "");
	return advise(p, MADV_HUGEPAGE, "no huge pages");
}

static enum race_outcome unmap(struct race_part *p)
{
	if (munmap(start_of(p), race_len(p)) ||
	    mmap(start_of(p), race_len(p), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != start_of(p))
		return race_broken(p, "munmap and mmap: %s", strerror(errno));
	return RACE_DONE;
}

static enum race_outcome map_anew(struct race_part *p)
{
	if (mmap(start_of(p), race_len(p), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return race_broken(p, "mmap: %s", strerror(errno));
	return RACE_DONE;
}

/*
 * At the same place of another range, or a page further: then no page table can move as a whole.
 * What was moved away leaves a hole there.
 */
static enum race_outcome move_away(struct race_part *p)
{
	size_t shift = p->first + p->n < RACE_PAGES ? prng_below(&p->random, 2) : 0;
	unsigned char *to = p->room + (p->first + shift) * ALIGNED_PAGE;
	const int how = MREMAP_MAYMOVE | MREMAP_FIXED;

	if (mremap(start_of(p), race_len(p), race_len(p), how, to) != to ||
	    mremap(to, race_len(p), race_len(p), how, start_of(p)) != start_of(p))
		return race_broken(p, "mremap there and back: %s", strerror(errno));
	if (mmap(to, race_len(p), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != to)
		return race_broken(p, "mmap where it was: %s", strerror(errno));
	return RACE_DONE;
}

static enum race_outcome protect(struct race_part *p)
{
	enum race_outcome seen;

	if (mprotect(start_of(p), race_len(p), PROT_READ))
		return race_broken(p, "mprotect: %s", strerror(errno));
	seen = do_read(p);
	if (mprotect(start_of(p), race_len(p), PROT_READ | PROT_WRITE))
		return race_broken(p, "mprotect back: %s", strerror(errno));
	return seen;
}

static enum race_outcome lock(struct race_part *p)
{
	if (mlock(start_of(p), race_len(p)))
		return race_skip(p, "mlock is not allowed");
	if (munlock(start_of(p), race_len(p)))
		return race_broken(p, "munlock: %s", strerror(errno));
	return RACE_DONE;
}

/* --- fork --- */

static enum race_outcome wait_for(struct race_part *p, pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return race_broken(p, "waitpid: %s", strerror(errno));
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return RACE_DONE;
	if (WIFSIGNALED(status))
		return race_broken(p, "the child died of signal %d", WTERMSIG(status));
	return race_broken(p, "the child saw what its memory may not hold, or change");
}

/* The child sees what was there, and nobody else sees what it writes. */
static enum race_outcome fork_child_writes(struct race_part *p)
{
	pid_t child = fork();

	if (!child) {
		bool good = do_read(p) == RACE_DONE;

		memset(start_of(p), 0xc1, race_len(p));
		_exit(!good);
	}
	return child < 0 ? race_skip(p, strerror(errno)) : wait_for(p, child);
}

/* First words of its pages before and after the parent writes: the child's memory is its own. */
static void watch(struct race_part *p, int asked, int answer)
{
	static uint64_t words[RACE_PAGES];
	bool good = true;
	char c = 0;

	for (size_t i = 0; i < p->n; i++)
		memcpy(&words[i], race_page(p, p->first + i), sizeof(words[i]));
	(void)!write(answer, &c, 1);
	(void)!read(asked, &c, 1);
	for (size_t i = 0; i < p->n; i++)
		good &= !memcmp(&words[i], race_page(p, p->first + i), sizeof(words[i]));
	_exit(!good);
}

static enum race_outcome fork_parent_writes(struct race_part *p)
{
	int there[2], back[2];
	pid_t child;
	char c = 0;

	if (pipe2(there, O_CLOEXEC) || pipe2(back, O_CLOEXEC))
		return race_skip(p, strerror(errno));
	child = fork();
	if (!child) {
		close(there[1]);
		watch(p, there[0], back[1]);
	}
	close(back[1]);
	if (child > 0)
		(void)!read(back[0], &c, 1);
	do_write(p);
	close(there[1]);
	close(there[0]);
	close(back[0]);
	return child < 0 ? race_skip(p, strerror(errno)) : wait_for(p, child);
}

/* A child that was made before the round ends within it. */
static enum race_outcome bear(struct race_part *p)
{
	p->child = fork();
	if (!p->child) {
		char c;

		close(p->pipe[1]);
		_exit(read(p->pipe[0], &c, 1) < 0);
	}
	return p->child < 0 ? race_skip(p, strerror(errno)) : RACE_DONE;
}

static enum race_outcome exit_child(struct race_part *p)
{
	pid_t child = p->child;

	p->child = 0;
	if (child <= 0)
		return RACE_DONE;
	if (write(p->pipe[1], "x", 1) != 1)
		return race_broken(p, "pipe: %s", strerror(errno));
	return wait_for(p, child);
}

/* --- pins: get_user_pages --- */

static enum race_outcome remote_read(struct race_part *p)
{
	struct iovec here = { p->copy, race_len(p) }, there = { start_of(p), race_len(p) };
	enum race_outcome seen = RACE_DONE;

	if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) != (ssize_t)race_len(p))
		return errno == ENOSYS ? race_skip(p, "no process_vm_readv")
				       : race_broken(p, "process_vm_readv: %s", strerror(errno));
	for (size_t i = 0; seen == RACE_DONE && i < p->n; i++)
		seen = race_see(p, p->first + i, p->copy + i * ALIGNED_PAGE);
	return seen;
}

static enum race_outcome remote_write(struct race_part *p)
{
	struct iovec here = { p->copy, race_len(p) }, there = { start_of(p), race_len(p) };

	for (size_t i = 0; i < p->n; i++)
		race_stamp(p, p->first + i, p->copy + i * ALIGNED_PAGE);
	if (process_vm_writev(getpid(), &here, 1, &there, 1, 0) != (ssize_t)race_len(p))
		return errno == ENOSYS ? race_skip(p, "no process_vm_writev")
				       : race_broken(p, "process_vm_writev: %s", strerror(errno));
	return RACE_DONE;
}

static enum race_outcome pin(struct race_part *p)
{
	size_t n = p->n < PINNED ? p->n : PINNED;
	struct iovec there = { start_of(p), n * ALIGNED_PAGE };
	ssize_t left = vmsplice(p->pipe[1], &there, 1, 0);
	enum race_outcome seen = RACE_DONE;

	if (left < 0)
		return race_skip(p, "no vmsplice");
	for (size_t i = 0; left > 0; i++, left -= (ssize_t)ALIGNED_PAGE) {
		if (read(p->pipe[0], p->copy, ALIGNED_PAGE) != (ssize_t)ALIGNED_PAGE)
			return race_broken(p, "a pinned page cannot be read from the pipe");
		if (seen == RACE_DONE)
			seen = race_see(p, p->first + i, p->copy);
	}
	return seen;
}

#define KEPT "the pages hold what they held"
#define WRITTEN "the pages hold what was written last"
#define ZEROED "the pages are zero"

const struct race_op race_ops[] = {
	{ "write", "writes its pages, in order", WRITTEN, RACE_WRITES, 0, do_write, NULL },
	{ "read", "reads its pages", KEPT, RACE_KEEPS, 0, do_read, NULL },
	{ "dontneed", "MADV_DONTNEED", ZEROED, RACE_ZEROES, 0, give_back, NULL },
	{ "free", "MADV_FREE", "the pages hold what they held, or are zero", RACE_MAY_ZERO, 0,
	  free_later, NULL },
	{ "cold", "MADV_COLD", KEPT, RACE_KEEPS, RACE_SWAPS, cold, NULL },
	{ "pageout", "MADV_PAGEOUT", KEPT, RACE_KEEPS, RACE_SWAPS, page_out, NULL },
	{ "populate-write", "MADV_POPULATE_WRITE", KEPT, RACE_KEEPS, 0, populate_write, NULL },
	{ "populate-read", "MADV_POPULATE_READ", KEPT, RACE_KEEPS, 0, populate_read, NULL },
	{ "collapse", "MADV_COLLAPSE of the range", KEPT, RACE_KEEPS, 0, collapse, NULL },
	{ "no-huge", "MADV_NOHUGEPAGE and MADV_HUGEPAGE", KEPT, RACE_KEEPS, 0, no_huge, NULL },
	{ "merge", "KSM: MADV_MERGEABLE and MADV_UNMERGEABLE", KEPT, RACE_KEEPS, 0, merge, NULL },
	{ "munmap", "munmap(), then mmap() again", ZEROED, RACE_ZEROES, RACE_ALONE, unmap, NULL },
	{ "map-anew", "mmap(MAP_FIXED) over them", ZEROED, RACE_ZEROES, 0, map_anew, NULL },
	{ "mremap", "mremap() to another range and back", KEPT, RACE_KEEPS, RACE_ALONE, move_away,
	  NULL },
	{ "mprotect", "mprotect() read-only, reads, and back", KEPT, RACE_KEEPS, RACE_ALONE,
	  protect, NULL },
	{ "mlock", "mlock() and munlock()", KEPT, RACE_KEEPS, RACE_LOCKS, lock, NULL },
	{ "fork-child", "fork(); the child reads and writes",
	  "the parent's pages hold what they held, the child's too", RACE_KEEPS, 0,
	  fork_child_writes, NULL },
	{ "fork-parent", "fork(); the parent writes",
	  "the parent's pages hold what was written, the child's what they held", RACE_WRITES, 0,
	  fork_parent_writes, NULL },
	{ "exit", "a child that was forked before exits", KEPT, RACE_KEEPS, 0, exit_child, bear },
	{ "uffd-move", "UFFDIO_MOVE, page by page; moved pages are written back",
	  "what is there moves, with its contents", RACE_KEEPS, RACE_ALONE, race_uffd_move, NULL },
	{ "uffd-copy", "UFFDIO_COPY into a registered part", WRITTEN, RACE_WRITES, RACE_ALONE,
	  race_uffd_copy, NULL },
	{ "uffd-wp", "UFFDIO_WRITEPROTECT on and off", KEPT, RACE_KEEPS, RACE_ALONE,
	  race_uffd_protect, NULL },
	{ "uffd-register", "registers and unregisters", KEPT, RACE_KEEPS, RACE_ALONE,
	  race_uffd_register, NULL },
	{ "vm-readv", "process_vm_readv() of its own pages", KEPT, RACE_KEEPS, 0, remote_read,
	  NULL },
	{ "vm-writev", "process_vm_writev() into its own pages", WRITTEN, RACE_WRITES, 0,
	  remote_write, NULL },
	{ "vmsplice", "pins 16 pages in a pipe, reads them there", KEPT, RACE_KEEPS, 0, pin, NULL },
	{ "pagemap", "reads /proc/self/pagemap", "what was written is there", RACE_KEEPS, 0,
	  race_pagemap, NULL },
	{ "pagemap-scan", "PAGEMAP_SCAN", "what was written is there", RACE_KEEPS, 0,
	  race_pagemap_scan, NULL },
	{ "smaps", "reads /proc/self/smaps", "RSS has what was written", RACE_KEEPS, 0, race_smaps,
	  NULL },
	{ "mincore", "mincore()", "what was written is resident", RACE_KEEPS, 0, race_mincore,
	  NULL },
	{ "compact", "/proc/sys/vm/compact_memory", KEPT, RACE_KEEPS, 0, race_compact, NULL },
	{ "migrate", "move_pages() between two nodes", KEPT, RACE_KEEPS, 0, race_migrate, NULL },
	{ "split", "debugfs split_huge_pages of the range", KEPT, RACE_KEEPS, 0, race_split, NULL },
	{ "reclaim", "memory.reclaim of its control group", KEPT, RACE_KEEPS, RACE_SWAPS,
	  race_reclaim, NULL },
	{ "pin", "pins them for long, as RDMA does, and reads them there", KEPT, RACE_KEEPS, 0,
	  race_pin, NULL },
	{ "limit", "memory.high of its control group below what is charged, and off again", KEPT,
	  RACE_KEEPS, RACE_SWAPS | RACE_MACHINE, race_limit, NULL },
	{ "cpuset", "cpuset.mems to one node and to the other: all pages migrate", KEPT, RACE_KEEPS,
	  RACE_MACHINE, race_cpuset, NULL },
	{ "offline", "their block of memory offline, and online again", KEPT, RACE_KEEPS,
	  RACE_MACHINE, race_offline, NULL },
	{ "khugepaged", "wakes khugepaged", KEPT, RACE_KEEPS, RACE_MACHINE, race_khugepaged, NULL },
	{ "thp-enabled", "huge pages never, and as before", KEPT, RACE_KEEPS, RACE_MACHINE,
	  race_switch_huge, NULL },
	{ "thp-threshold", "promotion_threshold 1, 512, and as before", KEPT, RACE_KEEPS,
	  RACE_MACHINE, race_switch_threshold, NULL },
	{ 0 },
};

const struct race_op *race_find(const char *name)
{
	for (const struct race_op *op = race_ops; op->name; op++)
		if (!strcmp(op->name, name))
			return op;
	return NULL;
}
