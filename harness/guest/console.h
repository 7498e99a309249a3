/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_CONSOLE_H
#define FL_GUEST_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

/* What a guest's console shows, in order of severity: a panic after an OOM kill is a panic. */
enum fl_console_finding {
	FL_CONSOLE_CLEAN,
	FL_CONSOLE_OOM,   /* the OOM killer killed something */
	FL_CONSOLE_HUNG,  /* hung task, soft lockup, RCU stall */
	FL_CONSOLE_SPLAT, /* WARN, BUG, oops, Bad page, Bad rss-counter, lockdep, KASAN, KFENCE */
	FL_CONSOLE_PANIC,
};

struct fl_console {
	enum fl_console_finding worst;
	char line[256]; /* the first line of the worst finding */
	unsigned int counts[FL_CONSOLE_PANIC + 1];
	bool int3;      /* "Oops: int3": a CPU ran code that another one was patching */
	char tail[512]; /* a line cut by the read, kept for the next call */
	size_t tail_len;
};

/* Feed in pieces as read, any bytes; lines may be cut anywhere. Zero-initialise first. */
void fl_console_feed(struct fl_console *c, const char *text, size_t len);

/* Reads console.log in a guest's folder; a missing file counts as empty. */
void fl_console_read(struct fl_console *c, const char *dir);

#endif
