/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/compare.h"
#include "harness/report/html.h"

static void print_list(FILE *out, const char *head, const struct fl_strv *list)
{
	for (size_t i = 0; i < list->n; i++) {
		fputs("<tr>", out);
		fl_html_element(out, "td", i ? "" : head);
		fl_html_element(out, "td class=\"l wrap\"", list->v[i]);
		fputs("</tr>\n", out);
	}
}

static void print_line(FILE *out, const char *head, const char *text)
{
	fputs("<tr>", out);
	fl_html_element(out, "td", head);
	fl_html_element(out, "td class=\"l wrap\"", text);
	fputs("</tr>\n", out);
}

static void print_metric(FILE *out, const char *label, const struct fl_judged *j)
{
	struct fl_compare_values v = fl_compare_values(j);
	char change[32], interval[48], verdict[96];

	fl_judged_change(j, change, sizeof(change));
	fl_judged_interval(j, interval, sizeof(interval));
	fl_compare_verdict(j, verdict, sizeof(verdict));
	fprintf(out, "<tr%s>",
		j->verdict == FL_WORSE    ? " class=bad"
		: j->verdict == FL_BETTER ? " class=good"
					  : "");
	fl_html_element(out, "td class=l", label);
	fl_html_element(out, "td class=l", j->metric);
	fl_html_element(out, "td", v.a);
	fl_html_element(out, "td", v.b);
	fl_html_element(out, "td class=l", v.unit);
	fl_html_element(out, "td", j->change == 0 ? "0" : change);
	fl_html_element(out, "td class=l", interval);
	fl_html_element(out, "td class=l", verdict);
	fputs("</tr>\n", out);
}

/* A sentence in place of a row's numbers. */
static void print_bad(FILE *out, const char *label, const char *text)
{
	fputs("<tr class=bad>", out);
	fl_html_element(out, "td class=l", label);
	fl_html_element(out, "td class=\"l wrap\" colspan=7", text);
	fputs("</tr>\n", out);
}

static void print_label(FILE *out, const char *label)
{
	fputs("<tr><td class=l colspan=8>", out);
	fl_html(out, label);
	fputc('\n', out);
}

/* What is the same in a row, in one line: its value stands for both sides. */
static void print_same(FILE *out, const struct fl_judged **shown, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		struct fl_compare_values v = fl_compare_values(shown[i]);

		if (shown[i]->verdict != FL_SAME)
			continue;
		fputs(any ? ", " : "<tr><td><td class=\"l wrap\" colspan=7>the same: ", out);
		any = true;
		fl_html(out, shown[i]->metric);
		fprintf(out, " %s", v.b);
		if (*v.unit && strcmp(v.unit, "count") != 0) {
			fputc(' ', out);
			fl_html(out, v.unit);
		}
	}
	fputs(any ? "\n" : "", out);
}

/* changed: what changed alone. */
static size_t print_pair(FILE *out, const struct fl_pair *p, bool changed)
{
	cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
	size_t n = fl_compare_shown(p, false, shown), printed = 0;

	if (p->lost) {
		cleanup_free char *lost = fl_asprintf(
			"of %zu points of B %zu failed and %zu were skipped; of A's %zu %zu and "
			"%zu",
			p->b->n, p->b_lost, p->b_skipped, p->a->n, p->a_lost, p->a_skipped);

		print_bad(out, p->label, lost);
		printed++;
	}
	if (p->state) {
		cleanup_free char *state = fl_asprintf("%s: not the same state", p->state);

		print_bad(out, p->label, state);
		printed++;
	}
	for (size_t i = 0; i < n; i++)
		if (changed ? fl_compare_is_change(shown[i]) : shown[i]->verdict != FL_SAME)
			print_metric(out, printed++ ? "" : p->label, shown[i]);
	if (!changed && !printed++)
		print_label(out, p->label);
	if (!changed)
		print_same(out, shown, n);
	return printed;
}

static void print_pairs(FILE *out, const struct fl_comparison *c, bool changed)
{
	size_t n = 0;

	fputs("<div class=t><table><tr><th class=l>row</th><th class=l>metric</th><th>A</th>"
	      "<th>B</th><th class=l>unit</th><th>change</th><th class=l>interval</th>"
	      "<th class=l>verdict</th></tr>\n",
	      out);
	for (size_t i = 0; i < c->n; i++)
		n += print_pair(out, &c->pairs[i], changed);
	if (!n)
		fputs("<tr><td class=l colspan=8>nothing that decides changed</td></tr>\n", out);
	fputs("</table></div>\n", out);
}

static void print_path(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules)
{
	cleanup_free char *sum = fl_compare_path_sum(c);

	if (!sum)
		return;
	fl_html_element(out, "h2", "The fault path, in instructions, without ticks");
	fl_html_element(out, "p", sum);
	fputs("<div class=t><table>\n", out);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_strv lines = { 0 };

		fl_compare_path(&c->pairs[i], rules, &lines);
		for (size_t j = 0; j < lines.n; j++) {
			fputs("<tr>", out);
			fl_html_element(out, "td class=l", j ? "" : c->pairs[i].label);
			fl_html_element(out, "td class=\"l wrap\"", lines.v[j]);
			fputs("</tr>\n", out);
		}
		fl_strv_release(&lines);
	}
	fputs("</table></div>\n", out);
}

void fl_html_comparison(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
			const struct fl_drawings *d, struct fl_html_room *room)
{
	cleanup_free char *sum = fl_compare_sum(c), *machine = fl_summary_machine(&c->b);
	bool worse = fl_comparison_worse(c);
	struct fl_strv most = { 0 };

	fputs("<header>", out);
	fl_html_element(out, worse ? "h1 class=bad" : "h1",
			worse ? "Worse than before" : "No regression");
	fl_html_element(out, "p", sum);
	fputs("</header>\n<main class=tall>\n<div class=t><table>", out);
	print_line(out, "A", c->side_a);
	print_line(out, "B", c->side_b);
	print_line(out, "machine", machine);
	print_line(out, "clock", fl_summary_clock(&c->b));
	print_list(out, "differs", &c->differs);
	print_list(out, "unfair", &c->unfair);
	print_list(out, "lost", &c->missing);
	fl_compare_worst(c, &most);
	print_list(out, "worst", &most);
	fl_strv_release(&most);
	fputs("</table></div>\n", out);
	fprintf(out,
		"<p class=soft>Exact metrics: any change is real and counts from %.2g %% on. Noisy "
		"ones: "
		"Mann–Whitney p &lt; %.2g after Benjamini–Hochberg, the %.0f %% interval beyond "
		"the "
		"noise, at least %.2g %%.</p>\n",
		100 * rules->relevant, rules->alpha, 100 * rules->level, 100 * rules->floor);
	fl_html_element(out, "h2", "What changed");
	print_pairs(out, c, true);
	fl_html_details(out, "Every row", false);
	print_pairs(out, c, false);
	fputs("</details>\n", out);
	print_path(out, c, rules);
	if (d->n) {
		fl_html_details(out, "The comparison as plots", false);
		fl_html_drawings(out, d, NULL, room);
		fputs("</details>\n", out);
	}
	fputs("</main>\n", out);
}
