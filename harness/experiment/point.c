/* SPDX-License-Identifier: GPL-2.0 */
/* How a point's settings change its guest and its steps, before anything is started. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/plan.h"
#include "harness/experiment/setting.h"
#include "harness/experiment/stall.h"

static int take_size(uint64_t *to, const struct fl_point_setting *s, struct fl_error *err)
{
	if (fl_parse_size(s->value, to) || *to % (1 << 20) || *to < 64u << 20)
		return fl_fail(err, FL_USAGE, "%s = %s: a size in whole MiB, at least 64m", s->name,
			       s->value);
	return 0;
}

/* A setting that is a key of [guest], or an option of QEMU. */
static int set_guest(struct fl_guest_spec *guest, const struct fl_setting *known,
		     const struct fl_point_setting *s, struct fl_error *err)
{
	if (!strcmp(s->name, "host.madvise")) {
		guest->lazy_discard = !strcmp(s->value, "free");
		return 0;
	}
	if (!strcmp(s->name, "host.memory_limit")) {
		guest->limited = true;
		return take_size(&guest->host_limit, s, err);
	}
	if (!strcmp(s->name, "guest.stall")) {
		guest->stall = strcmp(s->value, FL_STALL_NONE) ? s->value : NULL;
		return 0;
	}
	return fl_key_set_guest(guest, known->path, s->value, err);
}

/*
 * If options of the balloon vary, all points get a balloon, so that nothing else differs.
 * Reporting happens at no fixed instruction, and a template has no balloon.
 */
static void settle(struct fl_guest_spec *guest, const struct fl_experiment *e)
{
	guest->balloon |= guest->free_page_reporting ||
			  fl_experiment_varies(e, "guest.free_page_reporting") ||
			  fl_experiment_varies(e, "guest.deflate_on_oom");
	if (guest->balloon)
		guest->start = FL_START_BOOT;
}

/* The other CPUs must run on while one sleeps. */
static int check_cpus(const struct fl_point *p, struct fl_error *err)
{
	const struct fl_guest_spec *g = &p->guest;

	if (g->parallel && g->cpus < 2)
		return fl_fail(err, FL_USAGE,
			       "one CPU has nothing to run at once with: 2 CPUs or more, or no "
			       "parallel");
	if (!g->stall)
		return 0;
	if (!g->parallel)
		return fl_fail(err, FL_USAGE,
			       "guest.stall = %s: CPUs in turn all wait for the one that sleeps: "
			       "--cpus 2 --parallel",
			       g->stall);
	if (g->count > 1)
		return fl_fail(err, FL_USAGE, "guest.stall = %s: of one guest, not of count = %u",
			       g->stall, g->count);
	return 0;
}

static int take_settings(struct fl_point *p, struct fl_error *err)
{
	for (size_t i = 0; i < p->n_settings; i++) {
		const struct fl_point_setting *s = &p->settings[i];
		const struct fl_setting *known = fl_setting_find(s->name);

		if (known && known->how == FL_SET_GUEST && set_guest(&p->guest, known, s, err))
			return -1;
		if (!known || known->how != FL_SET_STEP || !fl_sizes_is(s->value))
			continue;
		if (p->searched)
			return fl_fail(
				err, FL_USAGE,
				"%s = %s: a point can search only one size, and %s is one already",
				s->name, s->value, p->searched);
		if (fl_sizes_parse(s->value, &p->sizes))
			return fl_setting_check(s->name, s->value, err);
		p->searched = s->name;
	}
	return 0;
}

static bool has_words(const struct fl_steps *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].later)
			return true;
	return false;
}

/* Fills `size` into the steps where a size is searched, and adds devices for them. */
static int fill(struct fl_point *p, const struct fl_experiment *e, const struct fl_steps *list,
		uint64_t size, struct fl_error *err)
{
	struct fl_point_setting *words = fl_calloc(p->n_settings, sizeof(*words));
	char text[32];
	int bad;

	fl_format_size(size, text, sizeof(text));
	for (size_t i = 0; i < p->n_settings; i++) {
		words[i] = p->settings[i];
		if (p->searched && !strcmp(words[i].name, p->searched))
			words[i].value = text;
	}
	fl_point_release(p);
	p->filled = fl_calloc(1, sizeof(*p->filled));
	bad = fl_steps_fill(p->filled, list, words, p->n_settings, e->file, err) ||
	      fl_steps_check(p->filled, &p->guest, e->file, err);
	p->steps = p->filled;
	free(words);
	return bad ? -1 : 0;
}

static int resolve_steps(struct fl_point *p, const struct fl_experiment *e,
			 const struct fl_steps *list, struct fl_error *err)
{
	if (p->searched && (!list || !has_words(list)))
		return fl_fail(err, FL_USAGE,
			       "%s: a searched size must stand in a step as @%s@, and [workload "
			       "%s] has no such step",
			       e->file, p->searched, p->workload->name);
	if (!list)
		return 0;
	if (!has_words(list))
		return fl_steps_check(list, &p->guest, e->file, err);
	if (p->searched && fill(p, e, list, p->sizes.low, err))
		return -1;
	return fill(p, e, list, p->sizes.high, err);
}

int fl_point_resolve(struct fl_point *p, const struct fl_experiment *e, struct fl_error *err)
{
	const struct fl_steps *list = fl_experiment_steps(e, p->workload->name);

	p->guest = e->guest;
	p->steps = list;
	p->filled = NULL;
	p->searched = NULL;
	if (take_settings(p, err) || check_cpus(p, err))
		return fl_prefix(err, "%s", e->file);
	if (resolve_steps(p, e, list, err))
		return -1;
	settle(&p->guest, e);
	return 0;
}

void fl_point_release(struct fl_point *p)
{
	if (p->filled)
		fl_steps_release(p->filled);
	free(p->filled);
	p->filled = NULL;
}

struct fl_guest_spec fl_plan_largest(const struct fl_plan *p, const struct fl_experiment *e)
{
	struct fl_guest_spec most = e->guest;

	for (size_t i = 0; i < p->n; i++)
		if (fl_guest_takes(&p->points[i].guest) > fl_guest_takes(&most))
			most = p->points[i].guest;
	return most;
}
