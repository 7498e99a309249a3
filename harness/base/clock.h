/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_CLOCK_H
#define FL_BASE_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC of this machine, nanoseconds. */
uint64_t fl_now_ns(void);

#endif
