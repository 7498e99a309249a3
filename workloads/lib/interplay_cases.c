// SPDX-License-Identifier: GPL-2.0
#include "advice.h"
#include "interplay_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aligned.h"
#include "interplay_parts.h"
#include "kernel_file.h"

enum case_result case_failed(const char *call)
{
	printf("%s: %s\n", call, strerror(errno));
	return CASE_FAILED;
}

enum case_result case_skip(struct range *r, const char *why)
{
	r->skip = why;
	return CASE_SKIP;
}

static enum case_result nothing(struct range *r)
{
	(void)r;
	return CASE_OK;
}

/* Advice on n pages of the middle region; EINVAL: the kernel does not know it. */
static enum case_result advise(struct range *r, size_t first, size_t n, int advice,
			       const char *name)
{
	if (!madvise(range_at(r, MIDDLE + first), n * PAGE, advice))
		return CASE_OK;
	return errno == EINVAL ? case_skip(r, "the kernel does not know this advice")
			       : case_failed(name);
}

static enum case_result dontneed(struct range *r, size_t first, size_t n)
{
	range_expect(r, MIDDLE + first, n, RANGE_ZERO);
	return advise(r, first, n, MADV_DONTNEED, "MADV_DONTNEED");
}

static enum case_result dontneed_one(struct range *r)
{
	return dontneed(r, 5, 1); /* page 5 is the first that is touched */
}

static enum case_result dontneed_part(struct range *r)
{
	return dontneed(r, 100, 300);
}

static enum case_result dontneed_all(struct range *r)
{
	return dontneed(r, 0, PAGES);
}

static enum case_result lazy_free(struct range *r)
{
	range_expect(r, MIDDLE, PAGES, RANGE_EITHER);
	return advise(r, 0, PAGES, MADV_FREE, "MADV_FREE");
}

static enum case_result page_out(struct range *r)
{
	return advise(r, 0, PAGES, MADV_PAGEOUT, "MADV_PAGEOUT");
}

static enum case_result page_out_part(struct range *r)
{
	return advise(r, 37, 200, MADV_PAGEOUT, "MADV_PAGEOUT");
}

static enum case_result cold(struct range *r)
{
	return advise(r, 37, 200, MADV_COLD, "MADV_COLD");
}

static enum case_result collapse(struct range *r)
{
	enum case_result result = advise(r, 0, PAGES, MADV_COLLAPSE, "MADV_COLLAPSE");

	/* No huge page to be had is no failure. */
	return result == CASE_FAILED && (errno == ENOMEM || errno == EAGAIN || errno == EBUSY)
		       ? CASE_OK
		       : result;
}

static enum case_result populate(struct range *r)
{
	return advise(r, 0, PAGES, MADV_POPULATE_WRITE, "MADV_POPULATE_WRITE");
}

static enum case_result no_huge(struct range *r)
{
	return advise(r, 0, PAGES, MADV_NOHUGEPAGE, "MADV_NOHUGEPAGE");
}

static enum case_result mergeable(struct range *r)
{
	return advise(r, 0, PAGES, MADV_MERGEABLE, "MADV_MERGEABLE");
}

static enum case_result unmap(struct range *r, size_t first, size_t n)
{
	range_expect(r, MIDDLE + first, n, RANGE_GONE);
	return munmap(range_at(r, MIDDLE + first), n * PAGE) ? case_failed("munmap") : CASE_OK;
}

static enum case_result unmap_hole(struct range *r)
{
	return unmap(r, 5, 1);
}

static enum case_result unmap_half(struct range *r)
{
	return unmap(r, 0, PAGES / 2);
}

/* A hole that is mapped again: the VMAs merge. */
static enum case_result map_over(struct range *r)
{
	range_expect(r, MIDDLE + 200, 100, RANGE_ZERO);
	return mmap(range_at(r, MIDDLE + 200), 100 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED
		       ? case_failed("mmap")
		       : CASE_OK;
}

static enum case_result protect(struct range *r, size_t first, size_t n)
{
	void *at = range_at(r, MIDDLE + first);

	if (mprotect(at, n * PAGE, PROT_READ))
		return case_failed("mprotect");
	if (range_check(r, "read-only"))
		return CASE_CORRUPT;
	return mprotect(at, n * PAGE, PROT_READ | PROT_WRITE) ? case_failed("mprotect") : CASE_OK;
}

static enum case_result protect_all(struct range *r)
{
	return protect(r, 0, PAGES);
}

static enum case_result protect_part(struct range *r)
{
	return protect(r, 100, 100);
}

static enum case_result lock(struct range *r)
{
	void *at = range_at(r, MIDDLE + 10);

	if (mlock(at, 50 * PAGE))
		return errno == ENOMEM || errno == EPERM ? CASE_SKIP : case_failed("mlock");
	range_write(r, MIDDLE + 20);
	return munlock(at, 50 * PAGE) ? case_failed("munlock") : CASE_OK;
}

/* Away by whole pages and back; the books stay. */
static enum case_result move(struct range *r, size_t first, size_t n, size_t offset)
{
	unsigned char *at = range_at(r, MIDDLE + first), *there;
	unsigned char *room = aligned_map(2 * ALIGNED_REGION, "room");
	enum case_result result = CASE_OK;

	if (!room)
		return case_failed("mmap");
	there = mremap(at, n * PAGE, n * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room + offset * PAGE);
	if (there == MAP_FAILED) {
		result = case_failed("mremap");
	} else {
		/* Something else lies in its place meanwhile. */
		void *hole = mmap(at, n * PAGE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		if (hole != MAP_FAILED)
			memset(hole, 0x5a, PAGE);
		memset(there, there[0], 1);
		if (mremap(there, n * PAGE, n * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at) != at)
			result = case_failed("mremap back");
	}
	aligned_unmap(room, 2 * ALIGNED_REGION);
	return result;
}

static enum case_result move_whole(struct range *r)
{
	return move(r, 0, PAGES, 0);
}

static enum case_result move_unaligned(struct range *r)
{
	return move(r, 0, PAGES, 16);
}

static enum case_result move_half(struct range *r)
{
	return move(r, 0, PAGES / 2, 0);
}

static enum case_result compact(struct range *r)
{
	(void)r;
	return kernel_put("/proc/sys/vm/compact_memory", "1") ? CASE_SKIP : CASE_OK;
}

static enum case_result soft_dirty(struct range *r)
{
	if (kernel_put("/proc/self/clear_refs", "4"))
		return CASE_SKIP;
	range_write(r, MIDDLE + 7);
	return CASE_OK;
}

/* The zero page first, small or huge, then writes. */
static enum case_result read_first(struct range *r)
{
	if (dontneed_all(r) != CASE_OK || range_check(r, "read first"))
		return CASE_CORRUPT;
	range_touch(r, 1, 70, RANGE_SCATTERED);
	return CASE_OK;
}

/* --- processes --- */

enum case_result case_wait(pid_t child)
{
	int status;

	if (child < 0)
		return case_failed("fork");
	if (waitpid(child, &status, 0) < 0)
		return case_failed("waitpid");
	return WIFEXITED(status) ? (enum case_result)WEXITSTATUS(status) : CASE_FAILED;
}

static int finish(struct range *r, const char *who)
{
	int bad = range_check(r, who) != 0;

	fflush(stdout);
	return bad ? CASE_CORRUPT : CASE_OK;
}

/* The child writes to what it shares and to what nobody has touched; the parent sees nothing. */
static void child_writes(struct range *r)
{
	for (size_t i = 0; i < PAGES; i += 3)
		memset(range_at(r, MIDDLE + i), 0xc1, PAGE);
}

static enum case_result fork_child_writes(struct range *r)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		if (range_check(r, "child"))
			_exit(CASE_CORRUPT);
		child_writes(r);
		_exit(CASE_OK);
	}
	return case_wait(child);
}

/* The parent writes while the child lives, who must go on seeing what was. */
static enum case_result fork_parent_writes(struct range *r)
{
	enum case_result result;
	char byte = 0;
	int gate[2];
	pid_t child;

	if (pipe2(gate, O_CLOEXEC))
		return case_failed("pipe");
	fflush(stdout);
	child = fork();
	if (!child) {
		close(gate[1]);
		_exit(read(gate[0], &byte, 1) < 0 ? CASE_FAILED : finish(r, "child"));
	}
	close(gate[0]);
	for (size_t i = 0; i < PAGES; i += 2)
		memset(range_at(r, MIDDLE + i), 0xbb, PAGE);
	close(gate[1]);
	result = case_wait(child);
	for (size_t i = 0; i < PAGES; i += 2)
		range_write(r, MIDDLE + i);
	return result;
}

/* A child whose parent is gone, with a child of its own. */
static enum case_result orphan(struct range *r)
{
	enum case_result result = CASE_FAILED;
	int gate[2];
	pid_t child;
	char byte;

	if (pipe2(gate, O_CLOEXEC))
		return case_failed("pipe");
	fflush(stdout);
	child = fork();
	if (!child) {
		range_touch(r, 1, 90, RANGE_SCATTERED);
		if (!fork()) {
			usleep(20000);
			byte = (char)finish(r, "orphan");
			_exit(write(gate[1], &byte, 1) == 1 ? 0 : 1);
		}
		_exit(0);
	}
	close(gate[1]);
	case_wait(child);
	if (read(gate[0], &byte, 1) == 1)
		result = (enum case_result)byte;
	close(gate[0]);
	return result;
}

static enum case_result wipe_on_fork(struct range *r)
{
	pid_t child;

	if (madvise(range_at(r, MIDDLE), PAGES * PAGE, MADV_WIPEONFORK))
		return CASE_SKIP;
	fflush(stdout);
	child = fork();
	if (!child) {
		range_expect(r, MIDDLE, PAGES, RANGE_ZERO);
		_exit(finish(r, "wiped child"));
	}
	return case_wait(child);
}

/* --- pins --- */

static enum case_result foreign_write(struct range *r)
{
	unsigned char *copy = malloc(2 * PAGE);
	struct iovec local = { copy, 2 * PAGE };
	struct iovec remote = { range_at(r, MIDDLE + 300), 2 * PAGE };
	enum case_result result = CASE_OK;

	if (!copy)
		return CASE_FAILED;
	range_write(r, MIDDLE + 300);
	range_write(r, MIDDLE + 301);
	memcpy(copy, range_at(r, MIDDLE + 300), 2 * PAGE);
	memset(range_at(r, MIDDLE + 300), 0, 2 * PAGE);
	if (process_vm_writev(getpid(), &local, 1, &remote, 1, 0) != (ssize_t)(2 * PAGE))
		result = errno == ENOSYS ? CASE_SKIP : case_failed("process_vm_writev");
	if (result != CASE_OK)
		memcpy(range_at(r, MIDDLE + 300), copy, 2 * PAGE);
	free(copy);
	return result;
}

/* What lies in a pipe by reference stays what it was while the range is given back. */
static enum case_result pinned(struct range *r)
{
	unsigned char *copy = malloc(PAGE);
	struct iovec v;
	enum case_result result = CASE_OK;
	uint8_t was;
	int p[2];

	if (!copy || pipe2(p, O_CLOEXEC))
		return case_failed("pipe");
	range_write(r, MIDDLE + 8);
	was = r->generation[MIDDLE + 8];
	v = (struct iovec){ range_at(r, MIDDLE + 8), PAGE };
	if (vmsplice(p[1], &v, 1, 0) != (ssize_t)PAGE) {
		result = errno == ENOSYS || errno == EINVAL ? CASE_SKIP : case_failed("vmsplice");
	} else {
		struct pattern_verdict verdict;

		dontneed(r, 0, 20);
		for (size_t i = 0; i < 20; i++)
			range_write(r, MIDDLE + i);
		if (read(p[0], copy, PAGE) != (ssize_t)PAGE)
			result = case_failed("read");
		else if (pattern_check(r->pattern, copy, (MIDDLE + 8) * PAGE, was, &verdict)) {
			printf("corrupt pinned page: %s\n", pattern_name(verdict.kind));
			result = CASE_CORRUPT;
		}
	}
	close(p[0]);
	close(p[1]);
	free(copy);
	return result;
}

const struct interplay_case interplay_cases[] = {
	{ "touch", "nothing happens but the touching", nothing, false },
	{ "dontneed-one", "a touched page is given back", dontneed_one, false },
	{ "dontneed-part", "300 pages are given back", dontneed_part, false },
	{ "dontneed-all", "the range is given back", dontneed_all, false },
	{ "free", "MADV_FREE of the range", lazy_free, false },
	{ "pageout", "the range is paged out", page_out, false },
	{ "pageout-part", "200 pages are paged out", page_out_part, false },
	{ "cold", "200 pages are cold", cold, false },
	{ "collapse", "MADV_COLLAPSE", collapse, false },
	{ "populate", "MADV_POPULATE_WRITE", populate, false },
	{ "no-huge", "MADV_NOHUGEPAGE afterwards", no_huge, false },
	{ "mergeable", "MADV_MERGEABLE afterwards", mergeable, false },
	{ "unmap-hole", "a touched page is unmapped", unmap_hole, false },
	{ "unmap-half", "half of the range is unmapped", unmap_half, false },
	{ "map-over", "100 pages are mapped anew", map_over, false },
	{ "protect", "read-only and back", protect_all, false },
	{ "protect-part", "100 pages read-only and back", protect_part, false },
	{ "mlock", "50 pages locked and unlocked", lock, false },
	{ "mremap", "the range moves away and back", move_whole, false },
	{ "mremap-unaligned", "... to another place in its range", move_unaligned, false },
	{ "mremap-half", "half of the range moves away and back", move_half, false },
	{ "compact", "all memory is compacted", compact, false },
	{ "soft-dirty", "soft-dirty bits are cleared", soft_dirty, false },
	{ "read-first", "the zero page, then writes", read_first, false },
	{ "fork-child", "a child writes", fork_child_writes, false },
	{ "fork-parent", "the parent writes under a child", fork_parent_writes, false },
	{ "orphan", "a grandchild outlives its parent", orphan, false },
	{ "wipe-on-fork", "MADV_WIPEONFORK", wipe_on_fork, false },
	{ "vm-write", "process_vm_writev", foreign_write, false },
	{ "pinned", "a page lies in a pipe", pinned, false },
	{ "memcg-limit", "a child twice as large as its memory cgroup", memcg_limit, false },
	{ "move-pages", "move_pages(2) to the other node and back", move_pages_there, false },
	{ "migrate", "the process migrates to the other node and back", migrate_there, false },
	{ "offline", "a block of memory goes offline and comes back", offline_block, true },
	{ "oom-kill", "the OOM killer takes a child with reservations", oom_kill, false },
	{ "uffd-missing", "missing pages come from userfaultfd", uffd_missing, false },
	{ "uffd-move", "userfaultfd moves the range away and back", uffd_move, false },
	{ "uffd-wp", "write protection by userfaultfd", uffd_write_protect, false },
	{ 0 },
};
