/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_PRINT_H
#define FL_BASE_PRINT_H

/*
 * The one place that all we print passes: from here on standard output and error
 * are plain text (plain.h): a terminal would obey the control characters that guests,
 * files and people put into names.  Called once, by main.
 */
void fl_print_harmless(void);

/* Our own escape sequence, past that: the line of a terminal on standard error is empty again. */
void fl_erase_line(void);

/* Width of the terminal that is our output; 80 where it is none, or says nothing. */
unsigned int fl_terminal_columns(void);

#endif
