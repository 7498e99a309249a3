/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/print.h"
#include "harness/base/units.h"

void fl_progress_begin(struct fl_progress *p, unsigned int total, unsigned int already)
{
	*p = (struct fl_progress){
		.terminal = isatty(STDERR_FILENO),
		.total = total,
		.done = already,
		.skipped_before = already,
		.began_ns = fl_now_ns(),
	};
}

#define FIGURES 2 /* of a point that has ended */

static void latest(char *buf, size_t len, const struct fl_result *r, enum fl_timebase base)
{
	const struct fl_metric *m;
	size_t at = 0, shown = 0;

	buf[0] = '\0';
	for (size_t i = 0; (m = fl_metric_at(i)) && at < len && shown < FIGURES; i++) {
		const struct fl_value *v = m->headline ? fl_result_find(r, m->name) : NULL;

		if (!v || v->value == 0)
			continue;
		at += (size_t)snprintf(buf + at, len - at, "%s%s %.0f %s", at ? ", " : "  ",
				       v->name, v->value, fl_value_unit(v, base));
		shown++;
	}
}

static void settings(char *buf, size_t len, const struct fl_point *p)
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < p->n_settings && at < len; i++)
		at += (size_t)snprintf(buf + at, len - at, " %s=%s", p->settings[i].name,
				       p->settings[i].value);
}

void fl_progress_point(struct fl_progress *p, const struct fl_point *point,
		       const struct fl_outcome *o, enum fl_timebase base)
{
	char eta[32], figures[160], set[512];
	uint64_t spent = fl_now_ns() - p->began_ns;

	p->done++;
	fl_format_duration(spent / (p->done - p->skipped_before) * (p->total - p->done), eta,
			   sizeof(eta));
	latest(figures, sizeof(figures), &o->result, base);
	settings(set, sizeof(set), point);
	if (p->terminal)
		fl_erase_line();
	fprintf(stderr, "%u/%u  %s  %s%s  %s%s%s%s", p->done, p->total, point->workload->name,
		point->kernel, set, fl_status_names[o->status], figures,
		p->done < p->total ? "  left " : "", p->done < p->total ? eta : "");
	if (o->status != FL_OK || o->reason[0])
		fprintf(stderr, "%s%s: %s\n", p->terminal ? "\n  " : "  ",
			fl_status_names[o->status], o->reason);
	else if (!p->terminal)
		fputc('\n', stderr);
	fflush(stderr);
}

void fl_progress_end(struct fl_progress *p)
{
	if (p->terminal && p->done > p->skipped_before)
		fputc('\n', stderr);
}
