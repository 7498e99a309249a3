// SPDX-License-Identifier: GPL-2.0
/* Interplay cases: memory that moves to another place, between nodes or out of a block. */
#include "interplay_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel_file.h"

#define MOVE_OWN 2 /* MPOL_MF_MOVE */
#define BLOCKS "/sys/devices/system/memory/"

static bool two_nodes(void)
{
	return !access("/sys/devices/system/node/node1/meminfo", R_OK);
}

/* Counts the pages of the middle region that are on the node afterwards; below 0: failed. */
static int send_to(struct range *r, int node)
{
	static const int to[2][PAGES] = { [1] = { [0 ... PAGES - 1] = 1 } };
	int status[PAGES], there = 0;
	void *at[PAGES];

	for (size_t i = 0; i < PAGES; i++)
		at[i] = range_at(r, MIDDLE + i);
	if (syscall(SYS_move_pages, 0, (unsigned long)PAGES, at, to[node], status, MOVE_OWN) < 0)
		return -1;
	if (syscall(SYS_move_pages, 0, (unsigned long)PAGES, at, NULL, status, 0) < 0)
		return -1;
	for (size_t i = 0; i < PAGES; i++)
		there += status[i] == node;
	return there;
}

enum case_result move_pages_there(struct range *r)
{
	if (!two_nodes())
		return case_skip(r, "one node only");
	for (int node = 1; node >= 0; node--) {
		int there = send_to(r, node);

		if (there < 0)
			return errno == ENOSYS ? case_skip(r, "no move_pages(2)")
					       : case_failed("move_pages");
		if (!there) {
			printf("move_pages: no page went to node %d\n", node);
			return CASE_FAILED;
		}
		if (range_check(r, "moved"))
			return CASE_CORRUPT;
		range_write(r, MIDDLE + 77 + (size_t)node);
	}
	return CASE_OK;
}

enum case_result migrate_there(struct range *r)
{
	if (!two_nodes())
		return case_skip(r, "one node only");
	for (unsigned long from = 1; from <= 2; from++) {
		unsigned long to = 3 - from; /* masks of nodes 0 and 1 */

		if (syscall(SYS_migrate_pages, 0, 64UL, &from, &to) < 0)
			return errno == ENOSYS ? case_skip(r, "no migrate_pages(2)")
					       : case_failed("migrate_pages");
		if (range_check(r, "migrated"))
			return CASE_CORRUPT;
		range_write(r, MIDDLE + 77 + from);
	}
	return CASE_OK;
}

/* The frame number behind an address; 0: none, or we may not know. */
static uint64_t frame_of(const void *at)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	off_t where = (off_t)((uintptr_t)at / PAGE * sizeof(uint64_t));
	uint64_t entry = 0;

	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry), where) != sizeof(entry))
		entry = 0;
	close(fd);
	return entry >> 63 ? entry & ((UINT64_C(1) << 55) - 1) : 0;
}

static uint64_t block_size(void)
{
	FILE *in = fopen(BLOCKS "block_size_bytes", "re");
	uint64_t bytes = 0;

	if (in) {
		if (fscanf(in, "%" SCNx64, &bytes) != 1)
			bytes = 0;
		fclose(in);
	}
	return bytes;
}

/* The block that holds the first page of the middle region that has one. */
static bool find_block(const struct range *r, uint64_t *block)
{
	uint64_t frame = 0, size = block_size();

	for (size_t i = 0; i < PAGES && !frame; i++)
		frame = frame_of(range_at(r, MIDDLE + i));
	if (frame && size)
		*block = frame * PAGE / size;
	return frame && size;
}

static int set_state(uint64_t block, const char *state)
{
	char path[96];

	snprintf(path, sizeof(path), BLOCKS "memory%" PRIu64 "/state", block);
	return kernel_put(path, state);
}

static void nothing_on(int signal)
{
	(void)signal;
}

/* The kernel tries until it is done or a signal comes. */
static int take_offline(uint64_t block)
{
	struct sigaction old, act = { .sa_handler = nothing_on };
	int err;

	sigaction(SIGALRM, &act, &old);
	alarm(10);
	err = set_state(block, "offline");
	alarm(0);
	sigaction(SIGALRM, &old, NULL);
	return err;
}

enum case_result offline_block(struct range *r)
{
	uint64_t block, now;
	int err;

	if (!find_block(r, &block))
		return case_skip(r, "no frame numbers, or memory has no blocks");
	err = take_offline(block);
	if (err) {
		printf("memory%" PRIu64 ": offline: %s\n", block, strerror(-err));
		return case_skip(r, "the block cannot go offline");
	}
	if (range_check(r, "offline"))
		return CASE_CORRUPT;
	if (find_block(r, &now) && now == block) {
		printf("memory%" PRIu64 " is offline and in use\n", block);
		return CASE_FAILED;
	}
	range_write(r, MIDDLE + 77);
	err = set_state(block, "online_movable");
	errno = -err;
	return err ? case_failed("online") : CASE_OK;
}
