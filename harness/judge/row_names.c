/* SPDX-License-Identifier: GPL-2.0 */
/* What a run's experiment calls its rows: [row NAME]. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/row_name.h"
#include "harness/judge/summary.h"

struct row_of_run {
	const struct fl_summary *s;
	const struct fl_row *row;
};

static const char *row_setting(void *arg, const char *key)
{
	const struct row_of_run *r = arg;

	return fl_summary_value(r->s, r->row, key);
}

static char *name_of(const struct fl_summary *s, const struct fl_row *row,
		     const struct fl_row_names *names)
{
	struct row_of_run r = { s, row };
	char *name = NULL;

	for (size_t i = 0; i < names->n && !name; i++)
		if (fl_summary_takes(s, row, &names->v[i].of))
			name = fl_row_name_fill(&names->v[i], row_setting, &r);
	return name ? name : fl_strdup(row->label);
}

char *fl_summary_point_name(const struct fl_summary *s, const struct fl_stored_point *p,
			    const struct fl_row_names *names)
{
	size_t at = (size_t)(p - s->points);
	cleanup_free char *label = fl_summary_label(s, p);
	struct fl_row row = { .label = label, .points = &at, .n = 1 };

	return name_of(s, &row, names);
}

/* Rows of a workload and kernel that one name fits say their settings, too. */
static void tell_apart(struct fl_summary *s)
{
	cleanup_free bool *alike = fl_calloc(s->n_rows + 1, sizeof(*alike));

	for (size_t i = 0; i < s->n_rows; i++)
		for (size_t j = 0; j < s->n_rows; j++)
			alike[i] |= i != j && !strcmp(s->rows[i].name, s->rows[j].name) &&
				    !strcmp(s->rows[i].kernel, s->rows[j].kernel) &&
				    !strcmp(s->rows[i].workload_name, s->rows[j].workload_name);
	for (size_t i = 0; i < s->n_rows; i++) {
		struct fl_row *row = &s->rows[i];
		cleanup_free char *old = NULL;

		if (!alike[i] || !strcmp(row->name, row->label))
			continue;
		old = row->name;
		row->name = fl_asprintf("%s (%s)", old, row->label);
	}
}

int fl_summary_name_rows(struct fl_summary *s, struct fl_error *err)
{
	struct fl_row_names names;
	int bad = fl_row_names_parse(&names, s->run.experiment_text, err);

	for (size_t i = 0; i < s->n_rows; i++)
		s->rows[i].name = bad ? NULL : name_of(s, &s->rows[i], &names);
	if (!bad)
		tell_apart(s);
	fl_row_names_release(&names);
	return bad;
}
