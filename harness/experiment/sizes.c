/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/sizes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/units.h"

bool fl_sizes_is(const char *text)
{
	return strstr(text, "..") != NULL;
}

int fl_sizes_parse(const char *text, struct fl_sizes *s)
{
	char copy[96], *dots, *slash;

	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return -EINVAL;
	dots = strstr(copy, "..");
	slash = dots ? strchr(dots, '/') : NULL;
	if (!slash)
		return -EINVAL;
	*dots = *slash = '\0';
	if (fl_parse_size(copy, &s->low) || fl_parse_size(dots + 2, &s->high) ||
	    fl_parse_size(slash + 1, &s->step))
		return -EINVAL;
	return s->low && s->step && s->low < s->high && !((s->high - s->low) % s->step) ? 0
											: -EINVAL;
}

/* The middle of the unknown part, in steps from low; both ends may be outside the range. */
bool fl_bisection_next(const struct fl_bisection *b, uint64_t *size)
{
	const struct fl_sizes *s = &b->sizes;
	int64_t n = (int64_t)((s->high - s->low) / s->step);
	int64_t good = b->good ? (int64_t)((b->good - s->low) / s->step) : -1;
	int64_t bad = b->bad ? (int64_t)((b->bad - s->low) / s->step) : n + 1;

	if (bad - good <= 1)
		return false;
	*size = s->low + (uint64_t)((good + bad) / 2) * s->step;
	return true;
}

void fl_bisection_took(struct fl_bisection *b, uint64_t size, bool good)
{
	if (good)
		b->good = size;
	else
		b->bad = size;
}
