/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_PRINT_H
#define FL_BASE_PRINT_H

#include <stdio.h>

/*
 * Everything we print passes here: from this call on stdout and stderr carry plain text (plain.h),
 * since a terminal would obey control characters in names from guests, files and people.  Called
 * once, by main.
 */
void fl_print_harmless(void);

enum fl_colours { FL_COLOURS_AUTO, FL_COLOURS_ALWAYS, FL_COLOURS_NEVER };

/*
 * auto: colours on a terminal, unless NO_COLOR is set.  Called once, by main; nothing is coloured
 * before that, or without fl_print_harmless().
 */
void fl_print_colours(enum fl_colours when);

enum fl_colour { FL_GREEN, FL_YELLOW, FL_RED };

/* Coloured if `out` is stdout or stderr and takes colours; else as it is. */
void fl_print_colour(FILE *out, enum fl_colour colour, const char *text);

/* Writes an escape sequence of our own, bypassing the filter. */
void fl_print_raw(FILE *out, const char *sequence);

/* Width of a terminal; 0: not a terminal, or it does not say. */
unsigned int fl_terminal_width(int fd);

/* Width of the terminal on stdout; else $COLUMNS; else 80. */
unsigned int fl_terminal_columns(void);

#endif
