/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_ROW_NAME_H
#define FL_EXPERIMENT_ROW_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/experiment/conditions.h"

/*
 * [row NAME]: what tables call the rows that `of` selects.  @KEY@ in the name is the row's value of
 * that setting, @512 - KEY@ what is left of 512.  The first section that fits a row names it.
 */
struct fl_row_name {
	char *name;
	unsigned int line; /* of its first key */
	struct fl_conditions of;
};

struct fl_row_names {
	struct fl_row_name *v;
	size_t n;
};

bool fl_row_names_section(const char *section);

/* A key of such a section. */
int fl_row_names_take(struct fl_row_names *r, const char *section, const char *key,
		      const char *value, unsigned int line, struct fl_error *err);

/* Does each @KEY@ end and name a setting?  Errors begin with FILE:LINE. */
int fl_row_names_check(const struct fl_row_names *r, const char *file, struct fl_error *err);

/* Those of an experiment file's text, as it is stored with a run. */
int fl_row_names_parse(struct fl_row_names *r, const char *text, struct fl_error *err);

void fl_row_names_release(struct fl_row_names *r);

/* A setting's value in the row; NULL: it has none. */
typedef const char *(*fl_row_value)(void *arg, const char *key);

/* The name with its @KEY@s filled in, malloc'd; NULL: the row lacks one of them. */
char *fl_row_name_fill(const struct fl_row_name *r, fl_row_value value, void *arg);

#endif
