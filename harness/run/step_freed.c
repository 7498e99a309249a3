/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wait-freed: how much of what the guest freed gets back to the host, and when.
 *
 * At the sample step above, the memory is in use: the guest has so many free blocks of a huge page
 * and more, and the host holds so much for it.  What the guest has more of them now was freed in
 * between; leftover is that minus what the host holds less.  So memory that was free before, memory
 * still in use and parts of blocks, which are never reported, do not count.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/units.h"
#include "harness/guest/cgroup.h"
#include "harness/run/steps.h"

#define LOOK_NS 100000000u /* between two looks at the host, */
#define COST_SHARE 10      /* or this many times the cost of one */

struct freed {
	double all_kib, left_kib;
	uint64_t began_ns, due_ns;
	uint64_t time_95_ns, time_999_ns; /* 0: not yet */
};

/* Pages that a CPU keeps for itself show as free later, those being reported do not meanwhile. */
static void count(struct fl_session *s, struct freed *f)
{
	double freed;

	if (fl_collect_last(s->material.collecting, "guest_free_huge", &freed))
		return;
	freed -= s->held.guest_free_huge;
	f->all_kib = freed > f->all_kib ? freed : f->all_kib;
}

static void look(struct fl_session *s, struct freed *f)
{
	uint64_t now = fl_now_ns(), guest_ns = fl_session_guest_time(s, now), cost;
	uint64_t since = now - f->began_ns + 1;
	char text[64];
	double rss;

	fl_session_sample_host(s, guest_ns);
	cost = fl_now_ns() - now;
	f->due_ns = now + (cost * COST_SHARE > LOOK_NS ? cost * COST_SHARE : LOOK_NS);
	if (fl_collect_last(s->material.collecting, "host_rss", &rss))
		return;
	count(s, f);
	f->left_kib = f->all_kib - (s->held.host_rss - rss);
	f->left_kib = f->left_kib > 0 ? f->left_kib : 0;
	if (!f->time_95_ns && f->left_kib <= f->all_kib * 0.05)
		f->time_95_ns = since;
	if (!f->time_999_ns && f->left_kib <= f->all_kib * 0.001)
		f->time_999_ns = since;
	snprintf(text, sizeof(text), "host_leftover %.0f\n", f->left_kib);
	fl_material_step(&s->material, "leftover", text, guest_ns);
}

static void keep(struct fl_session *s, const struct freed *f)
{
	fl_result_put(&s->o->result, "guest_freed", f->all_kib, FL_UNIT_KIB);
	if (f->time_95_ns)
		fl_result_put(&s->o->result, "report_time_95", (double)f->time_95_ns, FL_UNIT_NS);
	if (f->time_999_ns)
		fl_result_put(&s->o->result, "report_time_999", (double)f->time_999_ns, FL_UNIT_NS);
}

int fl_step_wait_freed(struct fl_session *s, const struct fl_step *step)
{
	struct freed f = { .began_ns = fl_now_ns() };
	int r = fl_step_look(s, step, NULL, NULL);

	if (r != FL_GO_ON)
		return r;
	if (!s->held.is)
		return fl_step_failed(s, step, "the sample step above it has no host_rss");
	count(s, &f);
	if (f.all_kib < 1024)
		return fl_step_failed(s, step,
				      "the guest has freed %.0f KiB since the sample step above",
				      f.all_kib);
	while (r == FL_GO_ON && !f.time_999_ns && fl_now_ns() - f.began_ns < step->wait_ns) {
		if (fl_now_ns() >= f.due_ns)
			look(s, &f);
		r = fl_step_pause(s);
	}
	keep(s, &f);
	return r;
}

int fl_step_host_limit(struct fl_session *s, const struct fl_step *step)
{
	int error = fl_cgroup_limit(&s->cgroup, step->bytes);

	if (error)
		return fl_step_failed(s, step, "%s", strerror(-error));
	return FL_GO_ON;
}
