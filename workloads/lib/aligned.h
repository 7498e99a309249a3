/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_ALIGNED_H
#define WORKLOAD_ALIGNED_H

/*
 * Private anonymous memory whose every huge-page-sized region can be a huge page, and which is a
 * mapping of its own in smaps: an inaccessible page on either side keeps the kernel from merging
 * it with a neighbour.
 */

#include <stdbool.h>
#include <stddef.h>

#define ALIGNED_PAGE ((size_t)4096)
#define ALIGNED_REGION ((size_t)2 << 20) /* of the machines we measure: x86-64 */

/* len: a multiple of the page.  name: shown in smaps; NULL: none.  NULL with errno on failure. */
void *aligned_map(size_t len, const char *name);

/*
 * The same in two steps: what is reserved cannot be accessed and counts against no commit limit,
 * until part of it is opened.  NULL with errno; 0 or -errno.
 */
void *aligned_reserve(size_t len);
int aligned_open(void *start, size_t len, const char *name);

void aligned_unmap(void *start, size_t len);

/* madvise(MADV_HUGEPAGE); a kernel without huge pages is no error.  0 or -errno. */
int aligned_ask_huge(void *start, size_t len);

#endif
