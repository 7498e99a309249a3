/* SPDX-License-Identifier: GPL-2.0 */
/* What a point's settings make of its guest, before anything is started. */
#include <string.h>

#include "harness/base/units.h"
#include "harness/experiment/plan.h"
#include "harness/experiment/setting.h"

#define MIB (1ull << 20)
#define MEMORY_MIN (64 * MIB)

static int take_size(uint64_t *to, const struct fl_point_setting *s, struct fl_error *err)
{
	uint64_t n;

	if (fl_parse_size(s->value, &n) || n % MIB || n < MEMORY_MIN)
		return fl_fail(err, FL_USAGE, "%s = %s: a size in whole MiB, at least 64m", s->name,
			       s->value);
	*to = n;
	return 0;
}

static int set_guest(struct fl_guest_spec *guest, const struct fl_point_setting *s,
		     struct fl_error *err)
{
	if (!strcmp(s->name, "guest.free_page_reporting")) {
		guest->free_page_reporting = !strcmp(s->value, "on");
		return 0;
	}
	if (!strcmp(s->name, "host.madvise")) {
		guest->lazy_discard = !strcmp(s->value, "free");
		return 0;
	}
	if (!strcmp(s->name, "host.memory_limit")) {
		guest->limited = true;
		return take_size(&guest->host_limit, s, err);
	}
	return take_size(&guest->memory, s, err);
}

/* What is reported comes at no certain instruction, and a template knows no balloon. */
static void settle(struct fl_guest_spec *guest)
{
	guest->balloon |= guest->free_page_reporting;
	if (guest->balloon)
		guest->start = FL_START_BOOT;
}

int fl_point_resolve(struct fl_point *p, const struct fl_experiment *e, struct fl_error *err)
{
	const struct fl_steps *list = fl_experiment_steps(e, p->workload->name);

	p->guest = e->guest;
	for (size_t i = 0; i < p->n_settings; i++) {
		const struct fl_setting *known = fl_setting_find(p->settings[i].name);

		if (known && known->how == FL_SET_GUEST &&
		    set_guest(&p->guest, &p->settings[i], err))
			return fl_prefix(err, "%s", e->file);
	}
	if (list && fl_steps_check(list, &p->guest, e->file, err))
		return -1;
	settle(&p->guest);
	return 0;
}

static uint64_t taken(const struct fl_guest_spec *g)
{
	return (g->backed ? g->backed : g->memory) + g->hotplug_memory;
}

struct fl_guest_spec fl_plan_largest(const struct fl_plan *p, const struct fl_experiment *e)
{
	struct fl_guest_spec most = e->guest;

	for (size_t i = 0; i < p->n; i++)
		if (taken(&p->points[i].guest) > taken(&most))
			most = p->points[i].guest;
	return most;
}
