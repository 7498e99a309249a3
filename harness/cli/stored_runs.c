/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/stored_runs.h"

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

int fl_with_stored_runs(const char *command, int n, char **names,
			int (*make)(FILE *out, struct fl_store *s, const int64_t *runs, size_t n,
				    struct fl_error *err),
			struct fl_error *err)
{
	cleanup_free int64_t *ids = fl_calloc((size_t)n, sizeof(*ids));
	struct fl_store *store;
	int bad = 0;

	if (n < 1)
		return fl_fail(err, FL_USAGE, "%s: missing RUN (see faultline list runs)", command);
	if (fl_store_open(&store, true, err))
		return -1;
	for (int i = 0; i < n && !bad; i++)
		bad = fl_store_find_run(store, names[i], &ids[i], err);
	if (!bad)
		bad = make(stdout, store, ids, (size_t)n, err);
	fl_store_close(store);
	return bad;
}
