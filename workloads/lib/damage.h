/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_DAMAGE_H
#define WORKLOAD_DAMAGE_H

/* The names of what can be wrong with a page of patterns (lib/pattern.h). */

#include <stdbool.h>

#include "pattern.h"

/*
 * The whole page is wrong in one way:	"lost" (zero), "stale" (an older content of its own),
 *					"foreign" (of another address)
 * some words are right:		"torn"
 * anything else:			"garbage"
 */
const char *damage_name(const struct pattern_verdict *v);

/*
 * A page that was given back and is new, of which the first word was then written: the others must
 * be zero.  v: what pattern_check() says of it.  Else it still holds what somebody left there.
 */
bool damage_fresh(const struct pattern_verdict *v);

#endif
