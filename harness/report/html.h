/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_HTML_H
#define FL_REPORT_HTML_H

#include <stdio.h>

#include "harness/judge/comparison.h"
#include "harness/judge/history.h"
#include "harness/report/figures.h"

/*
 * Parts of every page.  A page is one file with page.css and page.js inline; it loads nothing else
 * and is readable without JavaScript.
 */
extern const char fl_page_css[], fl_page_js[];

/* Up to where the page's own begins, and from where it ends. */
void fl_html_begin(FILE *out, const char *title);
void fl_html_end(FILE *out);

/* Escapes text for elements and quoted attributes; control characters are dropped. */
void fl_html(FILE *out, const char *text);
/* <TAG>text</TAG>; the tag may carry attributes: "td class=l". */
void fl_html_element(FILE *out, const char *tag, const char *text);
/* The text as an id: what is no letter, digit, _ or . is a dash.  malloc'd. */
char *fl_html_id(const char *text);

/* <details> with a table's row or other content inside; open: it is shown open. */
void fl_html_details(FILE *out, const char *summary, bool open);

/* The line under the title: "a · b · c" of what is not NULL. */
void fl_html_created(FILE *out, const char *created /* 2026-11-20T20:15:00Z */);

/*
 * An SVG file of gnuplot inside the page: its ids become the page's own by `number`, and what is
 * the same without is left out.  Returns the bytes.
 */
size_t fl_html_svg(FILE *out, const char *path, unsigned int number);

/* Size limits for drawings in a page, since it is meant to be mailed. */
struct fl_html_room {
	size_t bytes;        /* left; 0: all of them are linked */
	size_t narrow;       /* left for those that a phone shows in their place */
	const char *folder;  /* of the page: a link to a drawing of another run leads out of it */
	unsigned int number; /* of figures that stand in the page */
};

/* A drawing as a figure with its caption, whatever room there is. */
void fl_html_drawing(FILE *out, const struct fl_drawing *d, struct fl_html_room *room);
/* All of them; those for which the page has no room are linked, as is `above` (or NULL), which
 * stands in the page already. */
void fl_html_drawings(FILE *out, const struct fl_drawings *d, const struct fl_drawing *above,
		      struct fl_html_room *room);

/* Earlier nights, metric by metric, changed levels first.  head: with a line about their verdicts
 * above. */
void fl_html_history(FILE *out, const struct fl_history *h, bool head);

/* A comparison's section: verdict first, then what changed, then every row's headline. */
void fl_html_comparison(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
			const struct fl_drawings *d, struct fl_html_room *room);

#endif
