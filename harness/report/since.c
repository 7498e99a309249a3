/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/since.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"

/* 0: there is none. */
static int find_before(const struct fl_stored_run *of, struct fl_store *store, int64_t *before,
		       struct fl_error *err)
{
	struct fl_stored_run *runs;
	size_t n;

	*before = 0;
	if (fl_store_runs(store, &runs, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (runs[i].id < of->id && !strcmp(runs[i].experiment, of->experiment) &&
		    !strcmp(runs[i].timebase, of->timebase) && !strcmp(runs[i].state, "done"))
			*before = runs[i].id;
	fl_stored_runs_free(runs, n);
	return 0;
}

int fl_since_last(struct fl_since *since, struct fl_store *store, const struct fl_stored_run *run,
		  struct fl_error *err)
{
	struct fl_comparison c = { 0 };
	struct fl_stored_run first;
	struct fl_error why;
	int64_t before;

	memset(since, 0, sizeof(*since));
	if (find_before(run, store, &before, err))
		return -1;
	if (!before)
		return 0;
	if (fl_store_run(store, before, &first, err))
		return -1;
	since->before = fl_strdup(first.name);
	fl_stored_run_release(&first);
	if (fl_compare_runs(&c, store, before, run->id, &fl_rules_default, &why))
		since->why = fl_strdup(why.text);
	since->worse = c.counts[FL_WORSE];
	since->better = c.counts[FL_BETTER];
	since->inconclusive = c.counts[FL_INCONCLUSIVE];
	since->same = c.counts[FL_SAME];
	fl_comparison_release(&c);
	return 0;
}

char *fl_since_text(const struct fl_since *since)
{
	if (!since->before)
		return fl_strdup("nothing: this is the first run; a second one is compared with "
				 "it");
	if (since->why)
		return fl_asprintf("not compared: %s", since->why);
	return fl_asprintf("%s: %zu worse, %zu better, %zu inconclusive, %zu the same",
			   since->before, since->worse, since->better, since->inconclusive,
			   since->same);
}

void fl_since_release(struct fl_since *since)
{
	free(since->before);
	free(since->why);
	memset(since, 0, sizeof(*since));
}
