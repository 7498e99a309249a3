/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_SAY_H
#define FL_TRY_SAY_H

#include <stdio.h>

#include "harness/base/print.h"
#include "harness/try/try.h"

/* The forms of a try's answer.  line: the command that repeats it. */
void fl_try_table(FILE *out, const struct fl_try *t, const char *line, unsigned int columns);
/* For a cover letter: 72 columns, without colours, with the provenance. */
void fl_try_mail(FILE *out, const struct fl_try *t, const char *line);
void fl_try_markdown(FILE *out, const struct fl_try *t, const char *line);
void fl_try_json(FILE *out, const struct fl_try *t, const char *line);
/* JUnit XML: a case a stage. */
void fl_try_junit(FILE *out, const struct fl_try *t);

/* --- what the forms share --- */

struct fl_try_said {
	const char *head; /* "cost"; "" goes on */
	char *text;
	enum fl_colour colour; /* of the text's first word */
	bool coloured, raw;    /* raw: said by a compiler, a test or a console */
};

/* The answer as lines under heads, from "builds" to "verdict"; fl_try_said_release() them. */
struct fl_try_lines {
	struct fl_try_said *v;
	size_t n;
};
/* most: paths and measures of memory, of each; the others are counted. */
#define FL_TRY_MOST 4
void fl_try_say(struct fl_try_lines *lines, const struct fl_try *t, size_t most);
void fl_try_lines_release(struct fl_try_lines *lines);

/* "page faults got longer by up to 0.9 %; nothing else changed"; malloc'd. */
char *fl_try_sentence(const struct fl_try *t);
/* "3 files, 5 functions: do_anonymous_page, ..."; malloc'd. */
char *fl_try_touches(const struct fl_try *t);
/* "stock 6.12.117", "v6.12 of ~/linux"; malloc'd. */
char *fl_try_base_text(const struct fl_try *t);

#endif
