/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_UNITS_H
#define FL_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of memory per byte of memmap: struct page has 64 bytes for 4096 (x86-64). */
#define FL_BYTES_PER_MAP_BYTE 64

/* Bytes from "1g", "512m", "64k", "4096"; suffixes k m g t, powers of 1024.  0, -EINVAL or -ERANGE.
 */
int fl_parse_size(const char *text, uint64_t *bytes);

/* Nanoseconds from "50ms", "2s", "1m", "100us", "10ns"; the unit is required.  0, -EINVAL or
 * -ERANGE. */
int fl_parse_time(const char *text, uint64_t *ns);

/* A whole decimal number within [min, max].  0, -EINVAL or -ERANGE. */
int fl_parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* "512m", "1g", "1536k": the shortest exact form that fl_parse_size() reads back. */
const char *fl_format_size(uint64_t bytes, char *buf, size_t len);

/* "3m 12s", "41 s", "230 ms" for people. */
const char *fl_format_duration(uint64_t ns, char *buf, size_t len);

/* "58s", "1m09s", "2h05m": the same, short. */
const char *fl_format_brief(double seconds, char *buf, size_t len);

#endif
