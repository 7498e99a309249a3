/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/profile.h"

#include <stdlib.h>
#include <string.h>

void fl_profile_release(struct fl_profile *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->stacks[i].stack);
	free(p->stacks);
	memset(p, 0, sizeof(*p));
}
