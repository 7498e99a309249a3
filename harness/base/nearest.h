/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_NEAREST_H
#define FL_BASE_NEAREST_H

#include <stddef.h>

#include "harness/base/strv.h"

/* The closest name in names[] (NULL-terminated); NULL if none is close. */
const char *fl_nearest(const char *name, const char *const *names);

/* ": did you mean NAME?", to end a sentence with; "" if none is close. */
const char *fl_did_you_mean(const char *name, const struct fl_strv *names, char *buf, size_t len);

#endif
