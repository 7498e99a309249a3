/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_WRAP_H
#define FL_BASE_WRAP_H

#include <stdio.h>

/*
 * Prints head and text as one paragraph, broken at blanks before `columns`; further lines are
 * indented to the start of the text.  A longer word gets a line of its own.  Bytes are counted, so
 * non-ASCII text breaks early.
 */
void fl_wrap(FILE *out, const char *head, const char *text, unsigned int columns);
/* The same as a text; malloc'd. */
char *fl_wrapped(const char *head, const char *text, unsigned int columns);
/*
 * A command line that can be pasted into a shell: broken between words only, with " \\" at the end
 * of a line.
 */
void fl_wrap_command(FILE *out, const char *head, const char *command, unsigned int columns);

/* Number of lines in a text that ends with a newline. */
unsigned int fl_lines(const char *text);

#endif
