/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"

void fl_cases_free(struct fl_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(cases[i].text);
	free(cases);
}

void fl_result_release(struct fl_result *r)
{
	free(r->values);
	free(r->series_names);
	free(r->series_units);
	free(r->ticks);
	free(r->class_names);
	free(r->buckets);
	fl_cases_free(r->cases, r->n_cases);
	memset(r, 0, sizeof(*r));
}

const struct fl_value *fl_result_find(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return &r->values[i];
	return NULL;
}

void fl_result_put(struct fl_result *r, const char *name, double value, enum fl_unit unit)
{
	struct fl_value *v;

	r->values = fl_realloc(r->values, (r->n_values + 1) * sizeof(*r->values));
	v = &r->values[r->n_values++];
	*v = (struct fl_value){ .value = value, .unit = unit };
	snprintf(v->name, sizeof(v->name), "%s", name);
}

void fl_result_put_own(struct fl_result *r, const char *name, double value, const char *unit)
{
	struct fl_value *v;

	fl_result_put(r, name, value, FL_UNIT_OWN);
	v = &r->values[r->n_values - 1];
	snprintf(v->own_unit, sizeof(v->own_unit), "%s", unit);
}

const char *fl_value_unit(const struct fl_value *v, enum fl_timebase base)
{
	return v->unit == FL_UNIT_OWN ? v->own_unit : fl_unit_name(v->unit, base);
}
