/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_INTERRUPT_H
#define FL_BASE_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

/*
 * The one signal flag.  Whoever waits for long looks at it, whatever comes in;
 * what is measured stays, and the command ends with FL_EXIT_INTERRUPTED.
 */

/* SIGINT, SIGTERM and SIGHUP are noted from here on; a second one of them ends us at once. */
void fl_interrupt_catch(void);

bool fl_interrupted(void);

/* For those that are told by their caller what interrupts them. */
const atomic_int *fl_interrupt_flag(void);

#endif
