/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_KEYS_H
#define FL_EXPERIMENT_KEYS_H

#include "harness/experiment/experiment.h"

/* The keys of [experiment], [guest] and [quick]: one table, in keys.c. */

/* Number of a key (below 64), or -1 with the allowed ones named. */
int fl_key_find(const char *section, const char *key, struct fl_error *err);

/* Parses and stores a value. */
int fl_key_set(int number, struct fl_experiment *e, const char *value, struct fl_error *err);

/* A key of [guest] for one point alone; only those whose value is no text. */
int fl_key_set_guest(struct fl_guest_spec *spec, const char *key, const char *value,
		     struct fl_error *err);

#endif
