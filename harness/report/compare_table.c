/* SPDX-License-Identifier: GPL-2.0 */
/* The comparison as a table for a mail: under 100 columns, plain text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/compare.h"

static void print_list(FILE *out, const char *head, const struct fl_strv *list)
{
	for (size_t i = 0; i < list->n; i++)
		fprintf(out, "%-8s %s\n", i ? "" : head, list->v[i]);
}

static void print_head(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules)
{
	cleanup_free char *machine = fl_summary_machine(&c->b);
	bool insn = !strcmp(c->b.run.timebase, "insn");

	fprintf(out, "A        %s\nB        %s\n", c->side_a, c->side_b);
	fprintf(out, "machine  %s\n", machine);
	fprintf(out, "clock    %s\n", fl_summary_clock(&c->b));
	print_list(out, "differs", &c->differs);
	print_list(out, "unfair", &c->unfair);
	if (insn)
		fprintf(out, "rules    exact: any change is real, from %.2g %% on it counts\n",
			100 * rules->relevant);
	else
		fprintf(out,
			"rules    Mann-Whitney p < %.2g after Benjamini-Hochberg, %.0f %% interval "
			"beyond the noise, %.2g %% at least\n",
			rules->alpha, 100 * rules->level, 100 * rules->floor);
}

static void print_metric(FILE *out, const struct fl_judged *j)
{
	struct fl_compare_values v = fl_compare_values(j);
	char change[32], interval[48], verdict[96];

	fl_judged_change(j, change, sizeof(change));
	fl_judged_interval(j, interval, sizeof(interval));
	fl_compare_verdict(j, verdict, sizeof(verdict));
	fprintf(out, "  %-26s %11s %11s %-6s %9s  %-17s %s\n", j->metric, v.a, v.b, v.unit,
		j->change == 0 ? "0" : change, interval, verdict);
	if (j->note)
		fprintf(out, "  %-26s   %s\n", "", j->note);
}

static void print_fate(FILE *out, const struct fl_comparison *c, const struct fl_pair *p)
{
	if (p->lost)
		fprintf(out,
			"  WORSE: of %zu points of B %zu failed and %zu were skipped; of A's %zu "
			"%zu and %zu\n",
			p->b->n, p->b_lost, p->b_skipped, p->a->n, p->a_lost, p->a_skipped);
	for (size_t i = 0; p->lost && i < p->b->n; i++) {
		const struct fl_stored_point *point = &c->b.points[p->b->points[i]];

		if (!strcmp(point->status, "ok"))
			continue;
		fprintf(out, "         point %u %s: %s\n", point->number, point->status,
			point->reason ? point->reason : "");
		break;
	}
	if (p->not_comparable)
		fprintf(out, "  not comparable: %s\n", fl_compare_lack(c, p));
	if (p->state)
		fprintf(out,
			"  NOT THE SAME STATE: %s.  No time of these is slower than the other's.\n",
			p->state);
}

static void print_pair(FILE *out, const struct fl_comparison *c, const struct fl_pair *p, bool all)
{
	cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
	size_t n = fl_compare_shown(p, all, shown), changed = fl_compare_changed(p), seen = 0;

	for (size_t i = 0; i < n; i++)
		seen += fl_compare_is_change(shown[i]);
	if (c->n > FL_COMPARE_FEW && !all && !changed && !p->lost && !p->state &&
	    !p->not_comparable)
		return;
	fprintf(out, "\n%s   %s   (%zu and %zu boots)\n", p->label, p->b->workload, p->a->n_ok,
		p->b->n_ok);
	if (fabs(p->shift.ratio) > p->shift.width)
		fprintf(out,
			"  touches that faulted: the percentile that moved most is p%u, %+.2g %%: "
			"%.0f -> %.0f; p50 %.0f -> %.0f\n",
			p->shift.percentile, 100 * p->shift.ratio, p->shift.a, p->shift.b, p->p50_a,
			p->p50_b);
	print_fate(out, c, p);
	if (!n)
		return;
	fprintf(out, "  %-26s %11s %11s %-6s %9s  %-17s %s\n", "metric", "A", "B", "unit", "change",
		"interval", "verdict");
	for (size_t i = 0; i < n; i++)
		print_metric(out, shown[i]);
	if (seen < changed)
		fprintf(out, "  and %zu more that changed: --all\n", changed - seen);
}

static void print_path(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules)
{
	cleanup_free char *sum = fl_compare_path_sum(c);

	if (!sum)
		return;
	fprintf(out, "\nfault path, in instructions, without ticks: %s\n", sum);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_strv lines = { 0 };

		fl_compare_path(&c->pairs[i], rules, &lines);
		if (lines.n)
			fprintf(out, "  %s\n", c->pairs[i].label);
		for (size_t j = 0; j < lines.n; j++)
			fprintf(out, "    %s\n", lines.v[j]);
		fl_strv_release(&lines);
	}
}

void fl_compare_table(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		      bool all)
{
	cleanup_free char *sum = fl_compare_sum(c);
	struct fl_strv worst = { 0 };

	print_head(out, c, rules);
	for (size_t i = 0; i < c->n; i++)
		print_pair(out, c, &c->pairs[i], all);
	print_path(out, c, rules);
	if (c->missing.n)
		fputc('\n', out);
	for (size_t i = 0; i < c->missing.n; i++)
		fprintf(out, "LOST: %s has results in A and none in B\n", c->missing.v[i]);
	fprintf(out, "\n%s\n", sum);
	fl_compare_worst(c, &worst);
	for (size_t i = 0; i < worst.n; i++)
		fprintf(out, "%s %s\n", i ? "       " : "worst: ", worst.v[i]);
	fl_strv_release(&worst);
	if (c->shaky)
		fprintf(out,
			"%zu metrics that this clock makes exact differ between boots of one side: "
			"judged as noisy\n",
			c->shaky);
}
