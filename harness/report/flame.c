/* SPDX-License-Identifier: GPL-2.0 */
/* Callers above what they call (an icicle): the entry is read first. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/html.h"
#include "harness/report/profile.h"

#define WIDTH 1160.0
#define ROW 17
#define TOP 44
#define DEPTH_MAX 64
#define LEAST 0.6 /* pixels that a box needs to be drawn */
#define LETTER 6.8

struct drawing {
	FILE *out;
	const struct fl_profile *p;
	double scale, faults;
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

/* Warm, and the same for a name wherever it stands. */
static void colour(char out[8], const char *name, size_t len)
{
	unsigned int h = 5381;

	for (size_t i = 0; i < len; i++)
		h = h * 33 + (unsigned char)name[i];
	snprintf(out, 8, "#%02x%02x%02x", 215 + h % 40, 120 + h / 40 % 90, 60 + h / 4000 % 50);
}

static void box(struct drawing *d, const char *stack, size_t len, unsigned int depth, double x,
		uint64_t insns)
{
	const char *name = last_name(stack, len);
	size_t n = (size_t)(stack + len - name), room;
	double w = (double)insns * d->scale;
	cleanup_free char *text = strndup(name, n);
	char fill[8];

	if (w < LEAST)
		return;
	d->depth = depth > d->depth ? depth : d->depth;
	colour(fill, name, n);
	fprintf(d->out, "<g><title>");
	fl_html(d->out, text);
	fprintf(d->out, ": %.1f insn a fault, %.1f %%</title>", (double)insns / d->faults,
		100.0 * (double)insns / (double)d->p->instructions);
	fprintf(d->out, "<rect x='%.1f' y='%u' width='%.1f' height='%d' fill='%s' rx='1'/>", x,
		TOP + (depth - 1) * ROW, w > 1 ? w - 0.5 : w, ROW - 1, fill);
	room = w > 6 ? (size_t)((w - 6) / LETTER) : 0;
	if (room > 3) {
		if (n > room)
			text[room] = '\0';
		fprintf(d->out, "<text x='%.1f' y='%u'>", x + 3, TOP + (depth - 1) * ROW + 12);
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
			x += (double)d->p->stacks[i++].insns * d->scale;
			continue;
		}
		while (end < last && !strncmp(d->p->stacks[end].stack, stack, len) &&
		       strchr(";", d->p->stacks[end].stack[len]))
			insns += d->p->stacks[end++].insns;
		box(d, stack, len, depth, x, insns);
		level(d, i, end, depth + 1, x);
		x += (double)insns * d->scale;
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

void fl_flame(FILE *out, const struct fl_profile *p, const char *title)
{
	cleanup_free struct fl_profile_stack *sorted = fl_calloc(p->n + 1, sizeof(*sorted));
	struct fl_profile own = *p;
	char *body = NULL;
	size_t len = 0;
	struct drawing d = { .out = open_memstream(&body, &len),
			     .p = &own,
			     .scale = WIDTH / (double)(p->instructions ? p->instructions : 1),
			     .faults = p->faults ? (double)p->faults : 1 };

	if (!d.out)
		abort();
	memcpy(sorted, p->stacks, p->n * sizeof(*sorted));
	qsort(sorted, p->n, sizeof(*sorted), by_stack);
	own.stacks = sorted;
	level(&d, 0, p->n, 1, 0);
	fclose(d.out);
	fprintf(out,
		"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %.0f %u' width='%.0f' "
		"font-family='DejaVu Sans Mono,monospace' font-size='11'>\n"
		"<rect width='100%%' height='100%%' fill='#fff'/>\n"
		"<text x='4' y='16' font-size='13' font-weight='bold'>",
		WIDTH, TOP + d.depth * ROW + 6, WIDTH);
	fl_html(out, title);
	fprintf(out,
		"</text>\n<text x='4' y='34'>%llu faults, %.1f instructions a fault; a box is as "
		"wide as what it and its callees execute</text>\n",
		(unsigned long long)p->faults, (double)p->instructions / d.faults);
	fwrite(body, 1, len, out);
	fputs("</svg>\n", out);
	free(body);
}
