// SPDX-License-Identifier: GPL-2.0
#include "preempted.h"

#ifdef PREEMPTED_HAS_RSEQ

/* The kernel looks for the signature before the place where a broken sequence would go on. */
static const struct {
	uint32_t signature, never[15];
} landing = { .signature = RSEQ_SIG };

const struct rseq_cs preempted_elsewhere = {
	.start_ip = (uintptr_t)&landing.never[8],
	.post_commit_offset = 4,
	.abort_ip = (uintptr_t)&landing.never[0],
};

#endif
