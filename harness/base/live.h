/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_LIVE_H
#define FL_BASE_LIVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The line at the foot of the terminal while something takes long.  A thread draws it four times a
 * second, at the width that the terminal has by then.  What is printed to standard error meanwhile
 * stands above it and stays (print.c).  Where standard error is no terminal, there is no line.
 */

/* Makes the text for a terminal of that width; called by the thread. */
typedef void fl_live_text(void *arg, unsigned int columns, char *text, size_t len);

/* Is standard error a terminal that takes such a line? */
bool fl_live_can(void);

/* One at a time; does nothing where there can be none. */
void fl_live_begin(fl_live_text *text, void *arg);
void fl_live_end(void);

/* Bytes of text that surely fit into `columns`: what is not ASCII may take two. */
size_t fl_live_fit(const char *text, unsigned int columns);

/* print.c's, who holds the lock of standard error: before and after other text. */
void fl_live_above(void);
void fl_live_below(bool line_ended);

#endif
