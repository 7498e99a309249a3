/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_WRAP_H
#define FL_BASE_WRAP_H

#include <stdio.h>

/*
 * Head and text as one paragraph, broken at blanks before `columns`; further lines begin below the
 * text.  A word that is longer stands alone.  Bytes are counted, so that text beyond ASCII breaks
 * early.
 */
void fl_wrap(FILE *out, const char *head, const char *text, unsigned int columns);

#endif
