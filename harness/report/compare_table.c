/* SPDX-License-Identifier: GPL-2.0 */
/* The comparison as a table that fits the terminal: the answer, then the rows that changed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/judge/pair_path.h"
#include "harness/report/compare.h"
#include "harness/report/grid.h"
#include "harness/base/wrap.h"

#define COLUMNS 7
#define UNWRAPPED 100000

static void print_list(FILE *out, const char *head, const struct fl_strv *list, unsigned int width)
{
	for (size_t i = 0; i < list->n; i++)
		fl_wrap(out, i ? "         " : head, list->v[i], width);
}

/* The boots of a side, where every row has as many; 0: not. */
static size_t boots(const struct fl_comparison *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct fl_pair *p = &c->pairs[i];

		if (!p->a->n_ok || !p->b->n_ok)
			continue;
		if (p->a->n_ok != p->b->n_ok || (n && n != p->a->n_ok))
			return 0;
		n = p->a->n_ok;
	}
	return n;
}

static void print_lost(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	cleanup_free char *rows = fl_strv_join(&c->missing, ", ");
	cleanup_free char *text = fl_asprintf("%s: results in A and none in B", rows);

	if (c->missing.n)
		fl_wrap(out, "LOST: ", text, width);
}

static void print_head(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	cleanup_free char *sum = fl_compare_sum(c), *whole = NULL;
	struct fl_strv worst = { 0 };

	whole = fl_asprintf("%s, in %zu row%s", sum, c->n, c->n == 1 ? "" : "s");
	fl_wrap(out, "", whole, width);
	fl_compare_worst(c, &worst);
	print_list(out, "worst    ", &worst, width);
	print_lost(out, c, width);
	fl_strv_release(&worst);
	fl_wrap(out, "A        ", c->side_a, width);
	fl_wrap(out, "B        ", c->side_b, width);
	print_list(out, "differs  ", &c->differs, width);
	print_list(out, "unfair   ", &c->unfair, width);
}

/* notes: what differs and is neither worse nor better, why; once for all of a row. */
static void add_metric(struct fl_grid *g, const struct fl_pair *p, const struct fl_judged *j,
		       struct fl_strv *notes)
{
	struct fl_compare_values v = fl_compare_values(j);
	cleanup_free char *name = fl_asprintf("  %s", j->metric), *note = NULL;
	char change[32], interval[48], verdict[96];

	fl_judged_change(j, change, sizeof(change));
	fl_judged_interval(j, interval, sizeof(interval));
	fl_compare_verdict(j, verdict, sizeof(verdict));
	if (j->verdict == FL_INCONCLUSIVE)
		note = fl_strdup(verdict);
	else if (j->note && !p->state && fl_strv_add(notes, j->note))
		note = fl_strdup(j->note);
	fl_grid_row(g,
		    (const char *[COLUMNS]){ name, j->change == 0 ? "0" : change,
					     fl_verdict_names[j->verdict], v.a, v.b,
					     strcmp(v.unit, "count") ? v.unit : "", interval },
		    note);
}

static const struct fl_stored_point *first_lost(const struct fl_comparison *c,
						const struct fl_pair *p)
{
	for (size_t i = 0; i < p->b->n; i++)
		if (strcmp(c->b.points[p->b->points[i]].status, "ok") != 0)
			return &c->b.points[p->b->points[i]];
	return NULL;
}

static void add_note(struct fl_grid *g, const char *note)
{
	fl_grid_row(g, (const char *[COLUMNS]){ "" }, note);
}

static void add_fate(struct fl_grid *g, const struct fl_comparison *c, const struct fl_pair *p)
{
	const struct fl_stored_point *lost = p->lost ? first_lost(c, p) : NULL;
	cleanup_free char *worse = NULL, *state = NULL, *which = NULL;

	if (lost)
		which = fl_asprintf("; point %u %s: %s", lost->number, lost->status,
				    lost->reason ? lost->reason : "");
	worse = fl_asprintf("WORSE: of %zu points of B %zu failed and %zu were skipped; of A's %zu "
			    "%zu and %zu%s",
			    p->b->n, p->b_lost, p->b_skipped, p->a->n, p->a_lost, p->a_skipped,
			    which ? which : "");
	if (p->lost)
		add_note(g, worse);
	state = fl_asprintf("NOT THE SAME STATE: %s.  Their times are not judged.",
			    p->state ? p->state : "");
	if (p->state)
		add_note(g, state);
}

static void add_shift(struct fl_grid *g, const struct fl_pair *p)
{
	cleanup_free char *text = NULL;
	char change[32];

	if (!(fabs(p->shift.ratio) > p->shift.width))
		return;
	if (p->shift.ratio >= 9)
		snprintf(change, sizeof(change), "x %.3g", 1 + p->shift.ratio);
	else
		snprintf(change, sizeof(change), "%+.2g %%", 100 * p->shift.ratio);
	text = fl_asprintf(
		"touches that faulted: p%u changed most, %s: %.0f -> %.0f; p50 %.0f -> %.0f",
		p->shift.percentile, change, p->shift.a, p->shift.b, p->p50_a, p->p50_b);
	add_note(g, text);
}

static void add_pair(struct fl_grid *g, const struct fl_comparison *c, const struct fl_pair *p,
		     bool all, bool few)
{
	cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
	cleanup_free char *head = NULL, *boots_text = NULL;
	size_t n = fl_compare_shown(p, all, shown), changed = fl_compare_changed(p), seen = 0;
	size_t room = all || few ? n : fl_compare_room(c);
	struct fl_strv notes = { 0 };

	if (!boots(c))
		boots_text = fl_asprintf("   (%zu and %zu boots)", p->a->n_ok, p->b->n_ok);
	head = fl_asprintf("%s%s", p->name, boots_text ? boots_text : "");
	fl_grid_heading(g, head);
	add_fate(g, c, p);
	add_shift(g, p);
	for (size_t i = 0; i < n && room; i++) {
		seen += fl_compare_is_change(shown[i]);
		if (few || all || fl_compare_is_change(shown[i])) {
			add_metric(g, p, shown[i], &notes);
			room--;
		}
	}
	fl_strv_release(&notes);
	if (seen < changed) {
		cleanup_free char *more =
			fl_asprintf("and %zu more that changed: --all", changed - seen);

		add_note(g, more);
	}
}

static bool are_many(const struct fl_comparison *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += !c->pairs[i].not_comparable && fl_compare_says(&c->pairs[i]);
	return n > FL_COMPARE_MANY;
}

static void print_rows(FILE *out, const struct fl_comparison *c, bool all, unsigned int width)
{
	static const char *const heads[COLUMNS] = { "metric", "change", "verdict", "A",
						    "B",      "unit",   "interval" };
	bool few = c->n <= FL_COMPARE_FEW;
	bool many = !all && are_many(c);
	struct fl_grid g = { 0 };
	size_t shown;

	if (many)
		fl_compare_by_metric(out, c, width);
	for (size_t i = 0; i < COLUMNS; i++)
		fl_grid_column(&g, i == 0 || i == 2 || i > 4, NULL, NULL, heads[i]);
	for (size_t i = 0; i < c->n; i++)
		if (!c->pairs[i].not_comparable &&
		    (many ? c->pairs[i].lost : all || few || fl_compare_says(&c->pairs[i])))
			add_pair(&g, c, &c->pairs[i], all, few);
	shown = fl_grid_fits(&g, width);
	if (!g.notes.n)
		return;
	fputc('\n', out);
	fl_grid_print(out, &g, width);
	if (shown < COLUMNS)
		fprintf(out, "+%zu column%s: --wide (%s%s%s)\n", COLUMNS - shown,
			COLUMNS - shown == 1 ? "" : "s", heads[shown],
			shown + 1 < COLUMNS ? " to " : "",
			shown + 1 < COLUMNS ? heads[COLUMNS - 1] : "");
}

/* Is a path of the row worse or better? */
static bool path_says(const struct fl_pair *p, const struct fl_rules *rules)
{
	for (size_t i = 0; i < p->path.n; i++) {
		enum fl_verdict v = fl_pair_path_judge(p, &p->path.entries[i], rules);

		if (v == FL_WORSE || v == FL_BETTER)
			return true;
	}
	return p->path_shaky;
}

/* "usemem THP=never: page fault +5.6 %, munmap +8.7 %" */
static void print_paths_of(FILE *out, const struct fl_pair *p, const struct fl_rules *rules,
			   unsigned int width)
{
	cleanup_free char *list = NULL, *head = fl_asprintf("  %s: ", p->name);
	struct fl_strv items = { 0 };

	for (size_t i = 0; i < p->path.n; i++) {
		const struct fl_path_entry *e = &p->path.entries[i];
		enum fl_verdict v = fl_pair_path_judge(p, e, rules);
		double a = fl_path_mean(e, 0);

		if (v == FL_WORSE || v == FL_BETTER)
			fl_strv_pushf(&items, "%s %+.2g %%", fl_profile_title(e->name),
				      100 * (fl_path_mean(e, 1) - a) / a);
	}
	list = fl_strv_join(&items, ", ");
	if (items.n)
		fl_wrap(out, head, list, width);
	fl_strv_release(&items);
}

static size_t rows_that_say(const struct fl_comparison *c, const struct fl_rules *rules)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += path_says(&c->pairs[i], rules);
	return n;
}

/* Where many rows changed: a line each, and the functions of all together. */
static void print_path(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		       bool all, unsigned int width)
{
	cleanup_free char *sum = fl_compare_path_sum(c);
	bool brief = !all && c->n > FL_COMPARE_FEW && rows_that_say(c, rules) > FL_COMPARE_FEW;

	if (!sum)
		return;
	fputc('\n', out);
	fl_wrap(out, "fault path: ", sum, width);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_strv lines = { 0 };

		if (brief)
			print_paths_of(out, &c->pairs[i], rules, width);
		else if (all || c->n <= FL_COMPARE_FEW || path_says(&c->pairs[i], rules))
			fl_compare_path(&c->pairs[i], rules, &lines);
		if (lines.n)
			fprintf(out, "  %s\n", c->pairs[i].name);
		for (size_t j = 0; j < lines.n; j++)
			fl_wrap(out, *lines.v[j] == ' ' ? "        " : "    ",
				lines.v[j] + strspn(lines.v[j], " "), width);
		fl_strv_release(&lines);
	}
	if (!all && c->n > FL_COMPARE_FEW)
		fl_compare_functions(out, c, width);
}

static void print_rules(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
			unsigned int width)
{
	cleanup_free char *machine = fl_summary_machine(&c->b), *text = NULL;
	size_t n = boots(c);

	fputc('\n', out);
	fl_wrap(out, "machine  ", machine, width);
	fl_wrap(out, "clock    ", fl_summary_clock(&c->b), width);
	if (!strcmp(c->b.run.timebase, "insn"))
		text = fl_asprintf("exact: every change is real; it counts from %.2g %% on",
				   100 * rules->relevant);
	else
		text = fl_asprintf("Mann-Whitney p < %.2g after Benjamini-Hochberg, %.0f %% "
				   "interval beyond the noise, %.2g %% at least",
				   rules->alpha, 100 * rules->level, 100 * rules->floor);
	fl_wrap(out, "rules    ", text, width);
	if (n)
		fprintf(out, "boots    %zu a row and side\n", n);
	if (c->shaky)
		fprintf(out,
			"note     %zu metrics that this clock makes exact differ between boots "
			"of one side: judged as noisy\n",
			c->shaky);
}

void fl_compare_table(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		      bool all, unsigned int width)
{
	width = width ? width : UNWRAPPED;
	print_head(out, c, width);
	print_rows(out, c, all, width == UNWRAPPED ? 0 : width);
	fputc('\n', out);
	fl_compare_digest(out, c, width);
	print_path(out, c, rules, all, width);
	print_rules(out, c, rules, width);
}
