/* SPDX-License-Identifier: GPL-2.0 */
#include "density_model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int density_touch_parse(const char *text, struct density_touch *touch)
{
	char *end;
	unsigned long max = 127;
	double fraction = 1;

	*touch = (struct density_touch){ .max = 1, .fraction = 1 };
	if (!strcmp(text, "one"))
		return 0;
	if (strncmp(text, "random", 6))
		return -EINVAL;
	text += 6;
	if (*text == ':' && text[1] >= '0' && text[1] <= '9') {
		max = strtoul(text + 1, &end, 10);
		text = end;
		if (*text == ':' && text[1] >= '0' && text[1] <= '9') {
			fraction = strtod(text + 1, &end);
			text = end;
		}
	}
	if (*text || max < 1 || max > DENSITY_PAGES || !(fraction > 0 && fraction <= 1))
		return -EINVAL;
	*touch = (struct density_touch){ .max = (unsigned int)max, .fraction = fraction };
	return 0;
}

unsigned int density_pages(const struct density_touch *touch, struct prng *random,
			   uint16_t order[DENSITY_PAGES])
{
	unsigned int n;

	if (touch->fraction < 1 && prng_unit(random) >= touch->fraction)
		return 0;
	if (touch->max == 1) {
		order[0] = 0;
		return 1;
	}
	n = 1 + (unsigned int)prng_below(random, touch->max);
	for (unsigned int i = 0; i < DENSITY_PAGES; i++)
		order[i] = (uint16_t)i;
	for (unsigned int i = 0; i < n; i++) {
		unsigned int j = i + (unsigned int)prng_below(random, DENSITY_PAGES - i);
		uint16_t swap = order[i];

		order[i] = order[j];
		order[j] = swap;
	}
	return n;
}

double density_cost_base(const struct density_touch *touch, uint64_t chunk)
{
	double pages = (1 + (double)touch->max) / 2;

	return (double)chunk * touch->fraction * (pages + 1) / DENSITY_PAGES;
}

double density_cost_huge(const struct density_touch *touch, uint64_t chunk)
{
	return (double)chunk * touch->fraction;
}
