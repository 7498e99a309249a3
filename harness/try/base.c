/* SPDX-License-Identifier: GPL-2.0 */
/* The base is measured once for all patches on it. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/judge/summary.h"
#include "harness/run/booted.h"
#include "harness/run/planned.h"
#include "harness/run/repeat.h"
#include "harness/try/stages.h"

/* What this run would boot now: a stored run of the same files need not be repeated. */
struct wanted {
	struct fl_plan plan;
	struct fl_experiment experiment;
	struct fl_booted booted;
	char *text, *line; /* of the experiment's file; the command */
};

static int find_wanted(struct wanted *w, const struct fl_try_order *order, struct fl_error *err)
{
	const struct fl_run_options o = fl_try_run_options(order);
	uint64_t seed = 0;
	int bad = fl_run_plan(&w->plan, &w->experiment, &seed, &o, err) ||
		  fl_booted_find(&w->booted, &w->experiment, &w->plan, err) ||
		  fl_booted_image(&w->booted, &w->experiment, err);

	w->text = bad ? NULL : fl_read_file(w->experiment.file, FL_FILE_MAX, NULL);
	w->line = fl_run_line(&o);
	return bad;
}

static void release_wanted(struct wanted *w)
{
	free(w->text);
	free(w->line);
	fl_booted_release(&w->booted);
	fl_plan_release(&w->plan);
	fl_experiment_release(&w->experiment);
}

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* All points are there, went well, and booted what would be booted now. */
static bool is_of(const struct wanted *w, const struct fl_summary *s)
{
	const struct fl_build *build = fl_booted_build(&w->booted, FL_TRY_BASE);

	if (s->n_points != w->plan.n || !build)
		return false;
	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		const struct fl_build *b = fl_provenance_build(&s->provenance, p->build);
		const struct fl_image_facts *image = fl_provenance_image(&s->provenance, p->image);
		bool good = same(p->status, "ok") || same(p->status, "skipped");

		if (!good || !b || !image || !same(b->file_hash, build->file_hash) ||
		    !same(image->hash, w->booted.facts.hash) || !same(p->qemu, w->booted.qemu))
			return false;
	}
	return true;
}

static int look_at(const struct wanted *w, struct fl_store *store, const struct fl_stored_run *run,
		   char **name, struct fl_error *err)
{
	struct fl_summary s = { 0 };
	int bad;

	if (!same(run->state, "done") || run->stored != run->planned ||
	    !same(run->arguments, w->line))
		return 0;
	bad = fl_summary_read(&s, store, run->id, err);
	if (!bad && same(s.run.experiment_text, w->text) && is_of(w, &s))
		*name = fl_strdup(run->name);
	fl_summary_release(&s);
	return bad;
}

/* The newest run of the base as it is now; *run stays NULL where there is none. */
static int find(const struct fl_try_order *order, char **run, struct fl_error *err)
{
	struct wanted w = { 0 };
	struct fl_stored_run *runs = NULL;
	struct fl_store *store = NULL;
	size_t n = 0;
	int bad = find_wanted(&w, order, err) || fl_store_open(&store, false, err) ||
		  fl_store_runs(store, &runs, &n, err);

	for (size_t i = n; i-- > 0 && !*run && !bad;)
		bad = look_at(&w, store, &runs[i], run, err);
	fl_stored_runs_free(runs, n);
	if (store)
		fl_store_close(store);
	release_wanted(&w);
	return bad;
}

int fl_try_base(struct fl_try *t, struct fl_try_order *order, char **run, struct fl_error *err)
{
	fl_try_add_kernel(t, &order->kernels, false);
	if (find(order, run, err) || *run) {
		fl_try_order_release(order);
		return *run ? 0 : -1;
	}
	return fl_try_measure(t, order, run, err);
}
