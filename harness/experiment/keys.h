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

/* A key of an experiment's file, for the man page, the reference and errors. */
struct fl_key_text {
	const char *section; /* "guest", "claim NAME" */
	const char *key;
	const char *value;   /* what may stand behind it */
	const char *without; /* what holds without it; NULL: it must be there */
	const char *about;
};

/* All of them, sections together; the last has no section. */
const struct fl_key_text *fl_key_texts(void);

/* The error for a key that section does not have; name: of that section, or NULL.  Returns -1. */
int fl_key_unknown(const char *section, const char *name, const char *key, struct fl_error *err);

#endif
