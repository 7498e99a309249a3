/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_WINDOW_H
#define GUEST_PLUGIN_WINDOW_H

/*
 * The part of a guest's run that a plugin looks at: it opens once, it closes once, whichever vCPUs
 * ask for that at the same time.
 */

#include <stdbool.h>

enum window { WAITING, OPEN, CLOSED };

static inline bool window_go(enum window *w, enum window from, enum window to)
{
	return __atomic_compare_exchange_n(w, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* True for the one call that opened or closed it. */
static inline bool window_open(enum window *w)
{
	return window_go(w, WAITING, OPEN);
}
static inline bool window_close(enum window *w)
{
	return window_go(w, OPEN, CLOSED);
}

/* vCPUs that run in parallel see it change some instructions late. */
static inline bool window_is_open(const enum window *w)
{
	return __atomic_load_n(w, __ATOMIC_RELAXED) == OPEN;
}

#endif
