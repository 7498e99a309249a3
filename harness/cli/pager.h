/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_PAGER_H
#define FL_CLI_PAGER_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Text for people, collected in memory; if it does not fit the terminal it goes through a pager:
 * FAULTLINE_PAGER, else PAGER, else less; "cat" and "" are none.
 *   fl_pager_open(&p); print to p.out; fl_pager_close(&p, wanted);
 */
struct fl_pager {
	FILE *out;
	char *text;
	size_t len;
};

void fl_pager_open(struct fl_pager *p);
/* paged: false prints it as it is.  wide: long lines are cut at the screen's edge, not folded. */
void fl_pager_close(struct fl_pager *p, bool paged, bool wide);

#endif
