/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_STORED_RUNS_H
#define FL_CLI_STORED_RUNS_H

#include <stdio.h>

#include "harness/cli/cli.h"
#include "harness/store/store.h"

/*
 * For commands that take RUN...: looks the operands up and calls make() with
 * their ids.  0 or -1.
 */
int fl_with_stored_runs(const char *command, int n, char **names,
			int (*make)(FILE *out, struct fl_store *s, const int64_t *runs, size_t n,
				    struct fl_error *err),
			struct fl_error *err);

#endif
