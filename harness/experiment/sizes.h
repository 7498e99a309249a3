/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_SIZES_H
#define FL_EXPERIMENT_SIZES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * "4g..64g/1g": the range in which a point searches for the largest size that its guest survives.
 * Bisection assumes that a guest that survives one size survives every smaller one.
 */
struct fl_sizes {
	uint64_t low, high, step; /* bytes; high is low plus whole steps */
};

/* Does it look like a range, valid or not? */
bool fl_sizes_is(const char *text);
/* 0 or -EINVAL. */
int fl_sizes_parse(const char *text, struct fl_sizes *s);

struct fl_bisection {
	struct fl_sizes sizes;
	uint64_t good, bad; /* largest survived and smallest failed so far; 0: none yet */
};

/* The next size to try; false: good and bad are one step apart, or at an end of the range. */
bool fl_bisection_next(const struct fl_bisection *b, uint64_t *size);
void fl_bisection_took(struct fl_bisection *b, uint64_t size, bool good);

#endif
