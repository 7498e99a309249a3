/* SPDX-License-Identifier: GPL-2.0 */
/* Callers above what they call (an icicle): the entry is read first.  Against another profile a box
 * is coloured by its change, and the line below it is as wide as it is there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/html.h"
#include "harness/report/profile.h"

#define WIDTH 1160.0
#define ROW 19
#define BOX 15
#define TOP 62
#define DEPTH_MAX 64
#define LEAST 0.6 /* pixels that a box needs to be drawn */
#define LETTER 6.8

struct drawing {
	FILE *out;
	const struct fl_profile *p, *base; /* base: held against it; or NULL */
	double scale, faults, base_faults;
	const char *noun;   /* of the entry: fault, or call */
	unsigned int depth; /* deepest drawn */
};

/* Length of the part of a stack that is `depth` functions deep; 0: it is not so deep. */
static size_t prefix(const char *stack, unsigned int depth)
{
	const char *s = stack;

	for (unsigned int i = 0; i < depth; i++) {
		if (i && *s++ != ';')
			return 0;
		s += strcspn(s, ";");
	}
	return (size_t)(s - stack);
}

static const char *last_name(const char *stack, size_t len)
{
	size_t at = len;

	while (at && stack[at - 1] != ';')
		at--;
	return stack + at;
}

/* A warm colour, the same for a name everywhere. */
static void colour(char out[8], const char *name, size_t len)
{
	unsigned int h = 5381;

	for (size_t i = 0; i < len; i++)
		h = h * 33 + (unsigned char)name[i];
	snprintf(out, 8, "#%02x%02x%02x", 215 + h % 40, 120 + h / 40 % 90, 60 + h / 4000 % 50);
}

static double base_of(const struct drawing *d, const char *stack, size_t len)
{
	uint64_t insns = 0;

	for (size_t i = 0; d->base && i < d->base->n; i++) {
		const struct fl_profile_stack *s = &d->base->stacks[i];

		if (!strncmp(s->stack, stack, len) && strchr(";", s->stack[len]))
			insns += s->insns;
	}
	return (double)insns / d->base_faults;
}

/* Grey within 1 %; red for more, blue for less, darker for larger changes. */
static void colour_of_change(char out[8], double now, double before)
{
	static const char *const more[] = { "#f6d2bb", "#efa97c", "#e58247" };
	static const char *const less[] = { "#cfe3f1", "#9cc7e2", "#67a9d1" };
	double change = before > 0 ? now / before - 1 : 9;
	size_t depth = fabs(change) < 0.1 ? 0 : fabs(change) < 0.5 ? 1 : 2;

	snprintf(out, 8, "%s",
		 fabs(change) < 0.01 ? "#d9d9d9"
		 : change > 0        ? more[depth]
				     : less[depth]);
}

static void print_words(struct drawing *d, const char *name, double now, double before)
{
	fprintf(d->out, "<g><title>");
	fl_html(d->out, name);
	if (d->base)
		fprintf(d->out, ": %.1f insn a %s, %.1f in the reference (%+.1f)</title>", now,
			d->noun, before, now - before);
	else
		fprintf(d->out, ": %.1f insn a %s, %.1f %%</title>", now, d->noun,
			100.0 * now * d->faults / (double)d->p->instructions);
}

static void box(struct drawing *d, const char *stack, size_t len, unsigned int depth, double x,
		uint64_t insns)
{
	const char *name = last_name(stack, len);
	size_t n = (size_t)(stack + len - name), room;
	double now = (double)insns / d->faults, before = base_of(d, stack, len);
	double w = now * d->scale;
	unsigned int y = TOP + (depth - 1) * ROW;
	cleanup_free char *text = strndup(name, n);
	char fill[8];

	if (w < LEAST)
		return;
	d->depth = depth > d->depth ? depth : d->depth;
	if (d->base)
		colour_of_change(fill, now, before);
	else
		colour(fill, name, n);
	print_words(d, text, now, before);
	fprintf(d->out, "<rect x='%.1f' y='%u' width='%.1f' height='%d' fill='%s' rx='1'/>", x, y,
		w > 1 ? w - 0.5 : w, BOX, fill);
	if (d->base && before > 0)
		fprintf(d->out,
			"<rect x='%.1f' y='%u' width='%.1f' height='2' fill='currentColor' "
			"fill-opacity='.6'/>",
			x, y + BOX, fmin(before * d->scale, WIDTH - x));
	room = w > 6 ? (size_t)((w - 6) / LETTER) : 0;
	if (room > 3) {
		if (n > room)
			text[room] = '\0';
		fprintf(d->out, "<text x='%.1f' y='%u' fill='#000'>", x + 3, y + 11);
		fl_html(d->out, text);
		fputs("</text>", d->out);
	}
	fputs("</g>\n", d->out);
}

/* Stacks first..last share their first depth - 1 functions; they are sorted. */
static void level(struct drawing *d, size_t first, size_t last, unsigned int depth, double x)
{
	for (size_t i = first; i < last && depth <= DEPTH_MAX;) {
		const char *stack = d->p->stacks[i].stack;
		size_t len = prefix(stack, depth), end = i;
		uint64_t insns = 0;

		if (!len) { /* the caller's own instructions */
			x += (double)d->p->stacks[i++].insns / d->faults * d->scale;
			continue;
		}
		while (end < last && !strncmp(d->p->stacks[end].stack, stack, len) &&
		       strchr(";", d->p->stacks[end].stack[len]))
			insns += d->p->stacks[end++].insns;
		box(d, stack, len, depth, x, insns);
		level(d, i, end, depth + 1, x);
		x += (double)insns / d->faults * d->scale;
		i = end;
	}
}

static int by_stack(const void *a, const void *b)
{
	const struct fl_profile_stack *x = a, *y = b;
	const char *s = x->stack, *t = y->stack;

	/* ';' below all letters, so that what a function calls follows it at once */
	for (; *s && *s == *t; s++, t++)
		;
	if (*s == *t)
		return 0;
	if (!*s || !*t)
		return *s ? 1 : -1;
	if (*s == ';' || *t == ';')
		return *s == ';' ? -1 : 1;
	return (unsigned char)*s - (unsigned char)*t;
}

/* Functions called only in the reference have no box. */
static double gone(const struct fl_profile *p, const struct fl_profile *base, double faults)
{
	uint64_t insns = 0;

	for (size_t i = 0; i < base->n; i++) {
		size_t k = 0;

		while (k < p->n && strcmp(p->stacks[k].stack, base->stacks[i].stack) != 0)
			k++;
		insns += k == p->n ? base->stacks[i].insns : 0;
	}
	return (double)insns / faults;
}

static void print_head(FILE *out, const struct drawing *d, const char *title, const char *against)
{
	double now = (double)d->p->instructions / d->faults;

	fprintf(out,
		"<svg xmlns='http://www.w3.org/2000/svg' class='flame' viewBox='0 0 %.0f %u' "
		"width='%.0f' "
		"fill='currentColor' font-family='DejaVu Sans Mono,monospace' font-size='11'>\n"
		"<text x='4' y='16' font-size='13' font-weight='bold'>",
		WIDTH, TOP + d->depth * ROW + 6, WIDTH);
	fl_html(out, title);
	fprintf(out, "</text>\n<text x='4' y='34'>%llu %ss, %.1f instructions a %s",
		(unsigned long long)d->p->faults, d->noun, now, d->noun);
	if (!d->base) {
		fputs("; a box is as wide as what it and its callees execute</text>\n", out);
		return;
	}
	fprintf(out,
		" (%+.1f) against %.1f: ", now - (double)d->base->instructions / d->base_faults,
		(double)d->base->instructions / d->base_faults);
	fl_html(out, against);
	fprintf(out,
		"</text>\n<text x='4' y='50'>Box: what a function and its callees execute a %s "
		"here.  Line below it: in the reference.  ",
		d->noun);
	fprintf(out, "Red: more, blue: less, grey: within 1 %%.  Gone: %.1f.</text>\n",
		gone(d->p, d->base, d->base_faults));
}

void fl_flame_against(FILE *out, const struct fl_profile *p, const char *title,
		      const struct fl_profile *base, const char *against)
{
	cleanup_free struct fl_profile_stack *sorted = fl_calloc(p->n + 1, sizeof(*sorted));
	struct fl_profile own = *p;
	char *body = NULL;
	size_t len = 0;
	struct drawing d = { .out = open_memstream(&body, &len),
			     .p = &own,
			     .base = base,
			     .faults = p->faults ? (double)p->faults : 1,
			     .base_faults = base && base->faults ? (double)base->faults : 1 };
	double most = (double)p->instructions / d.faults;

	d.noun = p->n && fl_profile_is_of(&p->stacks[0], FL_PROFILE_FAULT) ? "fault" : "call";
	if (!d.out)
		abort();
	if (base)
		most = fmax(most, (double)base->instructions / d.base_faults);
	d.scale = WIDTH / (most > 0 ? most : 1);
	memcpy(sorted, p->stacks, p->n * sizeof(*sorted));
	qsort(sorted, p->n, sizeof(*sorted), by_stack);
	own.stacks = sorted;
	level(&d, 0, p->n, 1, 0);
	fclose(d.out);
	print_head(out, &d, title, against);
	fwrite(body, 1, len, out);
	fputs("</svg>\n", out);
	free(body);
}

void fl_flame(FILE *out, const struct fl_profile *p, const char *title)
{
	fl_flame_against(out, p, title, NULL, NULL);
}
