/* SPDX-License-Identifier: GPL-2.0 */
#include "lib/holes.h"

#include <sys/mman.h>

#include "lib/touched.h"

int holes_even(char *p, size_t bytes)
{
	for (size_t at = 0; at + 2 * TOUCHED_PAGE <= bytes; at += 2 * TOUCHED_PAGE)
		if (madvise(p + at, TOUCHED_PAGE, MADV_DONTNEED))
			return -1;
	return 0;
}

int holes_random(char *p, size_t bytes, struct drand48_data *rand)
{
	double side;

	for (size_t at = 0; at + TOUCHED_PAGE <= bytes; at += TOUCHED_PAGE) {
		drand48_r(rand, &side);
		if (side < 0.5 && madvise(p + at, TOUCHED_PAGE, MADV_DONTNEED))
			return -1;
	}
	return 0;
}
