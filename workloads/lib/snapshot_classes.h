/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_SNAPSHOT_CLASSES_H
#define WORKLOAD_SNAPSHOT_CLASSES_H

/* fork-snapshot's classes of latencies: a write is a write, whether it faulted or not. */

#include "latency.h"

enum {
	CLASS_FORK = LATENCY_PREEMPTED + 1,
	CLASS_BEFORE,
	CLASS_DURING,
	CLASS_AFTER,
	CLASS_WRITE_INTERRUPTED,
	CLASSES
};

static const struct latency_class snapshot_classes[CLASSES] = {
	LATENCY_DEFAULT_CLASSES,
	[CLASS_FORK] = { "fork", CLASS_FORK, CLASS_FORK, CLASS_FORK, false },
	[CLASS_BEFORE] = { "write_before", CLASS_BEFORE, CLASS_WRITE_INTERRUPTED,
			   CLASS_WRITE_INTERRUPTED, false },
	[CLASS_DURING] = { "write_during", CLASS_DURING, CLASS_WRITE_INTERRUPTED,
			   CLASS_WRITE_INTERRUPTED, false },
	[CLASS_AFTER] = { "write_after", CLASS_AFTER, CLASS_WRITE_INTERRUPTED,
			  CLASS_WRITE_INTERRUPTED, false },
	[CLASS_WRITE_INTERRUPTED] = { "write_interrupted", CLASS_WRITE_INTERRUPTED,
				      CLASS_WRITE_INTERRUPTED, CLASS_WRITE_INTERRUPTED, false },
};

#endif
