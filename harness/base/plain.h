/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_PLAIN_H
#define FL_BASE_PLAIN_H

#include <stddef.h>

/*
 * Text of a guest, a program or a file, as a terminal and every format of ours can take it: bytes
 * that are no UTF-8 (RFC 3629), and control characters but a tab and a line's end, are each a
 * question mark.
 */

/* Bytes of the character at text, which does not end there; 0: it has to be replaced, with as
 * many bytes as *bad says. */
size_t fl_plain_length(const char *text, size_t *bad);

/* Bytes of the character that this byte may begin: 1 to 4. */
size_t fl_plain_wanted(char first);

/* In place; the length stays.  Returns text, which may be NULL. */
char *fl_plain(char *text);
/* A copy, malloc'd; NULL of NULL. */
char *fl_plain_copy(const char *text);

#endif
