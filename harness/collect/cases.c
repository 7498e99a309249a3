/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/collect/text.h"

#define CASES_MAX 4000

const char *const fl_case_outcomes[] = { "pass", "fail", "skip", "gone" };

struct reader {
	struct fl_result *r;
	char run[160]; /* of the last "# [RUN]" line, or of an "# [INFO]" line for one result */
	bool runs;     /* there are "# [RUN]" lines */
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

static void add(struct reader *o, enum fl_case_outcome outcome, unsigned int number,
		const char *text, const char *why)
{
	struct fl_result *r = o->r;
	struct fl_case c = { .outcome = outcome, .number = number };

	if (r->n_cases == CASES_MAX)
		return;
	name_case(r, &c, *o->run ? o->run : *text ? text : "case");
	snprintf(c.detail, sizeof(c.detail), "%s", *why ? why : *o->run ? text : "");
	r->cases = fl_realloc(r->cases, (r->n_cases + 1) * sizeof(*r->cases));
	r->cases[r->n_cases++] = c;
	if (!o->runs)
		*o->run = '\0';
}

/* "ok 3 - name # SKIP why" after its first word; line is changed. */
static void take_result(struct reader *o, bool good, char *text)
{
	unsigned int number = (unsigned int)strtoul(text, NULL, 10);
	char *why = "", *mark, *end;

	text += strspn(text, "0123456789");
	text += strspn(text, " -");
	mark = strstr(text, "# SKIP");
	if (mark) {
		why = mark + strlen("# SKIP");
		why += strspn(why, " ");
		*mark = '\0';
	}
	for (end = text + strlen(text); end > text && end[-1] == ' ';)
		*--end = '\0';
	add(o, mark ? FL_CASE_SKIP : good ? FL_CASE_PASS : FL_CASE_FAIL, number, text, why);
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
