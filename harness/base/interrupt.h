/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_INTERRUPT_H
#define FL_BASE_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

/*
 * The one signal flag.  Every loop that waits for long checks it.  What has been measured is kept,
 * and the command exits with FL_EXIT_INTERRUPTED.
 */

/* From here on SIGINT, SIGTERM and SIGHUP set the flag; a second one kills the process at once. */
void fl_interrupt_catch(void);

bool fl_interrupted(void);

/* For callers that take a flag and want none. */
const atomic_int *fl_interrupt_flag(void);

#endif
