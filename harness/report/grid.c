/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/grid.h"

#include <string.h>

#include "harness/base/wrap.h"

#define GAP 2
#define UNWRAPPED 100000
#define NARROW 40 /* no narrower: a name and a number need as much */

int fl_grid_width(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void widen(int *width, int to)
{
	*width = to > *width ? to : *width;
}

void fl_grid_column(struct fl_grid *g, bool left, const char *top, const char *middle,
		    const char *bottom)
{
	const char *texts[FL_GRID_HEADS] = { top, middle, bottom };
	struct fl_grid_column *c = &g->c[g->n];

	if (g->n == FL_GRID_MAX)
		return;
	g->n++;
	c->left = left;
	for (int i = 0; i < FL_GRID_HEADS; i++) {
		snprintf(c->heads[i], sizeof(c->heads[i]), "%s", texts[i] ? texts[i] : "");
		widen(&c->width, fl_grid_width(c->heads[i]));
	}
}

void fl_grid_row(struct fl_grid *g, const char *const *texts, const char *note)
{
	for (size_t i = 0; i < g->n; i++) {
		fl_strv_push(&g->cells, texts[i] ? texts[i] : "");
		widen(&g->c[i].width, fl_grid_width(texts[i] ? texts[i] : ""));
	}
	fl_strv_push(&g->notes, note ? note : "");
	if (g->heads.n < g->notes.n)
		fl_strv_push(&g->heads, "");
}

void fl_grid_heading(struct fl_grid *g, const char *text)
{
	if (g->heads.n > g->notes.n)
		fl_strv_pop(&g->heads);
	fl_strv_push(&g->heads, text);
}

static int name_width(const struct fl_grid *g, unsigned int columns)
{
	int most = g->name_max ? g->name_max : (int)columns / 2;

	return g->c[0].width > most ? most : g->c[0].width;
}

size_t fl_grid_fits(struct fl_grid *g, unsigned int columns)
{
	size_t n = 1;
	int room;

	if (!columns || !g->n)
		return g->n;
	columns = columns < NARROW ? NARROW : columns;
	room = (int)columns - name_width(g, columns);
	while (n < g->n && (room -= g->c[n].width + GAP) >= 0)
		n++;
	return n;
}

/* No blanks at the end of a line. */
static void print_cell(FILE *out, const struct fl_grid *g, size_t i, int width, const char *text,
		       int *pending)
{
	int blanks = width - fl_grid_width(text), before = g->c[i].left ? 0 : blanks;

	if (!*text) {
		*pending += width;
		return;
	}
	fprintf(out, "%*s%s", *pending + before, "", text);
	*pending = blanks - before;
}

static void print_line(FILE *out, const struct fl_grid *g, size_t n, int name,
		       const char *const *texts)
{
	int pending = 0;
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= *texts[i] != '\0';
	if (!any)
		return;
	for (size_t i = 0; i < n; i++) {
		pending += i ? GAP : 0;
		print_cell(out, g, i, i ? g->c[i].width : name, texts[i], &pending);
	}
	fputc('\n', out);
}

static void print_heads(FILE *out, const struct fl_grid *g, size_t n, int name)
{
	const char *texts[FL_GRID_MAX];

	for (int line = 0; line < FL_GRID_HEADS; line++) {
		bool any = false;

		for (size_t i = 0; i < n; i++) {
			texts[i] = g->c[i].heads[line];
			any |= *texts[i] != '\0';
		}
		if (any)
			print_line(out, g, n, name, texts);
	}
}

void fl_grid_print(FILE *out, struct fl_grid *g, unsigned int columns)
{
	size_t n = fl_grid_fits(g, columns);
	unsigned int wide = columns && columns < NARROW ? NARROW : columns;
	int name = g->n && columns ? name_width(g, wide) : g->c[0].width;
	const char *texts[FL_GRID_MAX];

	print_heads(out, g, n, name);
	for (size_t r = 0; r < g->notes.n; r++) {
		for (size_t i = 0; i < g->n; i++)
			texts[i] = g->cells.v[r * g->n + i];
		if (*g->heads.v[r]) {
			fputc('\n', out);
			fl_wrap(out, "", g->heads.v[r], wide ? wide : UNWRAPPED);
		}
		if (fl_grid_width(texts[0]) > name) {
			fl_wrap(out, "", texts[0], wide);
			texts[0] = "";
		}
		print_line(out, g, n, name, texts);
		if (*g->notes.v[r])
			fl_wrap(out, "    ", g->notes.v[r], wide ? wide : UNWRAPPED);
	}
	fl_strv_release(&g->cells);
	fl_strv_release(&g->heads);
	fl_strv_release(&g->notes);
}
