/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_FOLDED_H
#define GUEST_PLUGIN_FOLDED_H

#include <stdio.h>

#include "guest/plugin/symbols.h"
#include "guest/plugin/walk.h"

/*
 * The profile as text:
 *
 *   # faults N           page faults that began in the window
 *   # faults_open N      of these, the ones that were not followed to their end
 *   # instructions N     the sum of the lines below
 *   # insn_user N        all instructions of the window, in faults or not
 *   # insn_kernel N
 *   asm_exc_page_fault;exc_page_fault;handle_mm_fault 1234
 *   # calls N            of the last function of the stack above
 *
 * one line a stack, sorted, with the instructions of its last function only.  Of
 * other entries than a page fault it is the entry and the function.  A stack begins at the
 * innermost entry: a page fault (asm_exc_page_fault), a system call (__x64_sys_NAME), an interrupt
 * or another exception that came in between (asm_sysvec_NAME, irq_entries_start, asm_exc_NAME), or
 * where the task went to another one, or did what others had left for it (__schedule,
 * task_work_run, arch_do_signal_or_restart).  So nothing of a timer's tick is in a fault's stacks.
 *
 * Functions that were asked for begin a stack where no entry is followed, and are kept with all
 * that they call where one is: "__x64_sys_madvise;collapse_file;alloc_pages".  Where all of the
 * kernel was asked for every stack is whole, from where its task was met.
 * Each of them has a line as a stack of its own, of 0 instructions at the least, and so has
 * "[all]".
 *
 * walks[n] are added up; some may be NULL.  0, -ENOMEM, or -EIO with the stream's error.
 */
int prof_folded_write(FILE *f, struct prof_walk *const *walks, size_t n,
		      const struct prof_parking *parking, const struct prof_symbols *symbols);

#endif
