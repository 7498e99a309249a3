/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_PRINTABLE_H
#define FL_BASE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What guests, files and people name reaches terminals, and a terminal obeys
 * control characters.  Harmless is a whole character of UTF-8 that is no
 * control: neither C0 nor DEL nor C1.
 */

/* Bytes of the harmless character that the text begins with; 0: it begins with none. */
size_t fl_printable(const char *text, size_t len);

/*
 * The one place that all we print passes: from here on standard output and error
 * show '?' for each byte that is not harmless; newline and tab pass.  Called once,
 * by main.
 */
void fl_print_harmless(void);

/* Our own escape sequence, past that: the line of a terminal on standard error is empty again. */
void fl_erase_line(void);

#endif
