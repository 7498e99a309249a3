/* SPDX-License-Identifier: GPL-2.0 */
/* Night by night: each run, and each metric as a line with the nights at which its level changed.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/metric.h"
#include "harness/report/html.h"

#define SERIES_MAX 24

enum { WIDTH = 200, HEIGHT = 34, EDGE = 5 };
#define SPAN_LEAST 0.01 /* of the values: a line shows no less, so that noise looks like noise */

/* What decides and changed, then the time of each row, then what changed. */
static int rank_of(const struct fl_history_series *s)
{
	const struct fl_metric *m = fl_metric_find(s->metric);

	if (m && m->headline && s->n_changes)
		return 0;
	if (!strcmp(s->metric, "workload_time"))
		return 1;
	return s->n_changes ? 2 : 3;
}

static bool changes_at(const struct fl_history_series *s, size_t run)
{
	for (size_t k = 0; k < s->n_changes; k++)
		if (s->changes[k] == run)
			return true;
	return false;
}

struct range {
	double low, high, last;
	size_t n;
};

static struct range range_of(const struct fl_history *h, const struct fl_history_series *s)
{
	struct range r = { .low = INFINITY, .high = -INFINITY };

	for (size_t i = 0; i < h->n_runs; i++) {
		if (isnan(s->values[i]))
			continue;
		r.low = fmin(r.low, s->values[i]);
		r.high = fmax(r.high, s->values[i]);
		r.last = s->values[i];
		r.n++;
	}
	return r;
}

static void print_line(FILE *out, const struct fl_history *h, const struct fl_history_series *s,
		       const struct range *r, double per, const char *unit)
{
	double wide = h->n_runs > 1 ? (WIDTH - 2.0 * EDGE) / (double)(h->n_runs - 1) : 0;
	double span = fmax(r->high - r->low, SPAN_LEAST * fabs(r->high));
	double low = (r->low + r->high - span) / 2, high = span > 0 ? span : 1;
	const char *move = "M";

	fprintf(out, "<svg class='spark s0' viewBox='0 0 %d %d' role=img aria-label=\"", WIDTH,
		HEIGHT);
	fl_html(out, s->metric);
	fputs("\"><path class=l d='", out);
	for (size_t i = 0; i < h->n_runs; i++) {
		if (isnan(s->values[i]))
			continue;
		fprintf(out, "%s%.1f %.1f", move, EDGE + wide * (double)i,
			HEIGHT - EDGE - (s->values[i] - low) / high * (HEIGHT - 2 * EDGE));
		move = "L";
	}
	fputs("'/>", out);
	for (size_t i = 0; i < h->n_runs; i++) {
		double x = EDGE + wide * (double)i;

		if (isnan(s->values[i]))
			continue;
		if (changes_at(s, i))
			fprintf(out, "<path class='l s1' d='M%.1f 0V%d'/>", x, HEIGHT);
		fprintf(out, "<circle class=m cx=%.1f cy=%.1f r=3><title>", x,
			HEIGHT - EDGE - (s->values[i] - low) / high * (HEIGHT - 2 * EDGE));
		fl_html(out, h->runs[i].name);
		fprintf(out, ": %.5g %s%s</title></circle>", s->values[i] / per, unit,
			changes_at(s, i) ? ", a new level" : "");
	}
	fputs("</svg>", out);
}

static void print_series(FILE *out, const struct fl_history *h, const struct fl_history_series *s)
{
	struct range r = range_of(h, s);
	char unit[24];
	double per = fl_readable(s->unit, fmax(fabs(r.low), fabs(r.high)), unit, sizeof(unit));

	fputs("<tr>", out);
	fl_html_element(out, "th scope=row", s->row);
	fl_html_element(out, "td class=l", s->metric);
	fputs("<td class=l>", out);
	print_line(out, h, s, &r, per, unit);
	fprintf(out, "</td><td>%.5g</td><td>%.5g</td><td>%.5g</td>", r.low / per, r.high / per,
		r.last / per);
	fl_html_element(out, "td class=l", unit);
	fl_html_element(out, s->n_changes ? "td class=\"l mixed\"" : "td class=l",
			s->n_changes ? h->runs[s->changes[s->n_changes - 1]].name : "no new level");
	fputs("</tr>\n", out);
}

static const struct verdict {
	const char *gate, *words, *class, *mark;
} verdicts[] = {
	{ "first", "first baseline", "soft", "○" },
	{ "good", "good", "good", "●" },
	{ "regressed", "REGRESSED", "bad", "✖" },
};

static const struct verdict *verdict_of(const struct fl_stored_run *run)
{
	for (size_t i = 0; run->gate && i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (!strcmp(run->gate, verdicts[i].gate))
			return &verdicts[i];
	return NULL;
}

static void print_address(FILE *out, const struct fl_stored_run *run)
{
	fputs("<a href=\"../", out);
	fl_html(out, run->name);
	fputs("/report.html\"", out);
}

static void print_night(FILE *out, const struct fl_stored_run *run)
{
	const struct verdict *v = verdict_of(run);

	fputs("<tr><td class=l>", out);
	fl_html_created(out, run->created);
	fputs("</td><td class=l>", out);
	print_address(out, run);
	fputc('>', out);
	fl_html(out, run->name);
	fprintf(out, "</a></td><td class=\"l %s\"><b>%s</b></td></tr>\n", v->class, v->words);
}

/* "The last of 6 nights is good", and a mark a night. */
static void print_head(FILE *out, const struct fl_history *h)
{
	const struct fl_stored_run *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < h->n_runs; i++) {
		if (!verdict_of(&h->runs[i]))
			continue;
		last = &h->runs[i];
		n++;
	}
	if (!last)
		return;
	fputs("<header>", out);
	fprintf(out, "<h1>The last of %zu night%s of ", n, n == 1 ? "" : "s");
	fl_html(out, last->experiment);
	fprintf(out, ": <span class=%s>%s</span></h1>\n<p class=nights>", verdict_of(last)->class,
		verdict_of(last)->words);
	for (size_t i = 0; i < h->n_runs; i++) {
		const struct verdict *v = verdict_of(&h->runs[i]);

		if (!v)
			continue;
		print_address(out, &h->runs[i]);
		fprintf(out, " class=%s title=\"", v->class);
		fl_html_created(out, h->runs[i].created);
		fprintf(out, ": %s\">%s</a>\n", v->words, v->mark);
	}
	fputs("<small>● good, ✖ regressed, ○ first baseline</small></p></header>\n", out);
}

static void print_nights(FILE *out, const struct fl_history *h)
{
	cleanup_free char *summary = fl_asprintf("The last %zu nights", h->n_runs);

	fl_html_details(out, summary, h->n_runs <= 10);
	fputs("<div class=t><table><tr><th class=l>when</th><th class=l>run</th>"
	      "<th class=l>verdict</th></tr>\n",
	      out);
	for (size_t i = h->n_runs; i-- > 0;)
		if (verdict_of(&h->runs[i]))
			print_night(out, &h->runs[i]);
	fputs("</table></div></details>\n", out);
}

void fl_html_history(FILE *out, const struct fl_history *h, bool head)
{
	size_t shown = 0;

	if (head)
		print_head(out, h);
	fputs("<main class=tall><section id=history>\n<h2>Night by night</h2>\n", out);
	if (h->n_runs > 1) {
		fputs("<p class=soft>Medians of each night; a vertical line is a night at which a "
		      "new level begins. Series that decide and changed come first.</p>\n"
		      "<div class=tools></div>\n<div class=t><table class=data><thead><tr>"
		      "<th class=l>row</th><th class=l>metric</th><th class=l>nights</th>"
		      "<th>least</th><th>most</th><th>last</th><th class=l>unit</th>"
		      "<th class=l>last new level</th></tr></thead><tbody>\n",
		      out);
		for (int rank = 0; rank < 3; rank++)
			for (size_t i = 0; i < h->n && shown < SERIES_MAX; i++)
				if (rank_of(&h->series[i]) == rank &&
				    range_of(h, &h->series[i]).n > 1 && ++shown)
					print_series(out, h, &h->series[i]);
		fputs("</tbody></table></div>\n", out);
	}
	print_nights(out, h);
	fputs("</section></main>\n", out);
}
