/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_SIZE_H
#define WORKLOAD_SIZE_H

#include <stdint.h>

/*
 * Numbers from the command line.  Like the kernel's memparse: decimal, 0x… or 0…, for sizes one
 * suffix k, m, g or t of either case, powers of 1024.  But nothing may follow, no sign may lead,
 * and what does not fit is an error.  0, -EINVAL (not a number) or -ERANGE (out of bounds).
 */
int size_parse(const char *text, uint64_t *bytes);
int number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value);
int number_parse_signed(const char *text, int64_t min, int64_t max, int64_t *value);

/* Nanoseconds from "100", "5u" (microseconds) or "2m" (milliseconds), as usemem's --delay. */
int delay_parse(const char *text, uint64_t *ns);

#endif
