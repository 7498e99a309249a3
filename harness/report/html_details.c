/* SPDX-License-Identifier: GPL-2.0 */
/* What stands behind the answer; closed, but for what went wrong. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/provenance.h"
#include "harness/report/cases.h"
#include "harness/report/crossing.h"
#include "harness/report/html_run.h"
#include "harness/report/outcomes.h"
#include "harness/report/verdict.h"

static bool same_fate(const struct fl_stored_point *a, const struct fl_stored_point *b)
{
	return !strcmp(a->status, b->status) &&
	       !strcmp(a->reason ? a->reason : "", b->reason ? b->reason : "");
}

/* Each status and reason once, with the numbers of its points. */
static void print_fate(FILE *out, const struct fl_summary *s, size_t first, bool bad)
{
	const struct fl_stored_point *p = &s->points[first];

	fputs("<tr>", out);
	fl_html_element(out, bad ? "td class=\"l bad\"" : "td class=l", p->status);
	fputs("<td class=l>", out);
	for (size_t i = first; i < s->n_points; i++)
		if (same_fate(&s->points[i], p))
			fprintf(out, "%s%u", i == first ? "" : ", ", s->points[i].number);
	fputs("</td>", out);
	fl_html_element(out, "td class=\"l wrap\"", p->reason);
	fputs("</tr>\n", out);
}

/* well: of points that have numbers and lack one; else of those that have none. */
static bool is_told(const struct fl_stored_point *p, bool well)
{
	return strcmp(p->status, "ok") ? !well : well && p->reason;
}

static void print_fates(FILE *out, const struct fl_summary *s, bool well, const char *title)
{
	struct fl_outcomes o;
	size_t n = 0;

	fl_outcomes_count(&o, s);
	for (size_t i = 0; i < s->n_points; i++)
		n += is_told(&s->points[i], well);
	if (n) {
		cleanup_free char *summary = fl_asprintf("%s (%zu)", title, n);

		fl_html_details(out, summary, !well && o.failed);
		fputs("<div class=t><table><tr><th class=l>status</th><th class=l>points</th>"
		      "<th class=l>reason</th></tr>\n",
		      out);
	}
	for (size_t i = 0; i < s->n_points; i++) {
		size_t before = 0;

		while (before < i && !same_fate(&s->points[before], &s->points[i]))
			before++;
		if (before == i && is_told(&s->points[i], well))
			print_fate(out, s, i, fl_outcomes_fails(&o, s->points[i].status));
	}
	fl_outcomes_release(&o);
	fputs(n ? "</table></div></details>\n" : "", out);
}

void fl_html_checks(const struct fl_html_run *r)
{
	const char *class;
	cleanup_free char *line = fl_html_checks_line(r->claims, &class);

	fprintf(r->out, "<section id=\"%schecks\">\n", r->prefix);
	fl_html_element(r->out, "h2", "Behind the answer");
	if (line || r->claims->claims.n_published) {
		fl_html_details(r->out, line ? line : "Beside the published figures",
				!strcmp(class, "bad"));
		fl_verdict_html(r->out, r->claims);
		fputs("</details>\n", r->out);
	}
	if (r->crossings->n) {
		fl_html_details(r->out,
				"Break-even: from where on waiting costs more than it saves",
				false);
		fl_crossing_html(r->out, r->crossings);
		fputs("</details>\n", r->out);
	}
	print_fates(r->out, r->s, false, "Failed and skipped points");
	print_fates(r->out, r->s, true, "Points that lack a figure");
	if (r->s->cases.any) {
		fl_html_details(r->out, "Test cases", r->s->cases.n > 0);
		fl_cases_html(r->out, r->s);
		fputs("</details>\n", r->out);
	}
	fputs("</section>\n", r->out);
}

static void print_line(FILE *out, const char *head, const char *text)
{
	fputs("<tr>", out);
	fl_html_element(out, "th class=l scope=row", head);
	fl_html_element(out, "td class=\"l wrap\"", text);
	fputs("</tr>\n", out);
}

/* Every release once: several kernels have several. */
static void print_releases(FILE *out, const struct fl_summary *s)
{
	struct fl_strv said = { 0 };

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		cleanup_free char *line = fl_asprintf(
			"%s: %s", p->kernel, p->kernel_release ? p->kernel_release : "not booted");

		if (fl_strv_add(&said, line))
			print_line(out, "guest kernel", line);
	}
	fl_strv_release(&said);
}

/* Roles and files of the kernels, how each was built, the image. */
static void print_origins(FILE *out, const struct fl_summary *s)
{
	struct fl_strv notes = { 0 };

	fl_summary_kernel_notes(s, &notes);
	for (size_t i = 0; i < notes.n; i++)
		print_line(out, "kernel", notes.v[i]);
	fl_strv_release(&notes);
	for (size_t i = 0; i < s->provenance.n_builds; i++) {
		const struct fl_build *b = &s->provenance.builds[i].build;
		cleanup_free char *line = fl_asprintf(
			"%s: %s, configuration %.12s, file %.12s", b->name ? b->name : b->path,
			b->compiler ? b->compiler : "compiler unknown",
			b->config_hash ? b->config_hash : "unknown", b->file_hash);

		print_line(out, "built", line);
	}
	for (size_t i = 0; i < s->provenance.n_images; i++)
		print_line(out, "image", s->provenance.images[i].image.hash);
}

static void print_facts(FILE *out, const struct fl_summary *s)
{
	json_t *machine = json_loads(s->run.machine_json, 0, NULL), *value;
	cleanup_free char *seed = fl_asprintf("%llu", (unsigned long long)s->run.seed);
	cleanup_free char *points =
		fl_asprintf("%u of %u, %s", s->run.stored, s->run.planned, s->run.state);
	const char *key;

	fl_html_details(out, "Machine, kernels and programs", false);
	fputs("<div class=t><table>", out);
	print_line(out, "run", s->run.name);
	json_object_foreach (machine, key, value) {
		cleanup_free char *number = json_dumps(value, JSON_ENCODE_ANY);

		print_line(out, key, json_is_string(value) ? json_string_value(value) : number);
	}
	json_decref(machine);
	print_releases(out, s);
	print_origins(out, s);
	print_line(out, "seed", seed);
	print_line(out, "created", s->run.created);
	print_line(out, "points", points);
	fputs("</table></div></details>\n", out);
}

static void print_text(FILE *out, const char *summary, const char *text)
{
	fl_html_details(out, summary, false);
	fl_html_element(out, "pre", text);
	fputs("</details>\n", out);
}

void fl_html_provenance(const struct fl_html_run *r)
{
	const struct fl_summary *s = r->s;
	cleanup_free char *machine = fl_summary_machine(s);
	cleanup_free char *again = fl_stored_run_command(&s->run);

	fprintf(r->out, "<section id=\"%sprovenance\">\n", r->prefix);
	fl_html_element(r->out, "h2", "Provenance");
	fl_html_element(r->out, "p class=soft", machine);
	fputs("<p>To repeat it:</p>\n", r->out);
	fl_html_element(r->out, "pre", again);
	print_facts(r->out, s);
	if (s->n_points && s->points[0].command)
		print_text(r->out, "QEMU's command line of the first point", s->points[0].command);
	if (r->text_above && !strcmp(r->text_above, s->run.experiment_text))
		fl_html_element(r->out, "p", "The experiment's file is that of the run above.");
	else
		print_text(r->out, "The experiment's file", s->run.experiment_text);
	fputs("</section>\n", r->out);
}
