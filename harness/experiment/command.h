/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_COMMAND_H
#define FL_EXPERIMENT_COMMAND_H

#include "harness/base/error.h"

/*
 * Is the value of run = a command: words, its quotes closed, and no longer than
 * the agent takes?  The sentence shows its beginning alone.
 */
int fl_command_check(const char *run, struct fl_error *err);

/* How much of a command a sentence shows: for "%.*s%s". */
#define FL_COMMAND_SHOWN 60
const char *fl_command_dots(const char *run); /* "..." where it is longer, else "" */

#endif
