/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_REPEAT_H
#define FL_RUN_REPEAT_H

#include "harness/run/run.h"

/*
 * The command line that repeats a run from any folder, without its seed: "run thp-threshold -k
 * stock --quick".  A shell and fl_strv_split_words() read them back.  malloc'd.
 */
char *fl_run_line(const struct fl_run_options *o);

#endif
