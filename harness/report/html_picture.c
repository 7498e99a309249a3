/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/columns.h"
#include "harness/report/html_run.h"

void fl_html_metric(const struct fl_summary *s, const char *metric, char out[48])
{
	struct fl_column c;

	snprintf(c.metric, sizeof(c.metric), "%.63s", metric);
	fl_column_name(&c, fl_summary_meaning(s, metric));
	snprintf(out, 48, "%s", c.head);
}

void fl_html_words(const struct fl_summary *s, const char *metric, char out[48])
{
	static const struct {
		const char *metric, *words;
	} known[] = {
		{ "charge_at_hold", "cgroup charge" },
		{ "held_rss", "RSS while held" },
		{ "touch_latency_mean", "cost of a touched page" },
	};

	fl_html_metric(s, metric, out);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].metric, metric))
			snprintf(out, 48, "%s", known[i].words);
}

const char *fl_html_clock(const char *timebase)
{
	return !strcmp(timebase, "insn")      ? "instruction clock"
	       : !strncmp(timebase, "tcg", 3) ? "emulated time"
					      : "real time";
}

double fl_html_ticks(double range, unsigned int most)
{
	double step = pow(10, floor(log10(range / most)));

	while (range / step > most)
		step *= range / (2 * step) <= most ? 2 : range / (5 * step) <= most ? 5 : 10;
	return step;
}

void fl_html_tip(FILE *out, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	fputs("<title>", out);
	fl_html(out, text);
	fputs("</title>", out);
}

void fl_html_key(FILE *out, unsigned int series, const char *name)
{
	fprintf(out, "<span data-s=%u><i class=k%u></i>", series, series);
	fl_html(out, name);
	fputs("</span>\n", out);
}

/* One of the plots; page.js makes a legend of its series. */
static void print_main(const struct fl_html_run *r, const struct fl_drawing *d,
		       struct fl_html_room *room)
{
	fprintf(r->out, "<section id=\"%spicture\">\n", r->prefix);
	fl_html_element(r->out, "h2", "The answer as a picture");
	fl_html_drawing(r->out, d, room);
	fputs("</section>\n", r->out);
}

static void print_none(const struct fl_html_run *r)
{
	cleanup_free char *why = fl_figures_none(r->s);

	fprintf(r->out, "<section id=\"%spicture\">\n", r->prefix);
	fl_html_element(r->out, "h2", "The answer as a picture");
	fl_html_element(r->out, "p", why);
	fputs("</section>\n", r->out);
}

bool fl_html_picture(const struct fl_html_run *r, const struct fl_drawings *d,
		     struct fl_html_room *room)
{
	const struct fl_drawing *first = fl_figures_main(d);
	bool named = r->s->picture && first;

	if (!named && fl_html_curves(r))
		return true;
	if (!named && (!first || first->figure == &fl_figure_answer) && fl_html_bars(r))
		return true;
	if (!first) {
		print_none(r);
		return true;
	}
	print_main(r, first, room);
	return true;
}
