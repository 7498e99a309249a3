/* SPDX-License-Identifier: GPL-2.0 */
/* Reports of the Kernel Concurrency Sanitizer (Documentation/dev-tools/kcsan.rst) on a console. */
#include "harness/collect/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"

#define TITLE "BUG: KCSAN: "
#define TEXT_MOST 4096 /* of a report; its rest is left out */

struct reader {
	struct fl_result *r;
	size_t first;          /* case of this console */
	struct fl_case *open;  /* whose report is being read for the first time */
	bool seen;             /* a kernel with KCSAN */
	unsigned int accesses; /* of the report that is being read */
	bool wants_frame;      /* the next line is the innermost frame of an access */
};

/* Behind "[   12.345678][  T123] ". */
static char *message(char *line)
{
	while (*line == '[') {
		char *end = strchr(line, ']');

		if (!end)
			break;
		line = end + 1;
	}
	return *line == ' ' ? line + 1 : line;
}

/* Removes what differs between kernels: offsets, and suffixes added by the compiler (".isra.0"). */
static void strip_suffixes(char *title)
{
	static const char *const suffixes[] = { ".isra.", ".constprop.", ".part.", ".cold" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		for (char *at; (at = strstr(title, suffixes[i]));) {
			char *end = at + strlen(suffixes[i]);

			end += strspn(end, "0123456789");
			memmove(at, end, strlen(end) + 1);
		}
	for (char *at; (at = strstr(title, "+0x"));) {
		char *end = at + strcspn(at, " ");

		memmove(at, end, strlen(end) + 1);
	}
}

static struct fl_case *find(struct reader *o, const char *name)
{
	for (size_t i = o->first; i < o->r->n_cases; i++)
		if (!strcmp(o->r->cases[i].name, name))
			return &o->r->cases[i];
	return NULL;
}

static void begin(struct reader *o, const char *title)
{
	struct fl_result *r = o->r;
	struct fl_case c = { .outcome = FL_CASE_FOUND, .failures = 1 };
	struct fl_case *old;

	snprintf(c.name, sizeof(c.name), "%.159s", title);
	strip_suffixes(c.name);
	o->accesses = 0;
	o->wants_frame = false;
	o->open = NULL;
	old = find(o, c.name);
	if (old) {
		old->failures++;
		return;
	}
	if (r->n_cases == FL_CASES_MAX)
		return;
	c.number = (unsigned int)(r->n_cases + 1);
	r->cases = fl_realloc(r->cases, (r->n_cases + 1) * sizeof(*r->cases));
	r->cases[r->n_cases++] = c;
	o->open = &r->cases[r->n_cases - 1];
}

static void add_text(struct fl_case *c, const char *line)
{
	cleanup_free char *old = c->text;

	c->text = fl_asprintf("%s%s%s", old ? old : "", old ? "\n" : "", line);
}

static void add_detail(struct fl_case *c, const char *text)
{
	size_t at = strlen(c->detail);

	snprintf(c->detail + at, sizeof(c->detail) - at, "%s", text);
}

/* "write to 0xffff888003bc1040 of 8 bytes by task 71 on cpu 1:" -> "write of 8 bytes in FUNCTION"
 */
static void take_access(struct reader *o, const char *line)
{
	const char *to = strstr(line, " to 0x"), *of = strstr(line, " of "),
		   *by = strstr(line, " by ");
	const char *from = strstr(line, ", with ");
	cleanup_free char *text = NULL;

	if (!to || !of || !by || by < of || to > of)
		return;
	from = from && from < to ? from + strlen(", with ") : line;
	text = fl_asprintf("%s%.*s%.*s", o->accesses++ ? "; " : "", (int)(to - from), from,
			   (int)(by - of), of);
	add_detail(o->open, text);
	o->wants_frame = true;
}

static void take_frame(struct reader *o, const char *line)
{
	cleanup_free char *text = fl_asprintf(" in %.*s", (int)strcspn(line, "+"), line);

	o->wants_frame = false;
	strip_suffixes(text);
	add_detail(o->open, text);
}

static void take_line(struct reader *o, char *line)
{
	char *said = message(fl_plain(line));
	const char *text = said + strspn(said, " ");

	o->seen |= !strncmp(text, "kcsan: ", 7);
	if (!strncmp(text, TITLE, strlen(TITLE))) {
		o->seen = true;
		begin(o, text + strlen(TITLE));
		return;
	}
	if (!o->open)
		return;
	if (!strncmp(text, "Reported by Kernel Concurrency Sanitizer", 40) ||
	    !strncmp(text, "====", 4)) {
		o->open = NULL;
		return;
	}
	if (*text && (!o->open->text || strlen(o->open->text) < TEXT_MOST))
		add_text(o->open, said);
	if (o->wants_frame && *text)
		take_frame(o, text);
	else
		take_access(o, text);
}

void fl_collect_kcsan(struct fl_result *r, FILE *console)
{
	struct reader o = { .r = r, .first = r->n_cases };
	char line[512];

	while (fgets(line, sizeof(line), console)) {
		line[strcspn(line, "\r\n")] = '\0';
		take_line(&o, line);
	}
	if (o.seen)
		fl_result_put(r, "kcsan_findings", (double)(r->n_cases - o.first), FL_UNIT_COUNT);
}
