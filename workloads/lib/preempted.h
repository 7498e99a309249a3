/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_PREEMPTED_H
#define WORKLOAD_PREEMPTED_H

/*
 * Tells a thread whether it left its CPU between two points, at the price of a store and a load.
 *
 * A thread with restartable sequences points rseq_cs at a sequence of code.  When the thread goes
 * on after it was scheduled out, and stands outside of that sequence, the kernel clears the
 * pointer.  This one points at a sequence that is never entered.  A signal clears it, too.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#define PREEMPTED_HAS_RSEQ 1
#endif

#ifdef PREEMPTED_HAS_RSEQ

extern const struct rseq_cs preempted_elsewhere;

static inline struct rseq *preempted_rseq(void)
{
	return (struct rseq *)(void *)((char *)__builtin_thread_pointer() + __rseq_offset);
}

/* One store of 64 bits, as the kernel wants it. */
static inline volatile uint64_t *preempted_pointer(void)
{
	return (volatile uint64_t *)(void *)((char *)preempted_rseq() +
					     offsetof(struct rseq, rseq_cs));
}

static inline bool preempted_known(void)
{
	return __rseq_size && (int32_t)preempted_rseq()->cpu_id >= 0;
}

static inline void preempted_arm(void)
{
	*preempted_pointer() = (uintptr_t)&preempted_elsewhere;
}

/* Since preempted_arm(); means something only where preempted_known(). */
static inline bool preempted_seen(void)
{
	return !*preempted_pointer();
}

static inline void preempted_disarm(void)
{
	*preempted_pointer() = 0;
}

#else

static inline bool preempted_known(void)
{
	return false;
}

static inline void preempted_arm(void)
{
}

static inline bool preempted_seen(void)
{
	return false;
}

static inline void preempted_disarm(void)
{
}

#endif
#endif
