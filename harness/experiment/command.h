/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_COMMAND_H
#define FL_EXPERIMENT_COMMAND_H

#include "harness/base/error.h"

/*
 * Is the value of `run` a command: words, quotes closed, no longer than the agent accepts?  Errors
 * quote only its beginning.
 */
int fl_command_check(const char *run, struct fl_error *err);

/* How much of a command an error quotes: for "%.*s%s". */
#define FL_COMMAND_SHOWN 60
const char *fl_command_dots(const char *run); /* "..." where it is longer, else "" */

#endif
