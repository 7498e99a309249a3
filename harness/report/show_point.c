/* SPDX-License-Identifier: GPL-2.0 */
/* One point with all its metrics. */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/provenance.h"
#include "harness/report/show.h"
#include "harness/report/show_table.h"
#include "harness/base/wrap.h"

/* Six digits, but never 3.69e+06: these are read and typed again. */
static int decimals(double value)
{
	double size = fabs(value);
	int digits = 5;

	if (floor(value) == value)
		return 0;
	for (; size >= 10 && digits > 0; size /= 10)
		digits--;
	return digits;
}

/* Where its kernel and programs come from. */
static void print_origin(FILE *out, const struct fl_summary *s, const struct fl_stored_point *p)
{
	const struct fl_image_facts *image = fl_provenance_image(&s->provenance, p->image);
	const struct fl_build *b = fl_provenance_build(&s->provenance, p->build);
	struct fl_build_fact facts[FL_BUILD_FACTS];
	struct fl_build copy;

	if (!b)
		fputs("built    unknown\n", out);
	if (b) {
		copy = *b;
		fl_build_facts(&copy, facts);
		for (size_t i = 0; i < FL_BUILD_FACTS; i++)
			if (*facts[i].value)
				fprintf(out, "built    %-12s %s\n", facts[i].name,
					**facts[i].value ? *facts[i].value : "none");
	}
	if (image)
		fprintf(out, "image    %s, %zu programs\n", image->hash, image->programs.n);
	if (p->qemu)
		fprintf(out, "qemu     %s\n", p->qemu);
}

/* What it is stands behind its number where there is room for words. */
static void print_metric(FILE *out, const struct fl_summary *s, const struct fl_show *show,
			 const struct fl_stored_metric *metric)
{
	const struct fl_metric *m = fl_summary_meaning(s, metric->name);
	cleanup_free char *head = fl_asprintf("  %-28s %16.*f %-8s ", metric->name,
					      decimals(metric->value), metric->value, metric->unit);
	bool room = !show->width || strlen(head) + 20 <= show->width;

	if (m && room)
		fl_wrap(out, head, m->about, show->width ? show->width : UINT_MAX);
	else
		fprintf(out, "%s\n", head);
}

/* Cases that failed, and reports of KCSAN, with all that they say. */
static int print_cases(FILE *out, struct fl_store *store, const struct fl_stored_point *p,
		       struct fl_error *err)
{
	struct fl_case *cases;
	size_t n;

	if (fl_store_cases(store, p->id, &cases, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct fl_case *c = &cases[i];

		if (c->outcome != FL_CASE_FAIL && c->outcome != FL_CASE_FOUND)
			continue;
		fprintf(out, "%-8s %s", fl_case_outcomes[c->outcome], c->name);
		if (c->tries)
			fprintf(out, ": %" PRIu64 " of %" PRIu64 " times", c->failures, c->tries);
		else if (c->failures)
			fprintf(out, ": %" PRIu64 " times", c->failures);
		fputc('\n', out);
		for (const char *at = c->text; at && *at;
		     at += strcspn(at, "\n"), at += *at == '\n')
			fprintf(out, "         %.*s\n", (int)strcspn(at, "\n"), at);
	}
	fl_cases_free(cases, n);
	return 0;
}

int fl_show_point(FILE *out, const struct fl_summary *s, const struct fl_show *show,
		  struct fl_store *store, struct fl_error *err)
{
	const struct fl_stored_point *p = fl_summary_point(s, show->point, err);

	if (!p)
		return -1;
	fprintf(out, "point %u  repeat %u  %s%s%s\n", p->number, p->repeat, p->status,
		p->reason ? ": " : "", p->reason ? p->reason : "");
	fprintf(out, "workload %s\nkernel   %s (%s)\n", p->workload, p->kernel,
		p->kernel_release ? p->kernel_release : "?");
	print_origin(out, s, p);
	for (size_t i = 0; i < p->n_settings; i++)
		fprintf(out, "setting  %s = %s\n", p->settings[i].name, p->settings[i].value);
	fprintf(out, "took     %.2f s; guest/host clock error <= %.0f ns\n", p->wall_s,
		p->clock_error_ns);
	for (size_t i = 0; i < p->n_metrics; i++)
		if (fl_show_wants(show, p->metrics[i].name))
			print_metric(out, s, show, &p->metrics[i]);
	return print_cases(out, store, p, err);
}
