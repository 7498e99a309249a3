/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ACTUAL "balloon_actual_at_"

static double at(const struct fl_result *r, const char *series, const char *step)
{
	const struct fl_value *v;
	char name[64];

	if (snprintf(name, sizeof(name), "%s_at_%s", series, step) >= (int)sizeof(name))
		return NAN;
	v = fl_result_find(r, name);
	return v ? v->value : NAN;
}

static void put(struct fl_result *r, const char *series, const char *step, double value,
		enum fl_unit unit)
{
	char name[64];

	if (snprintf(name, sizeof(name), "%s_at_%s", series, step) < (int)sizeof(name))
		fl_result_put(r, name, fmax(0, value), unit);
}

void fl_collect_balloon_model(struct fl_result *r, double memory_kib)
{
	const size_t n = r->n_values; /* those before ours */
	double all = NAN, huge = NAN, blocks = NAN, unbacked = NAN;

	for (size_t i = 0; i < n; i++) {
		const struct fl_value v = r->values[i]; /* a copy: put() moves the values */
		const char *step = v.name + strlen(ACTUAL);
		double taken, of_blocks, left;

		if (strncmp(v.name, ACTUAL, strlen(ACTUAL)) != 0)
			continue;
		if (isnan(all)) { /* values at steps come in the order of time */
			all = v.value;
			huge = at(r, "host_anon_huge", step);
			blocks = at(r, "guest_free_huge", step);
			unbacked = memory_kib - at(r, "host_rss", step);
		} else if (huge > 0 && at(r, "host_anon_huge", step) >= 0) {
			put(r, "host_huge_kept", step, 100 * at(r, "host_anon_huge", step) / huge,
			    FL_UNIT_PERCENT);
		}
		taken = all - v.value;
		if (!(taken > 0) || isnan(huge) || isnan(blocks) || isnan(unbacked))
			continue;
		of_blocks = fmin(blocks, taken);
		left = huge - fmax(0, of_blocks - unbacked);
		put(r, "model_host_huge", step, left - 2 * (taken - of_blocks), FL_UNIT_KIB);
		put(r, "model_host_huge_made", step, left - (taken - of_blocks), FL_UNIT_KIB);
	}
}
