// SPDX-License-Identifier: GPL-2.0
#include "aligned.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>

static void trim(char *from, char *to)
{
	if (to > from)
		munmap(from, (size_t)(to - from));
}

void *aligned_reserve(size_t len)
{
	size_t whole = len + 2 * ALIGNED_REGION;
	char *p, *start;

	if (whole < len) {
		errno = ENOMEM;
		return NULL;
	}
	p = mmap(NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	start = p + ALIGNED_REGION - (uintptr_t)p % ALIGNED_REGION;
	trim(p, start - ALIGNED_PAGE);
	trim(start + len + ALIGNED_PAGE, p + whole);
	return start;
}

int aligned_open(void *start, size_t len, const char *name)
{
	if (mprotect(start, len, PROT_READ | PROT_WRITE))
		return -errno;
	if (name)
		prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, start, len, name);
	return 0;
}

void *aligned_map(size_t len, const char *name)
{
	void *start = aligned_reserve(len);
	int err = start ? aligned_open(start, len, name) : 0;

	if (!err)
		return start;
	aligned_unmap(start, len);
	errno = -err;
	return NULL;
}

void aligned_unmap(void *start, size_t len)
{
	munmap((char *)start - ALIGNED_PAGE, len + 2 * ALIGNED_PAGE);
}

int aligned_ask_huge(void *start, size_t len)
{
	return madvise(start, len, MADV_HUGEPAGE) && errno != EINVAL ? -errno : 0;
}
