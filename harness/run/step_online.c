/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Added memory is usable when all its blocks are online.  The agent writes to the state of each
 * block, as a udev rule would; with "auto" the kernel does it and this step only waits.
 */
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/run/steps.h"

#define IN_FLIGHT 8 /* writes queued at the agent: it stays busy, and its port never fills up */
#define GIB (1024.0 * 1024 * 1024)
#define USABLE_SHARE \
	0.875 /* of free memory: the rest is what the kernel keeps from such requests */

struct blocks {
	uint64_t first, n, online, asked;
	int error; /* of the block after those online */
};

static int ask(struct fl_session *s, const struct fl_step *step, struct blocks *b)
{
	cleanup_free char *path = fl_asprintf(FL_BLOCK_STATE, (b->first + b->asked++));
	cleanup_free char *state = fl_asprintf("online_%s", step->with);

	if (!strcmp(step->with, "auto"))
		return fl_session_send(s, FL_READ, path, NULL, 0);
	return fl_session_send(s, FL_WRITE, path, state, strlen(state));
}

/* An answer about the next block: answers come in the order of the questions. */
static void take(struct blocks *b, const struct fl_step *step, const struct fl_frame *f)
{
	bool asked = !strcmp(step->with, "auto");
	cleanup_free char *path = fl_asprintf(FL_BLOCK_STATE, (b->first + b->online));

	if (strcmp(f->name, path) != 0 || (f->type != FL_WRITTEN && f->type != FL_TEXT))
		return;
	if (f->type == FL_WRITTEN && sscanf(f->text, "errno %d", &b->error) == 1 && b->error)
		return;
	if (asked && strncmp(f->text, "online", 6) != 0)
		b->asked = b->online; /* again */
	else
		b->online++;
}

/* Gives up on outstanding requests, if other steps may go on. */
static void forget_rest(struct fl_session *s, const struct blocks *b)
{
	for (uint64_t i = b->online + (b->error != 0); i < b->asked; i++) {
		cleanup_free char *path = fl_asprintf(FL_BLOCK_STATE, b->first + i);

		fl_session_forget(s, path);
	}
}

static int online_all(struct fl_session *s, const struct fl_step *step, struct blocks *b)
{
	uint64_t window = strcmp(step->with, "auto") ? IN_FLIGHT : 1, began = fl_now_ns();
	int r = FL_GO_ON;

	while (r == FL_GO_ON && b->online < b->n && !b->error) {
		struct fl_frame f;
		bool got;

		while (r == FL_GO_ON && b->asked < b->n && b->asked - b->online < window)
			r = ask(s, step, b);
		if (r == FL_GO_ON)
			r = fl_session_turn(s, 50, &f, &got);
		if (r == FL_GO_ON && got)
			take(b, step, &f);
		if (r == FL_GO_ON && fl_step_late(step, began))
			return fl_step_failed(
				s, step, "%" PRIu64 " of %" PRIu64 " blocks are online after %g s",
				b->online, b->n, (double)step->timeout_ns / 1e9);
	}
	if (r == FL_GO_ON && b->error)
		return fl_step_failed(s, step,
				      "memory%" PRIu64 ": %s (%" PRIu64 " of %" PRIu64
				      " blocks are online)",
				      (b->first + b->online), strerror(b->error), b->online, b->n);
	return r;
}

int fl_step_room(struct fl_session *s, const struct fl_step *step, const struct fl_zones *zones,
		 uint64_t bytes)
{
	double map = (double)bytes / FL_BYTES_PER_MAP_BYTE;
	double room = fl_zones_kernel_free(zones) * 1024;

	if (step->may_fail || room * USABLE_SHARE >= map)
		return FL_GO_ON;
	return fl_outcome_decide(s->o, FL_OOM,
				 "step %s (%s): the kernel could not add %.0f MiB: %.0f MiB were "
				 "free and their memory map takes %.0f MiB",
				 step->name, step->text, (double)bytes / (1 << 20),
				 room / (1 << 20), map / (1 << 20));
}

int fl_step_usable(struct fl_session *s, const struct fl_step *step, uint64_t bytes,
		   uint64_t took_ns)
{
	double ns = (double)took_ns;
	struct fl_zones online = { .n = 0 };
	int r = fl_step_look(s, step, step->name, &online);

	if (r != FL_GO_ON || s->added.done)
		return r;
	s->added.done = true;
	fl_result_put(&s->o->result, "usable_time", ns, FL_UNIT_NS);
	fl_result_put(&s->o->result, "usable_time_per_gb", ns / 1e6 / ((double)bytes / GIB),
		      FL_UNIT_MS_PER_GB);
	fl_result_put(&s->o->result, "total_short",
		      (double)bytes / 1024 -
			      (fl_zones_managed(&online) - fl_zones_managed(&s->added.before)),
		      FL_UNIT_KIB);
	fl_zones_compare(&s->added.before, &s->added.after, &online, &s->o->result);
	return r;
}

int fl_step_online(struct fl_session *s, const struct fl_step *step)
{
	struct fl_memory_device dimm;
	uint64_t began = fl_now_ns();
	cleanup_free char *id = fl_asprintf("dimm-%s", step->what);
	int r = fl_step_need_dimm(s, step, id, &dimm);
	struct blocks b = { .first = dimm.start / s->block_bytes,
			    .n = dimm.bytes / s->block_bytes };

	if (r == FL_GO_ON)
		r = online_all(s, step, &b);
	if (r == FL_GAVE_UP)
		forget_rest(s, &b);
	return r == FL_GO_ON ? fl_step_usable(s, step, dimm.bytes,
					      s->added.taken_ns + fl_now_ns() - began)
			     : r;
}
