/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/cases.h"

#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/wrap.h"
#include "harness/report/html.h"

/* Changes of one row that have one reason, or none and say the same. */
struct entry {
	const struct fl_case_change *first;
	size_t n;
};

static bool together(const struct fl_case_change *a, const struct fl_case_change *b)
{
	return a->row == b->row && a->why == b->why && a->was == b->was &&
	       a->was_there == b->was_there && a->is == b->is &&
	       (a->why || (*a->detail && !strcmp(a->detail, b->detail)));
}

/* The entry that begins with change i; n is 0 when an earlier one has it. */
static struct entry entry_of(const struct fl_case_changes *c, size_t i)
{
	struct entry e = { .first = &c->v[i] };

	for (size_t j = 0; j < i; j++)
		if (together(&c->v[j], &c->v[i]))
			return e;
	for (size_t j = i; j < c->n; j++)
		e.n += j == i || together(&c->v[j], &c->v[i]);
	return e;
}

static const char *was(const struct fl_case_change *c)
{
	return c->was_there ? fl_case_outcomes[c->was] : "none";
}

static char *what(const struct entry *e)
{
	const struct fl_case_change *c = e->first;

	const char *text = c->why ? c->why->about : c->detail;

	if (e->n > 1)
		return fl_asprintf("%zu cases, such as \"%s\": %s", e->n, c->name, text);
	return fl_asprintf("\"%s\"%s%s", c->name, *text ? ": " : "", text);
}

static void print_row(FILE *out, const struct fl_summary *s, const struct fl_row *row,
		      unsigned int columns)
{
	const struct fl_case_changes *c = &s->cases;
	cleanup_free char *name = fl_summary_row_name(row);
	bool head = false;

	for (size_t i = 0; i < c->n; i++) {
		struct entry e = entry_of(c, i);
		cleanup_free char *text = NULL, *kind = NULL;

		if (c->v[i].row != row || !e.n)
			continue;
		if (!head)
			fprintf(out, "  %s on %s\n", name, row->kernel);
		head = true;
		text = what(&e);
		kind = fl_asprintf("    %s  %s -> %s  ",
				   e.first->why ? "explained  " : "UNEXPLAINED", was(e.first),
				   fl_case_outcomes[e.first->is]);
		fl_wrap(out, kind, text, columns);
	}
}

void fl_cases_table(FILE *out, const struct fl_summary *s, unsigned int columns)
{
	if (!s->cases.any)
		return;
	fputs("\ntest cases that differ from the first row of their workload\n", out);
	for (size_t i = 0; i < s->n_rows; i++)
		print_row(out, s, &s->rows[i], columns);
	if (!s->cases.n)
		fputs("  none\n", out);
}

static char *unexplained_text(const struct fl_summary *s, size_t i, unsigned int columns)
{
	const struct fl_case_change *c = &s->cases.v[i];
	struct entry e = entry_of(&s->cases, i);
	cleanup_free char *text = NULL, *line = NULL, *name = NULL;

	if (c->why || !e.n)
		return NULL;
	text = what(&e);
	name = fl_summary_row_name(c->row);
	line = fl_asprintf("%s on %s: %s -> %s  %s", name, c->row->kernel, was(c),
			   fl_case_outcomes[c->is], text);
	return fl_wrapped("  ", line, columns);
}

unsigned int fl_cases_ending(FILE *out, const struct fl_summary *s, const struct fl_room *room)
{
	unsigned int left = room->lines;
	size_t unexplained = 0;

	if (!s->cases.any)
		return 0;
	for (size_t i = 0; i < s->cases.n; i++)
		unexplained += !s->cases.v[i].why;
	fprintf(out, "cases    %zu differ from the first row of their workload, %zu unexplained\n",
		s->cases.n, unexplained);
	for (size_t i = 0; i < s->cases.n; i++) {
		cleanup_free char *text = unexplained_text(s, i, room->columns);

		if (!text)
			continue;
		if (fl_lines(text) > left)
			break;
		left -= fl_lines(text);
		fputs(text, out);
	}
	return room->lines - left;
}

void fl_cases_html(FILE *out, const struct fl_summary *s)
{
	if (!s->cases.any)
		return;
	fl_html_element(out, "p",
			s->cases.n ? "Those that differ from the first row of their workload."
				   : "None differs from the first row of its workload.");
	if (!s->cases.n)
		return;
	fputs("<div class=t><table><tr><th>row</th><th class=l>kernel</th><th>was</th><th>is</th>"
	      "<th class=l>explained</th><th class=l>case</th></tr>\n",
	      out);
	for (size_t i = 0; i < s->cases.n; i++) {
		struct entry e = entry_of(&s->cases, i);
		cleanup_free char *name = fl_summary_row_name(e.first->row), *text = NULL;

		if (!e.n)
			continue;
		text = what(&e);
		fputs("<tr>", out);
		fl_html_element(out, "td", name);
		fl_html_element(out, "td class=l", e.first->row->kernel);
		fl_html_element(out, "td", was(e.first));
		fl_html_element(out, "td", fl_case_outcomes[e.first->is]);
		fl_html_element(out, e.first->why ? "td class=good" : "td class=bad",
				e.first->why ? "yes" : "no");
		fl_html_element(out, "td class=l", text);
		fputs("</tr>\n", out);
	}
	fputs("</table></div>\n", out);
}

json_t *fl_cases_json(const struct fl_summary *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->cases.n; i++) {
		const struct fl_case_change *c = &s->cases.v[i];
		cleanup_free char *row = fl_summary_row_name(c->row);

		json_array_append_new(all, json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s?}",
						     "row", row, "kernel", c->row->kernel, "case",
						     c->name, "was", was(c), "is",
						     fl_case_outcomes[c->is], "detail", c->detail,
						     "explained", c->why ? c->why->about : NULL));
	}
	return all;
}
