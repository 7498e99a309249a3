/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_JSON_H
#define FL_REPORT_JSON_H

#include <jansson.h>

/* What scripts find in every document: raised when a field changes its name or its meaning.
 * docs/reference/formats.md tells each field. */
#define FL_JSON_SCHEMA 1

/*
 * Text of a guest, a program or a file; NULL is null.  Bytes that are no UTF-8
 * become question marks, where jansson would drop the whole string.
 */
json_t *fl_json_text(const char *text);

/* JSON knows no infinity: what has no number is null. */
json_t *fl_json_number(double value);

/* A name of an enumeration as scripts want it: "cannot tell" is cannot_tell.  malloc'd. */
char *fl_json_word(const char *name);

#endif
