/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/plan.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/setting.h"
#include "harness/experiment/workload.h"

#define POINTS_MAX 1000000

/* One combination of a group: the common axes, overridden or extended by those of the group. */
struct axes {
	const struct fl_axis **v;
	size_t n, combinations;
};

static void put(struct axes *a, const struct fl_axis *axis)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!strcmp(a->v[i]->name, axis->name)) {
			a->v[i] = axis;
			return;
		}
	}
	a->v = fl_realloc(a->v, (a->n + 1) * sizeof(*a->v));
	a->v[a->n++] = axis;
}

static struct axes axes_of(const struct fl_experiment *e, const struct fl_group *g)
{
	struct axes a = { .combinations = 1 };

	for (size_t i = 0; i < e->n_axes; i++)
		put(&a, &e->axes[i]);
	for (size_t i = 0; i < g->n_axes; i++)
		put(&a, &g->axes[i]);
	for (size_t i = 0; i < a.n; i++)
		if (__builtin_mul_overflow(a.combinations, a.v[i]->values.n, &a.combinations))
			a.combinations = SIZE_MAX;
	return a;
}

/* Combination c of the axes, the last axis turning fastest. */
static void fill_settings(struct fl_point *p, const struct axes *a, size_t c)
{
	p->n_settings = a->n;
	p->settings = fl_calloc(a->n, sizeof(*p->settings));
	for (size_t i = a->n; i-- > 0;) {
		const struct fl_strv *values = &a->v[i]->values;

		p->settings[i].name = a->v[i]->name;
		p->settings[i].value = values->v[c % values->n];
		c /= values->n;
	}
}

static int grow(struct fl_plan *p, size_t more, struct fl_error *err)
{
	if (more > POINTS_MAX - p->n)
		return fl_fail(err, FL_USAGE, "the sweep has more than %d points; use fewer values",
			       POINTS_MAX);
	p->points = fl_realloc(p->points, (p->n + more) * sizeof(*p->points));
	return 0;
}

/* Workloads may name groups of settings, and groups may name workloads. */
static bool runs_with(const struct fl_workload *w, const struct fl_group *g)
{
	return (!w->groups.n || fl_strv_has(&w->groups, g->name)) &&
	       (!g->workloads.n || fl_strv_has(&g->workloads, w->name));
}

/* The same except for its number; it shares the settings and steps of the first repeat. */
static void add_repeat(struct fl_plan *p, const struct fl_point *first, unsigned int repeat)
{
	struct fl_point *point = &p->points[p->n];

	*point = *first;
	point->number = (unsigned int)++p->n;
	point->repeat = repeat;
	point->filled = NULL;
}

static bool has_setting(const struct fl_point *p, const struct fl_point_setting *s)
{
	for (size_t i = 0; i < p->n_settings; i++)
		if (!strcmp(p->settings[i].name, s->name))
			return !strcmp(p->settings[i].value, s->value);
	return false;
}

/* Does an earlier group have the same point, from that index on?  Options of the command line can
 * make two groups equal. */
static bool is_there(const struct fl_plan *p, size_t from, const struct fl_point *point)
{
	for (const struct fl_point *q = &p->points[from]; q < point; q++) {
		size_t same = 0;

		if (q->group == point->group || q->repeat > 1 || q->n_settings != point->n_settings)
			continue;
		while (same < q->n_settings && has_setting(q, &point->settings[same]))
			same++;
		if (same == q->n_settings)
			return true;
	}
	return false;
}

/* from: where the points of this kernel and workload begin. */
static int add_group(struct fl_plan *p, const struct fl_experiment *e, const struct fl_group *g,
		     size_t from, const char *kernel, const struct fl_workload *w,
		     struct fl_error *err)
{
	struct axes a = axes_of(e, g);
	unsigned int repeat = fl_workload_repeat(w, e);
	int bad = a.combinations > POINTS_MAX ? grow(p, SIZE_MAX, err)
					      : grow(p, a.combinations * repeat, err);

	for (size_t c = 0; !bad && c < a.combinations; c++) {
		struct fl_point *first = &p->points[p->n];

		*first = (struct fl_point){
			.number = (unsigned int)++p->n,
			.repeat = 1,
			.kernel = kernel,
			.group = g->name,
			.workload = w,
		};
		fill_settings(first, &a, c);
		if (is_there(p, from, first)) {
			free(first->settings);
			p->n--;
			continue;
		}
		bad = fl_point_resolve(first, e, err);
		for (unsigned int r = 2; !bad && r <= repeat; r++)
			add_repeat(p, first, r);
	}
	free(a.v);
	return bad;
}

/* splitmix64 (Steele, Lea, Flood 2014): one seed, the same order everywhere. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static void shuffle_block(unsigned int *block, size_t n, uint64_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = next_random(seed) % i;
		unsigned int swap = block[i - 1];

		block[i - 1] = block[j];
		block[j] = swap;
	}
}

/* Block by block: every point's first repeat, shuffled, then every second. */
static void shuffle(struct fl_plan *p, uint64_t seed)
{
	cleanup_free size_t *end =
		fl_calloc(FL_REPEAT_MAX + 2, sizeof(*end)); /* of repeat r's block */

	p->order = fl_calloc(p->n, sizeof(*p->order));
	for (size_t i = 0; i < p->n; i++)
		end[p->points[i].repeat + 1]++;
	for (size_t r = 1; r <= FL_REPEAT_MAX; r++)
		end[r + 1] += end[r];
	for (size_t i = 0; i < p->n; i++)
		p->order[end[p->points[i].repeat]++] = (unsigned int)i;
	for (size_t r = 1; r <= FL_REPEAT_MAX; r++)
		shuffle_block(p->order + end[r - 1], end[r] - end[r - 1], &seed);
}

int fl_plan_make(struct fl_plan *p, const struct fl_experiment *e, uint64_t seed,
		 struct fl_error *err)
{
	memset(p, 0, sizeof(*p));
	for (size_t i = 0; i < e->n_workloads; i++) {
		const struct fl_workload *w = &e->workloads[i];
		const struct fl_strv *kernels = fl_workload_kernels(w, e);

		for (size_t k = 0; k < kernels->n; k++) {
			const size_t from = p->n;

			for (size_t g = 0; g < e->n_groups; g++)
				if (runs_with(w, &e->groups[g]) &&
				    add_group(p, e, &e->groups[g], from, kernels->v[k], w, err))
					return -1;
		}
	}
	if (!p->n)
		return fl_fail(err, FL_USAGE,
			       "%s: no point: the workloads are for other [settings] groups or "
			       "kernels",
			       e->file);
	shuffle(p, seed);
	return 0;
}

void fl_plan_release(struct fl_plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		fl_point_release(&p->points[i]);
		if (p->points[i].repeat == 1)
			free(p->points[i].settings);
	}
	free(p->points);
	free(p->order);
	memset(p, 0, sizeof(*p));
}
