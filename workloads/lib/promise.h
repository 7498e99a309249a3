/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_PROMISE_H
#define WORKLOAD_PROMISE_H

/* What the cases of `reservations` have in common: ranges, settings and counters of the kernel. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aligned.h"

#define RANGE_PAGES ((unsigned int)(ALIGNED_REGION / ALIGNED_PAGE))

enum promise_result {
	PROMISE_KEPT,
	PROMISE_BROKEN, /* said on stdout */
	PROMISE_SKIP,   /* said on stdout: what is missing */
};

/* Each runs in a process, and in a memory cgroup, of its own. */
struct promise {
	const char *name, *about;
	enum promise_result (*fn)(void);
	bool machine; /* fills the memory of the whole machine */
};

/* Each ends with an entry without a name. */
extern const struct promise fault_promises[], pressure_promises[];

/* Counters of the whole machine, in pages and times, as of now. */
struct counts {
	uint64_t reserved, made, failed, promoted, ended, split, underused, kswapd_runs;
};

struct counts counts_now(void);

/* Writes a file of transparent_hugepage ("defrag", "khugepaged/max_ptes_none"); false: not there.
 */
bool thp_put(const char *file, const char *text);
bool thp_threshold(unsigned int pages);

/* So many ranges of new memory, the first n pages of each written; ends the process if it cannot.
 */
char *ranges_map(size_t ranges, unsigned int n);
void ranges_write(char *map, size_t ranges, unsigned int from, unsigned int to);
static inline char *range_of(char *map, size_t i)
{
	return map + i * ALIGNED_REGION;
}

/* Prints the value; broken unless low <= value <= high. */
enum promise_result promise_within(const char *what, uint64_t value, uint64_t low, uint64_t high);
enum promise_result promise_skip(const char *why);

/* khugepaged scans all the time, until the next case. */
void khugepaged_hurry(void);

/* A child that sleeps until it is killed; and its end. */
int child_start(void);
void child_end(int pid);

void wait_ms(unsigned int ms);

#endif
