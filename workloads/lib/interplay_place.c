// SPDX-License-Identifier: GPL-2.0
/* Interplay cases: memory that moves to another place, between nodes or out of a block. */
#include "interplay_parts.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel_file.h"
#include "memory_block.h"

#define MOVE_OWN 2 /* MPOL_MF_MOVE */

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

/* The block that holds the first page of the middle region that has one. */
static bool find_block(const struct range *r, char path[MEMORY_BLOCK_PATH])
{
	for (size_t i = 0; i < PAGES; i++)
		if (!memory_block_of(range_at(r, MIDDLE + i), path))
			return true;
	return false;
}

enum case_result offline_block(struct range *r)
{
	char block[MEMORY_BLOCK_PATH], now[MEMORY_BLOCK_PATH];
	int err;

	if (!find_block(r, block))
		return case_skip(r, "no frame numbers, or memory has no blocks");
	err = memory_block_offline(block, 10000);
	if (err) {
		printf("%s: offline: %s\n", block, strerror(-err));
		return case_skip(r, "the block cannot go offline");
	}
	if (range_check(r, "offline"))
		return CASE_CORRUPT;
	if (find_block(r, now) && !strcmp(now, block)) {
		printf("%s: offline, and in use\n", block);
		return CASE_FAILED;
	}
	range_write(r, MIDDLE + 77);
	err = kernel_put(block, "online_movable");
	errno = -err;
	return err ? case_failed("online") : CASE_OK;
}
