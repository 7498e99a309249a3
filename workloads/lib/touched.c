// SPDX-License-Identifier: GPL-2.0
#include "touched.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int touched_init(struct touched *touched, const void *start, size_t len)
{
	uintptr_t from = (uintptr_t)start;
	uintptr_t last = from + (len ? len - 1 : 0);
	size_t pages = (last - from) / TOUCHED_PAGE + 1;
	size_t regions = last / TOUCHED_REGION - from / TOUCHED_REGION + 1;

	*touched = (struct touched){ .start = from, .first_region = from / TOUCHED_REGION };
	touched->pages = malloc(pages + regions);
	if (!touched->pages)
		return -ENOMEM;
	touched->regions = touched->pages + pages;
	memset(touched->pages, 0, pages + regions);
	return 0;
}

void touched_release(struct touched *touched)
{
	free(touched->pages);
	*touched = (struct touched){ 0 };
}
