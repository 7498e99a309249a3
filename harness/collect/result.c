/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"

void fl_result_release(struct fl_result *r)
{
	free(r->values);
	free(r->series_names);
	free(r->series_units);
	free(r->ticks);
	free(r->class_names);
	free(r->buckets);
	free(r->cases);
	memset(r, 0, sizeof(*r));
}

void fl_result_put(struct fl_result *r, const char *name, double value, enum fl_unit unit)
{
	struct fl_value *v;

	r->values = fl_realloc(r->values, (r->n_values + 1) * sizeof(*r->values));
	v = &r->values[r->n_values++];
	snprintf(v->name, sizeof(v->name), "%s", name);
	v->value = value;
	v->unit = unit;
}
