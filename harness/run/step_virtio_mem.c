/* SPDX-License-Identifier: GPL-2.0 */
/* A virtio-mem device grows and shrinks block by block; its driver does the rest. */
#include <string.h>

#include "harness/base/clock.h"
#include "harness/experiment/setting.h"
#include "harness/run/steps.h"

#define DEVICE "vmem0"

static int request(struct fl_session *s, const struct fl_step *step)
{
	return fl_step_qmp(s, step, "qom-set",
			   json_pack("{s:s, s:s, s:I}", "path", "/machine/peripheral/" DEVICE,
				     "property", "requested-size", "value",
				     (json_int_t)step->bytes),
			   NULL);
}

/* A driver that gets no memory for the next block's memmap retries forever. */
static int not_given(struct fl_session *s, const struct fl_step *step, uint64_t given)
{
	struct fl_zones zones = { .n = 0 };
	int r = FL_GO_ON;

	if (given < step->bytes) {
		r = fl_step_look(s, step, NULL, &zones);
		if (r == FL_GO_ON)
			r = fl_step_room(s, step, &zones, step->bytes - given);
	}
	if (r != FL_GO_ON)
		return r;
	return fl_step_failed(s, step, "%" PRIu64 " MiB after %g s", given >> 20,
			      (double)step->timeout_ns / 1e9);
}

static int wait_given(struct fl_session *s, const struct fl_step *step, uint64_t began)
{
	struct fl_memory_device now;
	int r = FL_GO_ON;

	while (r == FL_GO_ON) {
		r = fl_step_find_device(s, step, DEVICE, &now);
		if (r != FL_GO_ON || now.bytes == step->bytes)
			break;
		if (fl_step_late(step, began))
			return not_given(s, step, now.bytes);
		r = fl_step_pause(s);
	}
	return r;
}

/* The driver asks QEMU for a block before it has the kernel put it online. */
static int wait_online(struct fl_session *s, const struct fl_step *step, uint64_t began,
		       uint64_t bytes)
{
	const char *by_itself = fl_setting_shown(fl_setting_find("hotplug.online"));
	double kib, wanted = (double)bytes / 1024;
	struct fl_zones now = { .n = 0 };
	struct fl_frame f;
	int error, r = fl_session_read(s, by_itself, &f, &error);

	if (r == FL_GO_ON && !error && !strncmp(f.text, "offline", 7))
		return r;
	while (r == FL_GO_ON) {
		r = fl_step_look(s, step, NULL, &now);
		kib = fl_zones_managed(&now) - fl_zones_managed(&s->added.before);
		if (r != FL_GO_ON || kib >= wanted)
			break;
		if (fl_step_late(step, began))
			return fl_step_failed(
				s, step, "QEMU gave it, and %.0f of %.0f MiB are online after %g s",
				kib / 1024, wanted / 1024, (double)step->timeout_ns / 1e9);
		r = fl_step_pause(s);
	}
	return r;
}

int fl_step_virtio_mem(struct fl_session *s, const struct fl_step *step)
{
	struct fl_memory_device first = { .there = false };
	uint64_t began = fl_now_ns(), grown;
	int r = fl_step_look(s, step, NULL, &s->added.before);

	if (r == FL_GO_ON)
		r = fl_step_find_device(s, step, DEVICE, &first);
	s->added.began_ns = fl_now_ns();
	if (r == FL_GO_ON)
		r = request(s, step);
	if (r == FL_GO_ON)
		r = wait_given(s, step, began);
	if (r != FL_GO_ON)
		return r;
	if (step->bytes <= first.bytes)
		return fl_step_look(s, step, step->name, NULL);
	grown = step->bytes - first.bytes;
	s->added.after.n = 0;
	r = wait_online(s, step, began, grown);
	if (r == FL_GO_ON)
		r = fl_step_usable(s, step, grown, fl_now_ns() - s->added.began_ns);
	return r;
}
