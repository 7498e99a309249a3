/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_INI_H
#define FL_EXPERIMENT_INI_H

#include <stdio.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"

/*
 * Reads INI text and gives each "key = value" (or "key: value") with its line.
 * Comments: a line that begins with ';' or '#', and what follows a blank and
 * ';' or '#' outside quotes.  A line that begins with a blank goes on with the
 * value before it, and so do quotes that are open.  Lines have no limit.  file
 * is the name for error messages.  A value is never empty.
 *
 * take() returns 0, or -1 with err; the first error ends the reading and gets
 * "FILE:LINE: " in front.
 */
typedef int (*fl_ini_take)(void *arg, const char *section, const char *key, const char *value,
			   unsigned int line, struct fl_error *err);

int fl_ini_read(FILE *in, const char *file, fl_ini_take take, void *arg, struct fl_error *err);

/*
 * The same for a text in memory, such as the experiment stored with a run; NULL and "" have no
 * keys.
 */
int fl_ini_read_text(const char *text, const char *file, fl_ini_take take, void *arg,
		     struct fl_error *err);

/* What follows the word in a section's name: "NAME" for "claim NAME"; "" if nothing does; NULL if
 * it begins with another word. */
const char *fl_ini_after(const char *section, const char *word);

/* Setters of a key's value, replacing the old one.  0; for a list, or -1 (FL_USAGE). */
int fl_ini_text(char **text, const char *value);
int fl_ini_list(struct fl_strv *list, const char *key, const char *value, struct fl_error *err);

#endif
