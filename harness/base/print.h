/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_PRINT_H
#define FL_BASE_PRINT_H

#include <stdio.h>

/*
 * The one place that all we print passes: from here on standard output and error
 * are plain text (plain.h): a terminal would obey the control characters that guests,
 * files and people put into names.  Called once, by main.
 */
void fl_print_harmless(void);

enum fl_colours { FL_COLOURS_AUTO, FL_COLOURS_ALWAYS, FL_COLOURS_NEVER };

/*
 * auto: colours on a terminal, unless NO_COLOR is set.  Called once, by main; before it, and
 * without fl_print_harmless(), nothing has a colour.
 */
void fl_print_colours(enum fl_colours when);

enum fl_colour { FL_GREEN, FL_YELLOW, FL_RED };

/* Text in a colour where `out` is standard output or error and takes colours; else as it is. */
void fl_print_colour(FILE *out, enum fl_colour colour, const char *text);

/* An escape sequence of ours, past the filter. */
void fl_print_raw(FILE *out, const char *sequence);

/* Width of a terminal; 0: the descriptor is none, or does not say. */
unsigned int fl_terminal_width(int fd);

/* Width of the terminal that is our output; else what COLUMNS says; else 80. */
unsigned int fl_terminal_columns(void);

#endif
