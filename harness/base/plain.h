/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_PLAIN_H
#define FL_BASE_PLAIN_H

#include <stddef.h>

/*
 * Makes text of a guest, a program or a file safe for terminals and for all of our formats: each
 * byte that is not valid UTF-8 (RFC 3629), and each control character except tab and newline,
 * becomes a question mark.
 */

/* Length in bytes of the character at text, which must not be at its end.  0: invalid, to be
 * replaced together with the *bad bytes that belong to it. */
size_t fl_plain_length(const char *text, size_t *bad);

/* Length of the character that this byte can begin: 1 to 4. */
size_t fl_plain_wanted(char first);

/* In place; the length stays.  Returns text, which may be NULL. */
char *fl_plain(char *text);
/* A copy, malloc'd; NULL of NULL. */
char *fl_plain_copy(const char *text);

#endif
