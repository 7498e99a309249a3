/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_CONDITIONS_H
#define FL_EXPERIMENT_CONDITIONS_H

#include "harness/base/error.h"
#include "harness/base/strv.h"

/* KEY=VALUE words that select rows of the table; KEY is kernel, workload or a setting. */
struct fl_conditions {
	struct fl_strv keys, values;
};

/* Adds the words of `value`; errors about a bad one name `key`. */
int fl_conditions_take(struct fl_conditions *c, const char *key, const char *value,
		       struct fl_error *err);
void fl_conditions_release(struct fl_conditions *c);

#endif
