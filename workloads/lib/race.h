/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_RACE_H
#define WORKLOAD_RACE_H

/*
 * Two concurrent operations on one huge-page range, and what each of them promises.
 *
 * A page holds one of a few things, identified by stamps: nothing, its old contents, or what one of
 * the tasks wrote.  Each operation says what it turns a page into.  So for every page the possible
 * contents afterwards are known: where one task worked, the result of its operation; where two did,
 * the result of either order.  Anything else is a violation.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aligned.h"
#include "seed.h"

#define RACE_PAGES 512u
#define RACE_TASKS 8u

/* What a page may hold: a set of these bits. */
#define RACE_ZERO 1u
#define RACE_OLD 2u
#define RACE_NEW(task) (4u << (task))

/* What an operation makes of each page that it is given. */
enum race_effect {
	RACE_KEEPS,
	RACE_ZEROES,
	RACE_MAY_ZERO, /* MADV_FREE */
	RACE_WRITES,
};

enum race_flag {
	RACE_ALONE = 1,   /* its pages cannot be touched meanwhile: no other task gets any */
	RACE_SWAPS = 2,   /* pages may leave memory, and come back when they are touched */
	RACE_MACHINE = 4, /* it changes a setting of the whole machine for a moment, or more */
	RACE_LOCKS =
		8, /* its pages are in locked memory for a moment, which some advice is not for */
};

enum race_outcome {
	RACE_DONE,
	RACE_SKIP,   /* this kernel or machine does not have it: why is set */
	RACE_BROKEN, /* it saw a broken promise itself: why is set */
};

struct race;

/* One task's part in a round. */
struct race_part {
	struct race *race;
	unsigned int task;
	size_t first, n; /* its pages */
	struct prng random;
	uint64_t began, ended; /* ns of CLOCK_MONOTONIC */
	char why[200];
	/* Its own for the whole hunt, opened when first needed: -1 is none. */
	int uffd, pipe[2], pagemap;
	bool moves;          /* its uffd knows UFFDIO_MOVE */
	unsigned char *room; /* a range of its own, ALIGNED_REGION */
	unsigned char *copy; /* memory of the same size that no kernel moves about */
	int child;           /* of prepare(); 0: none */
};

struct race_op {
	const char *name, *about;
	const char *promise; /* what must hold after it */
	enum race_effect effect;
	unsigned int flags;
	enum race_outcome (*fn)(struct race_part *p);
	/* Before the round, while nothing else runs; NULL: nothing to prepare. */
	enum race_outcome (*prepare)(struct race_part *p);
};

/* Ends with an entry without a name.  NULL: no operation of that name. */
extern const struct race_op race_ops[];
const struct race_op *race_find(const char *name);

/* race_uffd.c, race_look.c */
enum race_outcome race_uffd_copy(struct race_part *p);
enum race_outcome race_uffd_move(struct race_part *p);
enum race_outcome race_uffd_register(struct race_part *p);
enum race_outcome race_uffd_protect(struct race_part *p);
enum race_outcome race_mincore(struct race_part *p);
enum race_outcome race_pagemap(struct race_part *p);
enum race_outcome race_pagemap_scan(struct race_part *p);
enum race_outcome race_smaps(struct race_part *p);
/* Is a page there, in memory or in swap?  /proc/self/pagemap. */
bool race_there(struct race_part *p, const void *at);
/* race_machine.c */
enum race_outcome race_compact(struct race_part *p);
enum race_outcome race_cpuset(struct race_part *p);
enum race_outcome race_khugepaged(struct race_part *p);
enum race_outcome race_limit(struct race_part *p);
enum race_outcome race_migrate(struct race_part *p);
enum race_outcome race_offline(struct race_part *p);
enum race_outcome race_pin(struct race_part *p);
enum race_outcome race_reclaim(struct race_part *p);
enum race_outcome race_split(struct race_part *p);
enum race_outcome race_switch_huge(struct race_part *p);
enum race_outcome race_switch_threshold(struct race_part *p);

/* --- for operations --- */

unsigned char *race_page(const struct race_part *p, size_t page);
size_t race_len(const struct race_part *p);

/* Writes what this task writes into that page: at `to`, which may be another place. */
void race_stamp(const struct race_part *p, size_t page, void *to);

/* Does `at` hold what that page may hold by now?  Else RACE_BROKEN, and why says what it holds. */
enum race_outcome race_see(struct race_part *p, size_t page, const void *at);

/* Was it written before the round, and takes no operation of this round its contents away? */
bool race_stays(const struct race_part *p, size_t page);

/* Does an operation of this round let pages leave memory, or their place? */
bool race_swaps(const struct race_part *p);
bool race_alone(const struct race_part *p);
/* Does one lock pages in memory?  Then EINVAL of madvise(2) may say that, and nothing else. */
bool race_locks(const struct race_part *p);

enum race_outcome race_skip(struct race_part *p, const char *why);
enum race_outcome race_broken(struct race_part *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* --- the hunt --- */

struct race_limits {
	uint64_t seed, rounds; /* rounds 0: as long as race_hunt() is told */
	unsigned int tasks;    /* 2..RACE_TASKS */
	unsigned int touched;  /* pages that are written before a round; 0: drawn */
	bool machine;          /* RACE_MACHINE is allowed */
	bool first;            /* a pair ends at its first violation */
};

struct race_count {
	uint64_t rounds, met, violations, operations;
	uint64_t first_ns; /* from the pair's start to its first violation */
	char skip[200];    /* why the pair cannot be had; empty: it can */
	char first[400];   /* the first violation */
};

/* 0 or -errno. */
int race_open(struct race **race, const struct race_limits *limits);
void race_close(struct race *race);

/* Hunts one pair for so many ns; tasks take turns in the two operations. */
void race_hunt(struct race *race, const struct race_op *a, const struct race_op *b, uint64_t ns,
	       struct race_count *count);

#endif
