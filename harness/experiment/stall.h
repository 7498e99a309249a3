/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_STALL_H
#define FL_EXPERIMENT_STALL_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/error.h"

/*
 * The value of guest.stall: "none", or "FUNCTION:TIME[:1/N]", several with "+" between them.  A CPU
 * that enters FUNCTION of the guest's kernel sleeps for TIME, every time or one time in N.
 */
#define FL_STALL_NONE "none"
#define FL_STALLS_MAX 16

struct fl_stall {
	char function[128];
	uint64_t ns;
	unsigned int one_in;
};

struct fl_stalls {
	struct fl_stall v[FL_STALLS_MAX];
	size_t n;
};

/* 0, or -1 (FL_USAGE) with a sentence that names the bad one. */
int fl_stalls_parse(struct fl_stalls *s, const char *text, struct fl_error *err);

#endif
