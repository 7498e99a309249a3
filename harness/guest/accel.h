/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_ACCEL_H
#define FL_GUEST_ACCEL_H

#include "harness/base/error.h"
#include "harness/experiment/experiment.h"

enum fl_accel { FL_ACCEL_AUTO, FL_ACCEL_KVM, FL_ACCEL_TCG };

struct fl_accel_choice {
	enum fl_accel accel; /* never AUTO */
	char reason[256]; /* one line: "kvm: /dev/kvm opens, but the guest kernel did not boot in 10
			     s (internal-error)" */
};

/*
 * Boots `kernel` (path of a vmlinux/bzImage) with the agent's image under KVM,
 * as the machine that it can boot on, with a deadline; a guest that says READY proves it.  The
 * answer is kept in the cache folder per machine (CPU model, host kernel, QEMU version); fresh
 * != 0 probes again.
 */
int fl_accel_choose(struct fl_accel_choice *c, enum fl_accel wish, const char *kernel,
		    const char *image, enum fl_machine machine, int fresh, struct fl_error *err);

#endif
