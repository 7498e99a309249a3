/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Black and grey of gnuplot become the page's text colour, so that the drawing is readable on light
 * and dark; empty groups are dropped; each series carries its name, and each point has a target for
 * the pointer.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/chart_parts.h"
#include "harness/report/html.h"

static const struct {
	const char *from, *to;
} inks[] = {
	{ "fill=\"rgb(0,0,0)\"", "fill=\"currentColor\"" },
	{ "fill=\"rgb(95,95,95)\"", "fill=\"currentColor\" fill-opacity=\".74\"" },
	{ "='rgb(  0,   0,   0)'", "='currentColor'" },
	{ "stroke='rgb( 95,  95,  95)'", "stroke='currentColor' stroke-opacity='.74'" },
	{ "stroke='rgb(216, 216, 216)'", "stroke='currentColor' stroke-opacity='.16'" },
	{ "='rgb( 95,  95,  95)'", "='currentColor'" },
	{ " color=\"black\"", "" },
	{ " color=\"gray\"", "" },
	{ " color=\"white\"", "" },
	{ "font-family=\"DejaVu Sans:Bold\"",
	  "font-family=\"DejaVu Sans,sans-serif\" font-weight=\"bold\"" },
	{ "font-family=\"DejaVu Sans\"", "font-family=\"DejaVu Sans,sans-serif\"" },
	{ "<tspan font-family=\"DejaVu Sans,sans-serif\" >", "" },
	{ "</tspan>", "" },
	{ "<title>Gnuplot</title>", "" },
	{ " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", "" },
};

static void replace_all(char **text, const char *from, const char *to)
{
	char *at = *text;

	while ((at = strstr(at, from))) {
		size_t before = (size_t)(at - *text);
		char *whole = fl_asprintf("%.*s%s%s", (int)before, *text, to, at + strlen(from));

		free(*text);
		*text = whole;
		at = whole + before + strlen(to);
	}
}

/* <g id="gnuplot_plot_3a" ><title>NAME</title>: the ids clash where several are in one page. */
static void name_series(char **text)
{
	char *at = strstr(*text, "<g id=\"gnuplot_plot_"), *name, *end, *whole;

	if (!at || !(name = strstr(at, "<title>")) || !(end = strstr(name, "</title>")))
		return;
	name += strlen("<title>");
	*end = '\0';
	whole = fl_strdup("<g>\n");
	if (strncmp(name, "gnuplot_plot_", 13) != 0) {
		cleanup_free char *quoted = fl_strdup(name);

		free(whole);
		replace_all(&quoted, "\"", "&quot;");
		whole = fl_asprintf("<g class=\"series\" data-series=\"%s\">\n", quoted);
	}
	free(*text);
	*text = whole;
}

/* A tic without a number leaves an empty text; its group begins behind the tic's path. */
static void drop_empty_texts(char *text)
{
	static const char empty[] = "\t\t<text></text>\n\t</g>\n";
	char *at = text, *out = text;

	for (char *end; (end = strstr(at, empty)); at = end + strlen(empty)) {
		char *group = end;

		while (group > at && strncmp(group, "<g transform=", 13) != 0)
			group--;
		memmove(out, at, (size_t)(group - at));
		out += group - at;
		*out++ = '\n';
	}
	memmove(out, at, strlen(at) + 1);
}

static bool opens(const char *line)
{
	return strstr(line, "<g fill=\"none\"") != NULL;
}

static void copy_lines(FILE *in, FILE *out, const char *tips)
{
	cleanup_free char *held = NULL;
	char *line = NULL;
	size_t room = 0;

	for (; getline(&line, &room, in) > 0; line = NULL, room = 0) {
		for (size_t i = 0; i < sizeof(inks) / sizeof(inks[0]); i++)
			replace_all(&line, inks[i].from, inks[i].to);
		name_series(&line);
		if (held && !strcmp(line, "</g>\n")) {
			free(held);
			free(line);
			held = NULL;
			continue;
		}
		fputs(held ? held : "", out);
		free(held);
		held = opens(line) ? line : NULL;
		if (held)
			continue;
		if (strstr(line, "</svg>"))
			fputs(tips, out);
		if (line[strspn(line, "\n\t ")])
			fputs(line, out);
		free(line);
	}
	free(line);
}

static void print_tip(FILE *out, const struct fl_chart_panel *p, const struct fl_chart_series *s,
		      const struct fl_chart_point *at)
{
	double x = fl_chart_px(&p->x, at->x, p->left, p->right);
	double y = fl_chart_px(&p->y, at->y, p->bottom, p->top);

	if (s->draw == FL_DRAW_BOXES) {
		double from = fl_chart_px(&p->x, at->from, p->left, p->right);
		double half = FL_BOX_HALF * (p->bottom - p->top) / (p->y.low - p->y.high);

		fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
			from < x ? from : x, y - half, (from < x ? x - from : from - x) + 4,
			2 * half);
	} else {
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"9\"", x, y);
	}
	fputs(" data-series=\"", out);
	fl_html(out, s->name);
	fputs("\"><title>", out);
	fl_html(out, at->tip);
	fputs("</title></", out);
	fputs(s->draw == FL_DRAW_BOXES ? "rect>\n" : "circle>\n", out);
}

static char *tips_of(const struct fl_chart *c)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	fputs("<g class=\"tips\" fill=\"transparent\">\n", out);
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->panels[i].n; k++)
			for (size_t j = 0; j < c->panels[i].v[k].n; j++)
				if (c->panels[i].v[k].v[j].tip)
					print_tip(out, &c->panels[i], &c->panels[i].v[k],
						  &c->panels[i].v[k].v[j]);
	fputs("</g>\n", out);
	fclose(out);
	return text;
}

int fl_chart_svg(const struct fl_chart *c, const char *from, const char *to, struct fl_error *err)
{
	cleanup_free char *tips = tips_of(c);
	cleanup_free char *text = NULL;
	cleanup_file FILE *raw = fopen(from, "re");
	FILE *out = NULL;
	size_t room = 0;

	if (raw && getdelim(&text, &room, '\0', raw) > 0)
		out = fopen(to, "we");
	if (out) {
		cleanup_file FILE *in = NULL;

		drop_empty_texts(text);
		in = fmemopen(text, strlen(text), "r");
		if (!in)
			abort();
		copy_lines(in, out, tips);
	}
	if (!out || fclose(out))
		return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", to, strerror(errno));
	return 0;
}
