/* SPDX-License-Identifier: GPL-2.0 */
/* A chart as a script of gnuplot and the data that it reads (docs/reference/formats.md). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/chart_parts.h"

/* Colours of Okabe and Ito with a contrast of at least 3 on white and on black. */
static const char *const colours[] = {
	[FL_INK_TEXT] = "#000000",  [FL_INK_BLUE] = "#0072B2", [FL_INK_RED] = "#D55E00",
	[FL_INK_GREEN] = "#009E73", [FL_INK_PINK] = "#CC79A7", [FL_INK_SOFT] = "#5f5f5f",
};

/* A shape per colour, for print and for colour-blind readers: filled, hollow. */
static const struct {
	int filled, hollow;
} shapes[] = {
	[FL_INK_TEXT] = { 11, 10 }, [FL_INK_BLUE] = { 7, 6 },   [FL_INK_RED] = { 5, 4 },
	[FL_INK_GREEN] = { 9, 8 },  [FL_INK_PINK] = { 13, 12 }, [FL_INK_SOFT] = { 15, 14 },
};

/* A quote is doubled, and nothing else means anything. */
static void gp_text(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; text && *text; text++) {
		if (*text == '\'')
			fputc('\'', out);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
	fputc('\'', out);
}

static void dat_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; text && *text; text++)
		fputc(*text == '"' || *text == '\\' || (unsigned char)*text < ' ' ? '\'' : *text,
		      out);
	fputc('"', out);
}

static void dat_number(FILE *out, double v)
{
	if (isfinite(v))
		fprintf(out, "%.9g ", v);
	else
		fputs("NaN ", out);
}

static void write_block(FILE *out, const struct fl_chart_panel *p, const struct fl_chart_series *s)
{
	fputs("# ", out);
	dat_text(out, p->title ? p->title : "");
	fputc(' ', out);
	dat_text(out, s->name);
	fputc('\n', out);
	for (size_t i = 0; i < s->n; i++) {
		const struct fl_chart_point *q = &s->v[i];

		dat_number(out, q->x);
		dat_number(out, q->y);
		dat_number(out, q->from);
		dat_number(out, q->to);
		fprintf(out, "%d ", q->hollow);
		dat_text(out, q->tip ? q->tip : q->label ? q->label : "");
		fputc('\n', out);
	}
	fputs(s->n ? "\n\n" : "NaN NaN NaN NaN 0 \"\"\n\n\n", out);
}

static void write_data(FILE *out, const struct fl_chart *c)
{
	fputs("# x y from to hollow \"what it is\"; a block a series, named before it\n", out);
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->panels[i].n; k++)
			write_block(out, &c->panels[i], &c->panels[i].v[k]);
}

static const char *const lined[] = {
	[FL_DRAW_LINE] = "using 1:2 with lines lw 2 dt 1",
	[FL_DRAW_COURSE] = "using 1:2 with lines lw 2 dt 1",
	[FL_DRAW_STAIR] = "using 1:2 with steps lw 2 dt 1",
	[FL_DRAW_REFERENCE] = "using 1:2 with lines lw 1.6 dt (4,3)",
	[FL_DRAW_MARKS] = NULL,
	[FL_DRAW_BOXES] = "using ($5 == 0 ? $1 : NaN):2:3:1:($2 - half):($2 + half) with "
			  "boxxyerror fs solid 1 noborder",
	[FL_DRAW_SPANS] = "using 3:2:($4 - $3):(0) with vectors nohead lw 2 dt 1",
	[FL_DRAW_AREA] = "using 1:3:2 with filledcurves fs solid 0.85 noborder",
};

static void write_part(FILE *out, const struct fl_chart_series *s, unsigned int index,
		       const char *how, bool *any)
{
	fprintf(out, "%s \\\n\tdata index %u %s lc rgb '%s' title ", *any ? "," : "plot", index,
		how, colours[s->ink]);
	gp_text(out, s->name);
	fputs(" noenhanced", out);
	*any = true;
}

static bool some(const struct fl_chart_series *s, bool hollow)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].hollow == hollow)
			return true;
	return false;
}

static void write_series(FILE *out, const struct fl_chart_series *s, unsigned int index, bool *any)
{
	bool marks = (s->n == 1 && s->draw != FL_DRAW_BOXES) || s->draw == FL_DRAW_LINE ||
		     s->draw == FL_DRAW_MARKS || s->draw == FL_DRAW_SPANS;
	cleanup_free char *filled = fl_asprintf(
		"using ($5 == 0 ? $1 : NaN):2 with points pt %d ps 0.9", shapes[s->ink].filled);
	cleanup_free char *hollow =
		fl_asprintf("using ($5 == 1 ? $1 : NaN):2 with points pt %d ps 1.1 lw 1.6",
			    shapes[s->ink].hollow);

	if (!s->n)
		return;
	if (lined[s->draw] && (s->draw != FL_DRAW_BOXES || some(s, false)))
		write_part(out, s, index, lined[s->draw], any);
	if (s->draw == FL_DRAW_BOXES && some(s, true))
		write_part(out, s, index,
			   "using ($5 == 1 ? $1 : NaN):2:3:1:($2 - half):($2 + half) with "
			   "boxxyerror fs empty border lw 1.4",
			   any);
	if (marks && some(s, false))
		write_part(out, s, index, filled, any);
	if (marks && some(s, true))
		write_part(out, s, index, hollow, any);
}

static const char *side(signed char s)
{
	return s > 0 ? "left" : s < 0 ? "right" : "center";
}

static void write_label(FILE *out, const struct fl_chart *c, const struct fl_chart_point *p)
{
	fputs("set label ", out);
	gp_text(out, p->label);
	fprintf(out,
		" at first %.9g,%.9g %s noenhanced offset screen %.5f,%.5f font f(%g) tc rgb "
		"'%s'\n",
		p->x, p->y, side(p->side), p->dx / c->width, -p->dy / c->height, FL_LABEL_SIZE,
		colours[FL_INK_TEXT]);
}

static void write_axis(FILE *out, const struct fl_chart_axis *a, char name, bool grid)
{
	fprintf(out, "%s logscale %c\nset %crange [%.9g:%.9g]\n", a->log ? "set" : "unset", name,
		name, a->low, a->high);
	if (!a->n) {
		fprintf(out, "unset %ctics\n", name);
		return;
	}
	fprintf(out, "set %ctics (", name);
	for (size_t i = 0; i < a->n; i++)
		fprintf(out, "%s'' %.9g", i ? ", " : "", a->tics[i].at);
	fputs(")\n", out);
	if (grid)
		fprintf(out, "set grid %ctics lc rgb '#d8d8d8' lw 0.8 lt 1 dt 1\n", name);
}

static void write_panel(FILE *out, const struct fl_chart *c, const struct fl_chart_panel *p,
			unsigned int index)
{
	bool boxes = p->n && (p->v[0].draw == FL_DRAW_BOXES || p->v[0].draw == FL_DRAW_SPANS);
	bool any = false;

	fputs("\n# ", out);
	dat_text(out, p->title ? p->title : "");
	fprintf(out,
		"\nset lmargin at screen %.5f; set rmargin at screen %.5f\n"
		"set tmargin at screen %.5f; set bmargin at screen %.5f\nunset grid\n",
		p->left / c->width, p->right / c->width, 1 - p->top / c->height,
		1 - p->bottom / c->height);
	write_axis(out, &p->x, 'x', boxes);
	write_axis(out, &p->y, 'y', !boxes);
	fprintf(out, "set border %d lw 0.8 lc rgb '%s'\n", boxes ? 2 : 3, colours[FL_INK_SOFT]);
	if (p->shade_to > p->shade_from)
		fprintf(out,
			"set object 1 rectangle from first %.9g, graph 0 to first %.9g, graph 1 "
			"fc rgb '%s' fs transparent solid 0.14 noborder behind\n",
			fmax(p->shade_from, p->x.low), fmin(p->shade_to, p->x.high),
			colours[FL_INK_GREEN]);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->v[i].n; k++)
			if (p->v[i].v[k].label)
				write_label(out, c, &p->v[i].v[k]);
	for (size_t i = 0; i < p->n; i++)
		write_series(out, &p->v[i], index + (unsigned int)i, &any);
	fputs(any ? "\nunset label; unset object\n" : "plot NaN notitle\n", out);
}

static void write_key_mark(FILE *out, const struct fl_chart *c, const struct fl_chart_mark *m)
{
	double x = m->x / c->width, y = 1 - m->y / c->height;
	bool box = m->draw == FL_DRAW_BOXES || m->draw == FL_DRAW_AREA;

	if (!box && m->draw != FL_DRAW_MARKS)
		fprintf(out,
			"set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 2 dt %s lc "
			"rgb '%s' front\n",
			(m->x - 9) / c->width, y, (m->x + 9) / c->width, y,
			m->draw == FL_DRAW_REFERENCE ? "(4,3)" : "1", colours[m->ink]);
	if (m->draw != FL_DRAW_REFERENCE && m->draw != FL_DRAW_COURSE && m->draw != FL_DRAW_STAIR)
		fprintf(out, "set label '' at screen %.5f,%.5f point pt %d ps %g lc rgb '%s'\n", x,
			y,
			box         ? (m->hollow ? 4 : 5)
			: m->hollow ? shapes[m->ink].hollow
				    : shapes[m->ink].filled,
			box ? 1.3 : 0.9, colours[m->ink]);
}

/* A leader from the end of a line to its name, if that had to move. */
static void write_leader(FILE *out, const struct fl_chart *c, const struct fl_chart_panel *p,
			 const struct fl_chart_series *s)
{
	const struct fl_chart_point *last = &s->v[s->n ? s->n - 1 : 0];
	double x, y;

	if (!s->named || !s->n)
		return;
	x = fl_chart_px(&p->x, last->x, p->left, p->right) + 7;
	y = fl_chart_px(&p->y, last->y, p->bottom, p->top);
	if (fabs(y - s->name_y) > 4 || x < p->right - 40)
		fprintf(out,
			"set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 0.8 dt 1 lc "
			"rgb '%s'\n",
			x / c->width, 1 - y / c->height, (p->right + 8) / c->width,
			1 - s->name_y / c->height, colours[FL_INK_SOFT]);
}

static void write_texts(FILE *out, const struct fl_chart *c)
{
	fprintf(out,
		"\n# all else that is written\nset lmargin at screen 0; set rmargin at screen 1\n"
		"set tmargin at screen 1; set bmargin at screen 0\nunset border; unset tics; unset "
		"grid\n"
		"unset logscale\nset xrange [0:1]\nset yrange [0:1]\n");
	for (size_t i = 0; i < c->n_texts; i++) {
		const struct fl_chart_text *t = &c->texts[i];

		fputs("set label ", out);
		gp_text(out, t->text);
		fprintf(out, " at screen %.5f,%.5f %s noenhanced font %c(%g) tc rgb '%s'\n",
			t->x / c->width, 1 - t->y / c->height, side(t->side), t->bold ? 'b' : 'f',
			t->size, colours[t->soft ? FL_INK_SOFT : FL_INK_TEXT]);
	}
	for (size_t i = 0; i < c->n_marks; i++)
		write_key_mark(out, c, &c->marks[i]);
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->panels[i].n; k++)
			write_leader(out, c, &c->panels[i], &c->panels[i].v[k]);
	fputs("plot NaN notitle\n", out);
}

static void write_script(FILE *out, const struct fl_chart *c, const char *name)
{
	unsigned int index = 0;

	fprintf(out,
		"# `gnuplot %s.gp` in this folder draws %s.svg and %s.png again from %s.dat\n"
		"if (!exists('png')) { png = 0 }\n"
		"data = '%s.dat'\n"
		"half = %g\n"
		"f(size) = sprintf('DejaVu Sans,%%g', png ? size * 0.75 : size)\n"
		"b(size) = sprintf('DejaVu Sans:Bold,%%g', png ? size * 0.75 : size)\n"
		"set encoding utf8\n"
		"if (png) { set terminal pngcairo enhanced size %.0f,%.0f font f(12) background "
		"rgb 'white' } else { set terminal svg enhanced size %.0f,%.0f dynamic font "
		"f(12) "
		"}\n"
		"set output png ? '%s.png' : '%s.svg'\n"
		"set multiplot\nunset key\nset tics nomirror out scale 0.4 format ''\n",
		name, name, name, name, name, FL_BOX_HALF, c->width, c->height, c->width, c->height,
		name, name);
	for (size_t i = 0; i < c->n; i++) {
		write_panel(out, c, &c->panels[i], index);
		index += (unsigned int)c->panels[i].n;
	}
	write_texts(out, c);
	fputs("unset multiplot\nunset output\n", out);
	if (!c->narrow)
		fprintf(out, "if (!png) { png = 1; reset; load '%s.gp' }\n", name);
}

static int write_file(const struct fl_chart *c, const char *folder, const char *name, bool script,
		      struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/%s.%s", folder, name, script ? "gp" : "dat");
	FILE *out = fopen(path, "we");

	if (out && script)
		write_script(out, c, name);
	else if (out)
		write_data(out, c);
	if (!out || fclose(out))
		return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(errno));
	return 0;
}

int fl_chart_write(const struct fl_chart *c, const char *folder, const char *name,
		   struct fl_error *err)
{
	return write_file(c, folder, name, true, err) || write_file(c, folder, name, false, err)
		       ? -1
		       : 0;
}
