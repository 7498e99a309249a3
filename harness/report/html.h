/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_HTML_H
#define FL_REPORT_HTML_H

#include <stdio.h>

#include "harness/judge/comparison.h"
#include "harness/report/figures.h"

/* The page's style sheet, as text. */
extern const char fl_html_style[];

/* Text with its marks made harmless; bytes below a blank are left out. */
void fl_html(FILE *out, const char *text);
/* <TAG>text</TAG>; the tag may carry attributes: "td class=l". */
void fl_html_element(FILE *out, const char *tag, const char *text);

/* The drawings inside the page.  group: ids of different groups do not clash. */
void fl_html_drawings(FILE *out, const struct fl_drawings *d, int64_t group);

/* A comparison's section: verdict first, then what changed, then every row's headline. */
void fl_html_comparison(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
			const struct fl_drawings *d);

#endif
