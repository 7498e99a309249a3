/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/try/operations.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/*
 * Which operations run a function.  The first entry that fits its file and its name tells; an entry
 * of all functions of a file ("*") stands behind those of some.
 */
static const struct entry {
	const char *file, *function;
	const char *operations; /* words of races --list */
} table[] = {
	{ "mm/huge_memory.c", "*split*", "split reclaim munmap" },
	{ "mm/huge_memory.c", "*move_pages*", "uffd-move" },
	{ "mm/huge_memory.c", "copy_huge_pmd", "fork-child fork-parent" },
	{ "mm/huge_memory.c", "*zap*", "dontneed munmap exit" },
	{ "mm/huge_memory.c", "madvise_free*", "free" },
	{ "mm/huge_memory.c", "change_huge_pmd", "mprotect uffd-wp" },
	{ "mm/huge_memory.c", "move_huge_pmd", "mremap" },
	{ "mm/huge_memory.c", "*wp*", "write fork-parent" },
	{ "mm/huge_memory.c", "*", "write read collapse" },
	{ "mm/khugepaged.c", "*", "khugepaged collapse write" },
	{ "mm/ksm.c", "*", "merge write" },
	{ "mm/madvise.c", "*cold*", "cold" },
	{ "mm/madvise.c", "*pageout*", "pageout cold" },
	{ "mm/madvise.c", "*free*", "free" },
	{ "mm/madvise.c", "*dontneed*", "dontneed" },
	{ "mm/madvise.c", "*populate*", "populate-write populate-read" },
	{ "mm/madvise.c", "*", "dontneed free pageout cold" },
	{ "mm/memory.c", "*copy_p*", "fork-child fork-parent" },
	{ "mm/memory.c", "*copy_present*", "fork-child fork-parent" },
	{ "mm/memory.c", "zap_*", "dontneed munmap exit" },
	{ "mm/memory.c", "unmap_*", "dontneed munmap exit" },
	{ "mm/memory.c", "free_p*", "munmap exit" },
	{ "mm/memory.c", "*wp_*", "write fork-parent" },
	{ "mm/memory.c", "do_swap_page", "pageout reclaim write" },
	{ "mm/memory.c", "*numa*", "migrate write" },
	{ "mm/memory.c", "*", "write read populate-write" },
	{ "mm/migrate*.c", "*", "migrate compact" },
	{ "mm/mempolicy.c", "*", "migrate cpuset" },
	{ "mm/compaction.c", "*", "compact" },
	{ "mm/mincore.c", "*", "mincore" },
	{ "mm/mlock.c", "*", "mlock" },
	{ "mm/mmap.c", "*", "munmap map-anew exit" },
	{ "mm/vma.c", "*", "munmap map-anew mremap mprotect" },
	{ "mm/mprotect.c", "*", "mprotect" },
	{ "mm/mremap.c", "*", "mremap" },
	{ "mm/userfaultfd.c", "*move*", "uffd-move" },
	{ "mm/userfaultfd.c", "*wp*", "uffd-wp" },
	{ "mm/userfaultfd.c", "*", "uffd-copy uffd-move uffd-wp" },
	{ "fs/userfaultfd.c", "*", "uffd-register uffd-copy uffd-move" },
	{ "fs/proc/task_mmu.c", "*pagemap_scan*", "pagemap-scan" },
	{ "fs/proc/task_mmu.c", "*pagemap*", "pagemap" },
	{ "fs/proc/task_mmu.c", "*", "smaps pagemap" },
	{ "mm/gup.c", "*", "pin vmsplice vm-readv" },
	{ "mm/process_vm_access.c", "*", "vm-readv vm-writev" },
	{ "mm/rmap.c", "*", "reclaim migrate fork-child" },
	{ "mm/vmscan.c", "*", "reclaim pageout limit" },
	{ "mm/memcontrol*.c", "*", "limit reclaim" },
	{ "mm/swap*.c", "*", "pageout reclaim" },
	{ "mm/page_io.c", "*", "pageout reclaim" },
	{ "mm/zswap.c", "*", "pageout reclaim" },
	{ "mm/memory_hotplug.c", "*", "offline" },
	{ "mm/page_isolation.c", "*", "offline" },
	{ "mm/page_alloc.c", "*", "write dontneed" },
	{ "mm/mmu_gather.c", "*", "dontneed munmap" },
	{ "mm/pgtable-generic.c", "*", "dontneed collapse" },
	{ "kernel/fork.c", "*", "fork-child fork-parent exit" },
	{ "kernel/exit.c", "*", "exit" },
	{ "kernel/cgroup/cpuset.c", "*", "cpuset" },
	{ "include/linux/huge_mm.h", "*", "write collapse split" },
	{ "include/linux/rmap.h", "*", "fork-child reclaim migrate" },
	{ "include/linux/mm*.h", "*", "write dontneed" },
	{ "arch/x86/mm/tlb.c", "*", "dontneed munmap mprotect" },
	{ "arch/x86/mm/pgtable.c", "*", "munmap fork-child" },
	{ "arch/x86/mm/fault.c", "*", "write read" },
	{ "mm/*.c", "*", "write dontneed" },
};

#define OPERATIONS 48

struct tally {
	struct fl_strv names;
	unsigned int votes[OPERATIONS];
};

static void vote(struct tally *t, const char *operations)
{
	struct fl_strv words = { 0 };

	fl_strv_split_words(&words, operations);
	for (size_t i = 0; i < words.n; i++) {
		fl_strv_add(&t->names, words.v[i]);
		if (t->names.n <= OPERATIONS)
			t->votes[fl_strv_find(&t->names, words.v[i])]++;
	}
	fl_strv_release(&words);
}

static const struct entry *find(const char *file, const char *function)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!fnmatch(table[i].file, file, 0) && !fnmatch(table[i].function, function, 0))
			return &table[i];
	return NULL;
}

static void vote_of_file(struct tally *t, const struct fl_diff_file *f)
{
	const struct entry *e;

	/* A change outside functions, as of a constant, is one of the whole file. */
	if (!f->functions.n) {
		e = find(f->path, "");
		if (e)
			vote(t, e->operations);
	}
	for (size_t i = 0; i < f->functions.n; i++) {
		e = find(f->path, f->functions.v[i]);
		if (e)
			vote(t, e->operations);
	}
}

void fl_try_operations(struct fl_strv *operations, const struct fl_diff *d)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < d->n; i++)
		vote_of_file(&t, &d->files[i]);
	while (operations->n < FL_TRY_OPERATIONS_MAX) {
		size_t best = 0;

		for (size_t i = 1; i < t.names.n && i < OPERATIONS; i++)
			best = t.votes[i] > t.votes[best] ? i : best;
		if (!t.names.n || !t.votes[best])
			break;
		t.votes[best] = 0;
		fl_strv_push(operations, t.names.v[best]);
	}
	fl_strv_release(&t.names);
}

void fl_try_operation_names(struct fl_strv *names)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct fl_strv words = { 0 };

		fl_strv_split_words(&words, table[i].operations);
		for (size_t k = 0; k < words.n; k++)
			fl_strv_add(names, words.v[k]);
		fl_strv_release(&words);
	}
}
