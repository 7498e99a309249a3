/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_TEXT_H
#define FL_COLLECT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct fl_range;

/*
 * The line at *at, without its newline and cut to room - 1 bytes, goes to line; *at goes behind it.
 * The last line may lack its newline.  false: no line is left before end.
 */
bool fl_text_next(const char **at, const char *end, char *line, size_t room);

/* Text of a "Key:   123 kB" file (meminfo, smaps, status): 0, -ENOENT, -EINVAL. */
int fl_text_colon(const char *text, size_t len, const char *key, double *out);
/* Text of a "key 123" file (vmstat, memory.stat): 0, -ENOENT, -EINVAL. */
int fl_text_space(const char *text, size_t len, const char *key, double *out);

/* The same as a collector's value(). */
int fl_value_colon(const char *text, size_t len, const char *key, const struct fl_range *ram,
		   double *out);
int fl_value_space(const char *text, size_t len, const char *key, const struct fl_range *ram,
		   double *out);
/* A file that is one number; key is not looked at. */
int fl_value_number(const char *text, size_t len, const char *key, const struct fl_range *ram,
		    double *out);

#endif
