/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Preloaded into an unmodified QEMU: what it gives back to the kernel of the guest's memory, it
 * gives back by MADV_FREE, which takes the pages when memory is short, in place of MADV_DONTNEED,
 * which takes them now.  QEMU advises huge pages for the guest's memory when it maps it, and gives
 * back nothing else of that size, so that is how the memory is known.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define RANGES 64
#define LEAST ((size_t)16 << 20)

static struct {
	uintptr_t start, end;
} ranges[RANGES];
static unsigned int n_ranges;

static void remember(uintptr_t start, size_t len)
{
	unsigned int i = __atomic_fetch_add(&n_ranges, 1, __ATOMIC_SEQ_CST);

	if (i >= RANGES)
		return;
	ranges[i].end = start + len;
	__atomic_store_n(&ranges[i].start, start, __ATOMIC_SEQ_CST);
}

static int is_guests(uintptr_t start, size_t len)
{
	for (unsigned int i = 0; i < RANGES; i++) {
		uintptr_t from = __atomic_load_n(&ranges[i].start, __ATOMIC_SEQ_CST);

		if (from && start >= from && start + len <= ranges[i].end)
			return 1;
	}
	return 0;
}

int madvise(void *addr, size_t len, int advice)
{
	static int (*real)(void *, size_t, int);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "madvise");
	if (advice == MADV_HUGEPAGE && len >= LEAST)
		remember((uintptr_t)addr, len);
	if (advice == MADV_DONTNEED && is_guests((uintptr_t)addr, len) &&
	    !real(addr, len, MADV_FREE))
		return 0;
	return real(addr, len, advice);
}
