/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_LETTERS_H
#define FL_REPORT_LETTERS_H

#include <stdbool.h>

/*
 * How wide a text is drawn, in pixels, by DejaVu Sans: among the widest fonts that a machine puts
 * in its place, so what fits by this fits by others.
 */
double fl_letters(const char *text, double size, bool bold);

/* As much of it as is no wider than `most`, the rest an ellipsis; malloc'd. */
char *fl_letters_cut(const char *text, double size, bool bold, double most);

/* In lines no wider than `most`, '\n' between them, broken at blanks; at most `lines`.  malloc'd.
 */
char *fl_letters_wrap(const char *text, double size, bool bold, double most, unsigned int lines);

#endif
