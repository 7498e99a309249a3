/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_TIMED_H
#define WORKLOAD_TIMED_H

#include "latency.h"
#include "options.h"

/*
 * A workload's work with its recorder around it: what main() does last.  options begin with
 * struct options_common; --latency is opened for so many tasks, with the default classes,
 * and written when run() is back, by which time all tasks are done.  run() has no recorder (NULL)
 * without --latency.
 *
 * The program's exit status: run()'s, or if that is 0 and the latencies or stdout cannot be written
 * 1, so that a full disk does not hide run()'s result; 2 with a sentence on stderr when --latency
 * cannot be opened, and then run() is not called.
 */
int timed_run(const struct program *program, const void *options, unsigned int tasks,
	      int (*run)(const void *options, struct latency *latency));

#endif
