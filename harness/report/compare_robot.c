/* SPDX-License-Identifier: GPL-2.0 */
/* The mail form of the kernel test robot: value, spread in percent, change, value, spread. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/compare.h"

static void spread(const struct fl_summary *s, const struct fl_row *row, const char *metric,
		   char *out, size_t len)
{
	cleanup_free double *v = fl_calloc(row->n + 1, sizeof(*v));
	size_t n = fl_summary_values(s, row, metric, false, v, NULL);
	double mean = 0, square = 0, percent;

	for (size_t i = 0; i < n; i++)
		mean += v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		square += (v[i] - mean) * (v[i] - mean);
	percent = n > 1 && mean != 0 ? 100 * sqrt(square / (double)(n - 1)) / fabs(mean) : 0;
	if (percent >= 1)
		snprintf(out, len, "\302\261%3.0f%%", percent);
	else
		snprintf(out, len, "     ");
}

static void print_pair(FILE *out, const struct fl_comparison *c, const struct fl_pair *p, bool all)
{
	cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
	size_t n = fl_compare_shown(p, all, shown);

	for (size_t i = 0; i < n; i++) {
		const struct fl_judged *j = shown[i];
		char a[16], b[16], change[16] = "";

		spread(&c->a, p->a, j->metric, a, sizeof(a));
		spread(&c->b, p->b, j->metric, b, sizeof(b));
		if (j->change != 0 && isfinite(j->change))
			snprintf(change, sizeof(change), "%+.1f%%", 100 * j->change);
		fprintf(out, "%16.6g %s %10s %16.6g %s  %s.%s [%s]\n", j->a, a, change, j->b, b,
			p->label, j->metric, j->unit);
	}
}

void fl_compare_robot(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		      bool all)
{
	(void)rules;
	for (size_t i = 0; i < c->differs.n; i++)
		fprintf(out, "%s\n", c->differs.v[i]);
	fprintf(out, "\n%.40s\n  %.40s\n", c->side_a, c->side_b);
	fputs("---------------- ---------------------------\n", out);
	fprintf(out, "%16s %5s %10s %16s %5s\n", "", "%stddev", "%change", "", "%stddev");
	for (size_t i = 0; i < c->n; i++)
		print_pair(out, c, &c->pairs[i], all);
}
