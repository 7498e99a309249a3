/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_SYMBOLS_H
#define FL_GUEST_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/* The functions of a kernel's System.map (kernel.h finds it). */
struct fl_symbols;

/* 0 or -errno; -EPROTO: it names no function. */
int fl_symbols_read(struct fl_symbols **s, const char *path);
/* Of the text of such a file.  NULL: it names no function. */
struct fl_symbols *fl_symbols_parse(const char *text, size_t len);
void fl_symbols_free(struct fl_symbols *s);

/*
 * Addresses where a function of that name begins, each once: static functions may share a name, and
 * the compiler makes copies of one (NAME.constprop.0, NAME.isra.0).  How many there are; up to max
 * of them in addresses[].
 */
size_t fl_symbols_find(const struct fl_symbols *s, const char *name, uint64_t *addresses,
		       size_t max);

/* ": did you mean NAME?", or ": there is A, B", names that have this one in them; or "". */
const char *fl_symbols_near(const struct fl_symbols *s, const char *name, char *buf, size_t len);

#endif
