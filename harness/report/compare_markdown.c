/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/compare.h"

/* A bar would end the cell. */
static void cell(FILE *out, const char *text)
{
	fputs(" ", out);
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputs(" |", out);
}

static void print_pair(FILE *out, const struct fl_pair *p, bool all, bool few)
{
	cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
	size_t n = fl_compare_shown(p, all, shown);

	if (few && !fl_compare_changed(p) && !p->lost && !p->state && !p->not_comparable)
		return;
	for (size_t i = 0; i < n; i++) {
		struct fl_compare_values v = fl_compare_values(shown[i]);
		char change[32], interval[48], verdict[96];

		fl_judged_change(shown[i], change, sizeof(change));
		fl_judged_interval(shown[i], interval, sizeof(interval));
		fl_compare_verdict(shown[i], verdict, sizeof(verdict));
		fputc('|', out);
		cell(out, i ? "" : p->label);
		cell(out, shown[i]->metric);
		cell(out, v.a);
		cell(out, v.b);
		cell(out, v.unit);
		cell(out, shown[i]->change == 0 ? "0" : change);
		cell(out, interval);
		cell(out, verdict);
		fputc('\n', out);
	}
}

static void print_lines(FILE *out, const char *head, const struct fl_strv *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		fprintf(out, "- %s%s\n", head, lines->v[i]);
}

static void print_path(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules)
{
	cleanup_free char *sum = fl_compare_path_sum(c);

	if (!sum)
		return;
	fprintf(out, "- fault path: %s\n", sum);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_strv lines = { 0 };

		fl_compare_path(&c->pairs[i], rules, &lines);
		if (lines.n)
			fprintf(out, "  - %s\n", c->pairs[i].label);
		for (size_t j = 0; j < lines.n; j++)
			fprintf(out, "    %s- %s\n", *lines.v[j] == ' ' ? "  " : "",
				lines.v[j] + strspn(lines.v[j], " "));
		fl_strv_release(&lines);
	}
}

void fl_compare_markdown(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
			 bool all)
{
	cleanup_free char *sum = fl_compare_sum(c), *machine = fl_summary_machine(&c->b);

	fprintf(out, "- A: `%s`\n- B: `%s`\n- machine: %s\n- clock: %s\n", c->side_a, c->side_b,
		machine, fl_summary_clock(&c->b));
	print_lines(out, "differs: ", &c->differs);
	print_lines(out, "unfair: ", &c->unfair);
	fputs("\n| workload | metric | A | B | unit | change | interval | verdict |\n"
	      "|---|---|--:|--:|---|--:|---|---|\n",
	      out);
	for (size_t i = 0; i < c->n; i++)
		print_pair(out, &c->pairs[i], all, c->n > FL_COMPARE_FEW && !all);
	fputc('\n', out);
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_pair *p = &c->pairs[i];

		if (p->lost)
			fprintf(out, "- **lost**: %s: %zu of %zu points failed, %zu were skipped\n",
				p->label, p->b_lost, p->b->n, p->b_skipped);
		if (p->state)
			fprintf(out, "- **not the same state**: %s: %s\n", p->label, p->state);
	}
	print_path(out, c, rules);
	print_lines(out, "**lost**: ", &c->missing);
	fprintf(out, "\n%s\n", sum);
}
