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
		fl_html_element(out, "td class=l", list->v[i]);
		fputs("</tr>\n", out);
	}
}

static void print_line(FILE *out, const char *head, const char *text)
{
	fputs("<tr>", out);
	fl_html_element(out, "td", head);
	fl_html_element(out, "td class=l", text);
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
	fl_html_element(out, "td", label);
	fl_html_element(out, "td class=l", j->metric);
	fl_html_element(out, "td", v.a);
	fl_html_element(out, "td", v.b);
	fl_html_element(out, "td class=l", v.unit);
	fl_html_element(out, "td", j->change == 0 ? "0" : change);
	fl_html_element(out, "td class=l", interval);
	fl_html_element(out, "td class=l", verdict);
	fputs("</tr>\n", out);
}

static void print_pair(FILE *out, const struct fl_pair *p)
{
	cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
	size_t n = fl_compare_shown(p, false, shown);

	if (p->lost)
		fprintf(out,
			"<tr class=bad><td>%s</td><td class=l colspan=7>of %zu points of B %zu "
			"failed "
			"and %zu were skipped; of A's %zu %zu and %zu</td></tr>\n",
			p->label, p->b->n, p->b_lost, p->b_skipped, p->a->n, p->a_lost,
			p->a_skipped);
	if (p->state)
		fprintf(out,
			"<tr class=bad><td>%s</td><td class=l colspan=7>%s: not the same "
			"state</td></tr>\n",
			p->label, p->state);
	for (size_t i = 0; i < n; i++)
		print_metric(out, i ? "" : p->label, shown[i]);
}

static void print_path(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules)
{
	cleanup_free char *sum = fl_compare_path_sum(c);

	if (!sum)
		return;
	fl_html_element(out, "h2", "The fault path, in instructions, without ticks");
	fl_html_element(out, "p", sum);
	fputs("<div class=o><table>\n", out);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_strv lines = { 0 };

		fl_compare_path(&c->pairs[i], rules, &lines);
		for (size_t j = 0; j < lines.n; j++) {
			fputs("<tr>", out);
			fl_html_element(out, "td class=l", j ? "" : c->pairs[i].label);
			fl_html_element(out, "td class=l", lines.v[j]);
			fputs("</tr>\n", out);
		}
		fl_strv_release(&lines);
	}
	fputs("</table></div>\n", out);
}

void fl_html_comparison(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
			const struct fl_drawings *d)
{
	cleanup_free char *sum = fl_compare_sum(c), *machine = fl_summary_machine(&c->b);
	bool worse = fl_comparison_worse(c);
	struct fl_strv most = { 0 };

	fl_html_element(out, "h1", worse ? "Worse than before" : "No regression");
	fl_html_element(out, worse ? "p class=w" : "p", sum);
	fputs("<table>", out);
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
	fputs("</table>\n", out);
	fprintf(out,
		"<p>Exact metrics: any change is real and counts from %.2g %% on. Noisy ones: "
		"Mann–Whitney p &lt; %.2g after Benjamini–Hochberg, the %.0f %% interval beyond "
		"the "
		"noise, at least %.2g %%.</p>\n",
		100 * rules->relevant, rules->alpha, 100 * rules->level, 100 * rules->floor);
	fl_html_drawings(out, d, -c->b.run.id);
	fputs("<div class=o><table><tr><th>row</th><th class=l>metric</th><th>A</th><th>B</th>"
	      "<th class=l>unit</th><th>change</th><th class=l>interval</th>"
	      "<th class=l>verdict</th></tr>\n",
	      out);
	for (size_t i = 0; i < c->n; i++)
		print_pair(out, &c->pairs[i]);
	fputs("</table></div>\n", out);
	print_path(out, c, rules);
}
