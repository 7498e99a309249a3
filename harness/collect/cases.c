/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collect.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/collect/text.h"

#define TEXT_MOST 2000 /* of what a case printed; the rest is dropped */

const char *const fl_case_outcomes[] = { "pass", "fail", "skip", "found", "gone" };

struct reader {
	struct fl_result *r;
	char run[160]; /* of the last "# [RUN]" line, or of an "# [INFO]" line for one result */
	bool runs;     /* there are "# [RUN]" lines */
	char text[TEXT_MOST]; /* of "# " lines since the last result */
};

static bool taken(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_cases; i++)
		if (!strcmp(r->cases[i].name, name))
			return true;
	return false;
}

static void name_case(struct fl_result *r, struct fl_case *c, const char *title)
{
	snprintf(c->name, sizeof(c->name), "%s", title);
	for (unsigned int i = 2; taken(r, c->name); i++)
		snprintf(c->name, sizeof(c->name), "%.140s (%u)", title, i);
}

static void add(struct reader *o, struct fl_case c, const char *text, const char *why)
{
	struct fl_result *r = o->r;

	if (r->n_cases == FL_CASES_MAX)
		return;
	name_case(r, &c, *o->run ? o->run : *text ? text : "case");
	snprintf(c.detail, sizeof(c.detail), "%s", *why ? why : *o->run ? text : "");
	if (c.outcome == FL_CASE_FAIL && *o->text)
		c.text = fl_strdup(o->text);
	r->cases = fl_realloc(r->cases, (r->n_cases + 1) * sizeof(*r->cases));
	r->cases[r->n_cases++] = c;
	if (!o->runs)
		*o->run = '\0';
	*o->text = '\0';
}

/* "# 27 of 80 rounds" behind a name; it is cut off. */
static void take_counts(struct fl_case *c, char *text)
{
	char *mark = strstr(text, " # ");
	int end = 0;

	if (!mark ||
	    sscanf(mark, " # %" SCNu64 " of %" SCNu64 "%n", &c->failures, &c->tries, &end) != 2 ||
	    !end)
		c->failures = c->tries = 0;
	else
		*mark = '\0';
}

/* "ok 3 - name # SKIP why" after its first word; line is changed. */
static void take_result(struct reader *o, bool good, char *text)
{
	struct fl_case c = { .number = (unsigned int)strtoul(text, NULL, 10) };
	char *why = "", *mark, *end;

	text += strspn(text, "0123456789");
	text += strspn(text, " -");
	mark = strstr(text, "# SKIP");
	if (mark) {
		why = mark + strlen("# SKIP");
		why += strspn(why, " ");
		*mark = '\0';
	}
	take_counts(&c, text);
	for (end = text + strlen(text); end > text && end[-1] == ' ';)
		*--end = '\0';
	c.outcome = mark ? FL_CASE_SKIP : good ? FL_CASE_PASS : FL_CASE_FAIL;
	add(o, c, text, why);
}

static void keep_text(struct reader *o, const char *line)
{
	size_t at = strlen(o->text);

	if (at + 1 < sizeof(o->text))
		snprintf(o->text + at, sizeof(o->text) - at, "%s%s", at ? "\n" : "", line);
}

static bool is_number(const char *text)
{
	return *text >= '0' && *text <= '9';
}

static void take_line(struct reader *o, char *line)
{
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	if (!strncmp(line, "# [RUN] ", 8)) {
		snprintf(o->run, sizeof(o->run), "%.159s", line + 8);
		o->runs = true;
	} else if (!strncmp(line, "# [INFO] ", 9) && !o->runs) {
		snprintf(o->run, sizeof(o->run), "%.159s", line + 9);
	} else if (!strncmp(line, "# ", 2)) {
		keep_text(o, line + 2);
	} else if (!strncmp(line, "ok ", 3) && is_number(line + 3)) {
		take_result(o, true, line + 3);
	} else if (!strncmp(line, "not ok ", 7) && is_number(line + 7)) {
		take_result(o, false, line + 7);
	}
}

void fl_collect_cases(struct fl_result *r, const char *text, size_t len)
{
	struct reader o = { .r = r };
	const char *at = text, *end = text + len;
	char line[512];

	while (fl_text_next(&at, end, line, sizeof(line)))
		take_line(&o, line);
}
