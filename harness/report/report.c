/* SPDX-License-Identifier: GPL-2.0 */
/* One page that can be sent: style and figures are inside it. */
#include "harness/report/report.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/report/columns.h"
#include "harness/report/figures.h"

static const char style[] =
	"body{font:15px/1.5 system-ui,'DejaVu Sans',sans-serif;max-width:75em;margin:2em "
	"auto;padding:0 1em;"
	"color:#1a1a1a;background:#fff}h1{font-size:1.5em;margin-bottom:0}h2{font-size:1.15em;"
	"margin-top:2em;"
	"border-bottom:1px solid #ccc}table{border-collapse:collapse;font-size:.87em;margin:.5em 0}"
	"td,th{padding:.2em .6em;text-align:right;border-bottom:1px solid "
	"#e5e5e5;white-space:nowrap}"
	"th{font-weight:600}td:first-child,th:first-child,.l{text-align:left}small{color:#666}"
	"figure{margin:1.5em 0}figcaption{color:#555;max-width:60em}svg{max-width:100%;height:auto;"
	"background:#fff}pre,code{font:13px/1.4 'DejaVu Sans Mono',monospace;white-space:pre-wrap;"
	"overflow-wrap:anywhere}.w{background:#fff6e0;border-left:4px solid #e69f00;padding:.4em "
	".8em}"
	".o{overflow-x:auto}@media print{details{display:none}figure{break-inside:avoid}}";

static void html(FILE *out, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static void element(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "<%s>", tag);
	html(out, text);
	fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

static void print_table(FILE *out, const struct fl_summary *s, const char *workload)
{
	struct fl_column c[FL_COLUMNS_MAX];
	size_t n = fl_columns_of(s, workload, c);
	char text[48];

	fputs("<div class=o><table><tr><th>setting</th>", out);
	if (s->kernels_vary)
		fputs("<th class=l>kernel</th>", out);
	fputs("<th>boots</th>", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "<th>%s<br><small>%s</small></th>", c[i].head, c[i].unit);
	fputs("</tr>\n", out);
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];

		if (strcmp(row->workload_name, workload))
			continue;
		fputs("<tr>", out);
		element(out, "td", row->label);
		if (s->kernels_vary)
			element(out, "td class=l", row->kernel);
		fprintf(out, "<td>%zu/%zu</td>", row->n_ok, row->n);
		for (size_t j = 0; j < n; j++) {
			struct fl_spread v = fl_summary_metric(s, row, c[j].metric, NULL);

			fl_column_text(&c[j], &v, "±", text, sizeof(text));
			element(out, "td", text);
		}
		fputs("</tr>\n", out);
	}
	fputs("</table></div>\n", out);
}

static void print_tables(FILE *out, const struct fl_summary *s)
{
	element(out, "h2", "Results");
	fputs("<p>Medians over boots; ± is half the range from the least to the most, where it is "
	      "over 1 %.</p>",
	      out);
	for (size_t w = 0; w < s->workloads.n; w++) {
		const char *command = "";

		for (size_t i = 0; i < s->n_rows; i++)
			if (!strcmp(s->rows[i].workload_name, s->workloads.v[w]))
				command = s->rows[i].workload;
		fputs("<p><b>", out);
		html(out, s->workloads.v[w]);
		fputs("</b> <code>", out);
		html(out, command);
		fputs("</code></p>\n", out);
		print_table(out, s, s->workloads.v[w]);
	}
}

static void print_failures(FILE *out, const struct fl_summary *s)
{
	bool any = false;

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];

		if (!strcmp(p->status, "ok"))
			continue;
		if (!any) {
			element(out, "h2", "Points that gave no figures");
			fputs("<div class=o><table><tr><th>point</th><th class=l>status</th><th "
			      "class=l>reason"
			      "</th></tr>",
			      out);
		}
		any = true;
		fprintf(out, "<tr><td>%u</td>", p->number);
		element(out, "td class=l", p->status);
		element(out, "td class=l", p->reason);
		fputs("</tr>\n", out);
	}
	if (any)
		fputs("</table></div>\n", out);
}

static void print_provenance(FILE *out, const struct fl_summary *s)
{
	json_t *machine = json_loads(s->run.machine_json, 0, NULL), *value;
	const char *key;

	element(out, "h2", "Where this comes from");
	fputs("<table>", out);
	json_object_foreach (machine, key, value) {
		cleanup_free char *number = json_dumps(value, JSON_ENCODE_ANY);

		fputs("<tr>", out);
		element(out, "td", key);
		element(out, "td class=l",
			json_is_string(value) ? json_string_value(value) : number);
		fputs("</tr>\n", out);
	}
	json_decref(machine);
	fprintf(out, "<tr><td>guest kernel</td><td class=l>%s</td></tr>",
		s->n_points && s->points[0].kernel_release ? s->points[0].kernel_release : "none");
	fprintf(out, "<tr><td>created</td><td class=l>%s</td></tr>", s->run.created);
	fprintf(out, "<tr><td>points</td><td class=l>%u of %u, %s</td></tr></table>\n",
		s->run.stored, s->run.planned, s->run.state);
	fputs("<p>To repeat it:</p><pre>faultline ", out);
	html(out, s->run.arguments);
	fprintf(out, " --seed %llu</pre>\n", (unsigned long long)s->run.seed);
	if (s->n_points && s->points[0].command) {
		fputs("<details><summary>QEMU's command line of the first point</summary><pre>",
		      out);
		html(out, s->points[0].command);
		fputs("</pre></details>\n", out);
	}
	fputs("<details><summary>The experiment's file</summary><pre>", out);
	html(out, s->run.experiment_text);
	fputs("</pre></details>\n", out);
}

/* Ids inside an SVG of gnuplot (gnuplot_plot_1) would clash between figures; nothing refers to them
 * but markers. */
static void inline_svg(FILE *out, const struct fl_drawing *d, size_t number)
{
	cleanup_free char *path = fl_asprintf("%s.svg", d->path);
	cleanup_file FILE *in = fopen(path, "re");
	cleanup_free char *line = NULL;
	size_t room = 0;
	bool body = false;

	while (in && getline(&line, &room, in) > 0) {
		char *at = line, *mark;

		if (!body && !strncmp(line, "<svg", 4))
			body = true;
		if (!body)
			continue;
		while ((mark = strstr(at, "gp"))) {
			fwrite(at, 1, (size_t)(mark - at), out);
			if (!strncmp(mark, "gpDot", 5) || !strncmp(mark, "gpPt", 4))
				fprintf(out, "f%zu", number);
			fputs("gp", out);
			at = mark + 2;
		}
		fputs(at, out);
	}
}

static void print_figures(FILE *out, const struct fl_drawings *d)
{
	if (d->n)
		element(out, "h2", "Figures");
	for (size_t i = 0; i < d->n; i++) {
		fputs("<figure>\n", out);
		inline_svg(out, &d->v[i], i);
		fputs("<figcaption>", out);
		html(out, d->v[i].figure->caption);
		fputs("</figcaption></figure>\n", out);
	}
}

static void print_run(FILE *out, const struct fl_summary *s, const struct fl_drawings *d)
{
	cleanup_free char *machine = fl_summary_machine(s);
	bool hardware = !strcmp(s->run.timebase, "hardware");

	element(out, "h1", s->run.experiment);
	element(out, "p", s->run.about);
	fputs("<p><small>", out);
	html(out, s->run.name);
	fputs(" · ", out);
	html(out, machine);
	fputs("</small></p>\n", out);
	element(out, hardware ? "p" : "p class=w", fl_summary_clock(s));
	if (s->run.verdict) {
		fputs("<p><b>What the table must show:</b> ", out);
		html(out, s->run.verdict);
		fputs("</p>\n", out);
	}
	if (*s->common) {
		fputs("<p>Everywhere: <code>", out);
		html(out, s->common);
		fputs("</code></p>\n", out);
	}
	print_tables(out, s);
	print_failures(out, s);
	print_figures(out, d);
	print_provenance(out, s);
}

static int add_run(FILE *out, struct fl_store *store, int64_t run, struct fl_error *err)
{
	struct fl_drawings d = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err) || fl_figures_draw(&d, &s, store, err);

	if (!bad)
		print_run(out, &s, &d);
	fl_drawings_release(&d);
	fl_summary_release(&s);
	return bad ? -1 : 0;
}

int fl_report(FILE *out, struct fl_store *store, const int64_t *runs, size_t n,
	      struct fl_error *err)
{
	cleanup_free char *path = NULL;
	struct fl_stored_run first;
	FILE *page;
	int bad = 0;

	if (fl_store_run(store, runs[0], &first, err))
		return -1;
	path = fl_asprintf("%s/%s/report.html", fl_results(), first.name);
	page = fopen(path, "we");
	if (!page) {
		fl_stored_run_release(&first);
		return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(errno));
	}
	fprintf(page,
		"<!doctype html><html lang=en><meta charset=utf-8>"
		"<meta name=viewport content='width=device-width'><title>Faultline: %s</title>"
		"<style>%s</style>\n",
		first.name, style);
	fl_stored_run_release(&first);
	for (size_t i = 0; i < n && !bad; i++)
		bad = add_run(page, store, runs[i], err);
	fputs("</html>\n", page);
	if (fclose(page) && !bad)
		bad = fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(errno));
	if (!bad)
		fprintf(out, "\nreport  %s\nplots   %.*splots/\n", path,
			(int)(strlen(path) - strlen("report.html")), path);
	return bad;
}
