/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_COLUMNS_H
#define FL_CLI_COLUMNS_H

#include <stdio.h>

#include "harness/base/strv.h"

/*
 * Text in aligned columns, two blanks apart.  Zero-initialise with the number of
 * columns, add rows, print (which frees).  The last column is not padded.
 */
#define FL_COLUMNS_MAX 8

struct fl_columns {
	unsigned int n;
	unsigned int width; /* that the last column is broken at; 0: it is not */
	struct fl_strv cells;
};

/* n texts; they are copied, NULL is an empty cell. */
void fl_columns_row(struct fl_columns *c, const char *const *texts);
void fl_columns_print(struct fl_columns *c, FILE *out, const char *indent);

#endif
