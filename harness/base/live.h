/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_LIVE_H
#define FL_BASE_LIVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The progress line at the bottom of the terminal.  A thread redraws it four times a second at the
 * terminal's current width.  Whatever else is printed to stderr goes above it and stays (print.c).
 * There is no line if stderr is not a terminal.
 */

/* Makes the text for a terminal of that width; called by the thread. */
typedef void fl_live_text(void *arg, unsigned int columns, char *text, size_t len);

/* Is stderr a terminal that can show such a line? */
bool fl_live_can(void);

/* One at a time; does nothing where no line can be shown. */
void fl_live_begin(fl_live_text *text, void *arg);
void fl_live_end(void);

/*
 * How many bytes of text are sure to fit into `columns`; a non-ASCII character may take two
 * columns.
 */
size_t fl_live_fit(const char *text, unsigned int columns);

/* For print.c, which holds the lock of stderr: called before and after other text. */
void fl_live_above(void);
void fl_live_below(bool line_ended);

#endif
