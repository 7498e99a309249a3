/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_SYMBOLS_H
#define GUEST_PLUGIN_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The functions of a System.map ("ADDRESS TYPE NAME"; types t T w W).  A function
 * is a number, one for each name: the cold part of a function (NAME.cold) is the
 * function, and so are two static functions of one name.  0 is PROF_UNKNOWN: what
 * no symbol covers.
 */
#define PROF_UNKNOWN 0
#define PROF_KERNEL_BASE (1ull << 47) /* kernel addresses are above, user ones below */

struct prof_symbols;

/* A copy of text is kept.  NULL when it names no function. */
struct prof_symbols *prof_symbols_parse(const char *text, size_t len);
/* NULL with errno, which is EPROTO for a file that names no function. */
struct prof_symbols *prof_symbols_read(const char *path);
void prof_symbols_free(struct prof_symbols *s);

/* *starts: address is the function's first. */
uint32_t prof_symbols_at(const struct prof_symbols *s, uint64_t address, bool *starts);
const char *prof_symbols_name(const struct prof_symbols *s, uint32_t function);
/*
 * Marks the functions of that name and the copies that the compiler made of it (NAME.isra.0).
 * False: there is none.
 */
bool prof_symbols_mark(struct prof_symbols *s, const char *name);
bool prof_symbols_marked(const struct prof_symbols *s, uint32_t function);
/* The first of them from `function` on; PROF_UNKNOWN: there is none. */
uint32_t prof_symbols_next_marked(const struct prof_symbols *s, uint32_t function);
/* 0: no such function. */
uint64_t prof_symbols_find(const struct prof_symbols *s, const char *name);

#endif
