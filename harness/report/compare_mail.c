/* SPDX-License-Identifier: GPL-2.0 */
/* The comparison for a cover letter on a list: 72 columns of plain text, a column a side. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/judge/provenance.h"
#include "harness/report/compare.h"
#include "harness/report/grid.h"
#include "harness/base/wrap.h"

#define WIDTH 72
#define COLUMNS 5
#define CELL 48

/* Name of a side: its kernel as named on the command line, or what else distinguishes it. */
struct side {
	const struct fl_summary *s;
	const struct fl_selection *selection;
	const struct fl_stored_point *point; /* a measured one */
	char *name, *title;                  /* "never", "thp.enabled=never" */
};

static const struct fl_stored_point *measured(const struct fl_comparison *c, bool of_b)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_pair *p = &c->pairs[i];
		const struct fl_stored_point *point =
			fl_summary_good_boot(of_b ? &c->b : &c->a, of_b ? p->b : p->a);

		if (point)
			return point;
	}
	return NULL;
}

/* A key whose value the sides do not share; own->keys.n: none. */
static size_t selected(const struct fl_selection *own, const struct fl_selection *other)
{
	size_t i = 0, j = 0;

	for (; i < own->keys.n; i++) {
		for (j = 0; j < other->keys.n; j++)
			if (!strcmp(own->keys.v[i], other->keys.v[j]) &&
			    !strcmp(own->values.v[i], other->values.v[j]))
				break;
		if (j == other->keys.n)
			break;
	}
	return i;
}

static void name_side(struct side *side, const struct side *other, const char *letter)
{
	const struct fl_selection *s = side->selection;
	size_t key = selected(s, other->selection);

	if (side->point && other->point && strcmp(side->point->kernel, other->point->kernel) != 0) {
		side->name = fl_strdup(side->point->kernel);
		side->title = fl_strdup(side->name);
	} else if (key < s->keys.n) {
		side->name = fl_strdup(s->values.v[key]);
		side->title = fl_asprintf("%s=%s", s->keys.v[key], s->values.v[key]);
	} else {
		side->name = fl_strdup(letter);
		side->title = fl_asprintf("%s (%s)", side->s->run.name, letter);
	}
}

static void name_sides(const struct fl_comparison *c, struct side sides[2])
{
	sides[0] = (struct side){ &c->a, &c->sa, measured(c, false), NULL, NULL };
	sides[1] = (struct side){ &c->b, &c->sb, measured(c, true), NULL, NULL };
	name_side(&sides[0], &sides[1], "A");
	name_side(&sides[1], &sides[0], "B");
}

/* "12.6k", "192.7M": the units are given once, above. */
static void value_text(const struct fl_judged *j, double value, char out[CELL])
{
	static const struct {
		const char *unit, *suffix;
	} suffixes[] = {
		{ "insn", "" },   { "kinsn", "k" }, { "Minsn", "M" }, { "KiB", "K" },
		{ "MiB", "M" },   { "GiB", "G" },   { "count", "" },  { "1/s", "/s" },
		{ "k/s", "k/s" }, { "M/s", "M/s" }, { "%", "%" },     { "1/Ginsn", "" },
	};
	char unit[24];
	double v = value / fl_readable(j->unit, fabs(value), unit, sizeof(unit));
	const char *suffix = unit;
	char *tcg = strstr(unit, "-tcg");

	if (tcg)
		*tcg = '\0';
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (!strcmp(suffixes[i].unit, unit))
			suffix = suffixes[i].suffix;
	snprintf(out, CELL, "%.*f%s",
		 v == floor(v)     ? 0
		 : fabs(v) >= 1000 ? 0
		 : fabs(v) >= 100  ? 1
				   : 2,
		 v, suffix);
}

static void change_text(const struct fl_judged *j, char out[CELL])
{
	char change[32];

	fl_judged_change(j, change, sizeof(change));
	if (j->exact || !isfinite(j->interval.low) || !isfinite(j->interval.high))
		snprintf(out, CELL, "%s", j->change == 0 ? "0" : change);
	else
		snprintf(out, CELL, "%+.1f %% [%+.1f, %+.1f]", 100 * j->change,
			 100 * j->interval.low, 100 * j->interval.high);
}

static const char *mark_of(const struct fl_judged *j)
{
	return j->verdict == FL_WORSE ? "(R)" : j->verdict == FL_BETTER ? "(I)" : "";
}

static void add_metric(struct fl_grid *g, const struct fl_pair *p, const struct fl_judged *j)
{
	cleanup_free char *name = fl_asprintf("  %s", j->metric);
	char a[CELL], b[CELL], change[CELL];

	value_text(j, j->a, a);
	value_text(j, j->b, b);
	change_text(j, change);
	fl_grid_row(g, (const char *[COLUMNS]){ name, a, b, change, mark_of(j) },
		    p->state ? NULL : j->note);
}

/* What is worse or better; the headline if there are few rows, or if the state differs. */
static bool wants(const struct fl_comparison *c, const struct fl_pair *p, const struct fl_judged *j,
		  bool all)
{
	bool few = c->n <= FL_COMPARE_FEW || (p->state && j->change != 0);

	return all || *mark_of(j) || (few && j->meaning->headline);
}

static void add_pair(struct fl_grid *g, const struct fl_comparison *c, const struct fl_pair *p,
		     bool all)
{
	cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
	size_t n = fl_compare_shown(p, all, shown);
	cleanup_free char *fate = NULL, *state = NULL;
	bool begun = p->lost || p->state;

	if (begun)
		fl_grid_heading(g, p->name);
	if (p->lost)
		fate = fl_asprintf("(R) points were lost: %zu of %zu failed, %zu were skipped",
				   p->b_lost, p->b->n, p->b_skipped);
	if (fate)
		fl_grid_row(g, (const char *[COLUMNS]){ "" }, fate);
	if (p->state)
		state = fl_asprintf("not the same state: %s", p->state);
	if (state)
		fl_grid_row(g, (const char *[COLUMNS]){ "" }, state);
	for (size_t i = 0; i < n; i++) {
		if (!wants(c, p, shown[i], all))
			continue;
		if (!begun)
			fl_grid_heading(g, p->name);
		begun = true;
		add_metric(g, p, shown[i]);
	}
}

static void print_rows(FILE *out, const struct fl_comparison *c, const struct side sides[2],
		       bool all)
{
	struct fl_grid g = { .name_max = 30 };

	fl_grid_column(&g, true, NULL, NULL, "");
	for (int i = 0; i < 2; i++)
		fl_grid_column(&g, false, NULL, sides[i].name,
			       sides[i].point && sides[i].point->kernel_release
				       ? sides[i].point->kernel_release
				       : "");
	fl_grid_column(&g, false, NULL, "", "change");
	fl_grid_column(&g, true, NULL, NULL, "");
	for (size_t i = 0; i < c->n; i++)
		if (!c->pairs[i].not_comparable)
			add_pair(&g, c, &c->pairs[i], all);
	if (!g.notes.n)
		return;
	fputc('\n', out);
	/* In the space that a long name leaves; the mark is never dropped. */
	g.name_max = WIDTH;
	for (size_t i = 1; i < COLUMNS; i++)
		g.name_max -= g.c[i].width + 2;
	if (g.name_max < 16)
		g.name_max = 16;
	fl_grid_print(out, &g, WIDTH);
}

static void print_head(FILE *out, const struct fl_comparison *c, const struct side sides[2])
{
	cleanup_free char *sum = fl_compare_sum(c), *title = NULL, *whole = NULL;
	bool insn = !strcmp(c->b.run.timebase, "insn");
	const char *emulated = !strncmp(c->b.run.timebase, "tcg", 3) ? ", of emulated time" : "";

	title = fl_asprintf("%s: %s against %s", c->b.run.experiment, sides[1].title,
			    sides[0].title);
	fl_wrap(out, "", title, WIDTH);
	if (c->b.run.about && *c->b.run.about)
		fl_wrap(out, "", c->b.run.about, WIDTH);
	whole = fl_asprintf("%s, in %zu row%s.  (R) is a regression, (I) an improvement; %s%s%s",
			    sum, c->n, c->n == 1 ? "" : "s",
			    insn ? "times are in instructions, exact"
				 : "times are medians with the 95 % interval of their change",
			    emulated, "; memory is in bytes.");
	fputc('\n', out);
	fl_wrap(out, "", whole, WIDTH);
	for (size_t i = 0; i < c->missing.n; i++)
		fl_wrap(out, "(R) lost: ", c->missing.v[i], WIDTH);
	for (size_t i = 0; i < c->unfair.n; i++)
		fl_wrap(out, "unfair: ", c->unfair.v[i], WIDTH);
}

/* "patched 6.12.117: reserve balloon hinting, config 1a2b3c4d" */
static char *kernel_text(const struct side *side)
{
	const struct fl_build *b =
		side->point ? fl_provenance_build(&side->s->provenance, side->point->build) : NULL;
	const char *release = side->point ? side->point->kernel_release : NULL;
	cleanup_free char *commit = b ? fl_build_commit(b) : NULL;

	if (!side->point)
		return fl_asprintf("%s: nothing was measured", side->name);
	return fl_asprintf("%s %s%s%s%s%s%s%.12s", side->point->kernel, release ? release : "?",
			   b && b->series && *b->series ? " + " : "",
			   b && b->series ? b->series : "", commit ? ", " : "",
			   commit ? commit : "", b ? ", build " : "", b ? b->hash : "");
}

static void print_origin(FILE *out, const struct fl_comparison *c, const struct side sides[2])
{
	cleanup_free char *machine = fl_summary_machine(&c->b), *a = kernel_text(&sides[0]);
	cleanup_free char *b = kernel_text(&sides[1]), *kernels = NULL, *command = NULL;
	cleanup_free char *first = fl_stored_run_command(&c->a.run),
			  *second = fl_stored_run_command(&c->b.run);

	kernels = strcmp(a, b) ? fl_asprintf("%s; %s", a, b) : fl_strdup(a);
	command = strcmp(first, second) ? fl_asprintf("%s; %s", first, second) : fl_strdup(first);
	fputc('\n', out);
	fl_wrap(out, "Machine: ", machine, WIDTH);
	fl_wrap(out, "Kernels: ", kernels, WIDTH);
	fl_wrap_command(out, "Repeat:  ", command, WIDTH);
}

void fl_compare_mail(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		     bool all)
{
	cleanup_free char *path = fl_compare_path_sum(c);
	struct side sides[2];

	(void)rules;
	name_sides(c, sides);
	print_head(out, c, sides);
	print_rows(out, c, sides, all);
	fputc('\n', out);
	fl_compare_digest(out, c, WIDTH);
	if (path) {
		fputc('\n', out);
		fl_wrap(out, "fault path: ", path, WIDTH);
		fl_compare_functions(out, c, WIDTH);
	}
	print_origin(out, c, sides);
	for (int i = 0; i < 2; i++) {
		free(sides[i].name);
		free(sides[i].title);
	}
}
