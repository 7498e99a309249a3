/* SPDX-License-Identifier: GPL-2.0 */
/* Memory hotplug; the guest's firmware tells QEMU how its kernel handled the request (_OST). */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/strv.h"
#include "harness/run/steps.h"

enum { SOURCE_ADD = 1, SOURCE_DEL = 3, NO_STATUS = -1 }; /* ACPI 6.3.5, events of _OST */

/* The guest's last status for that device: 0 is success; NO_STATUS: none of this kind yet. */
static int ask_status(struct fl_session *s, const struct fl_step *step, const char *device,
		      int source, int *status)
{
	json_t *answer = NULL, *one;
	size_t i;
	int r = fl_step_qmp(s, step, "query-acpi-ospm-status", NULL, &answer);

	*status = NO_STATUS;
	json_array_foreach (answer, i, one) {
		const char *name = json_string_value(json_object_get(one, "device"));

		if (name && !strcmp(name, device) &&
		    json_integer_value(json_object_get(one, "source")) == source)
			*status = (int)json_integer_value(json_object_get(one, "status"));
	}
	json_decref(answer);
	return r;
}

/*
 * The firmware reports success whatever the kernel did, so check that the last block exists.  If it
 * does not, and the memmap would not have fitted into free memory, that is the reason.
 */
static int check_added(struct fl_session *s, const struct fl_step *step, const char *id)
{
	struct fl_memory_device dimm;
	cleanup_free char *path = NULL;
	struct fl_frame f;
	int error, r = fl_step_need_dimm(s, step, id, &dimm);

	if (r != FL_GO_ON)
		return r;
	path = fl_asprintf(FL_BLOCK_STATE, (dimm.start + dimm.bytes) / s->block_bytes - 1);
	r = fl_session_read(s, path, &f, &error);
	if (r != FL_GO_ON || !error)
		return r;
	r = fl_step_room(s, step, &s->added.before, step->bytes);
	if (r != FL_GO_ON)
		return r;
	return fl_step_failed(s, step, "the kernel did not add it: no %s", path);
}

int fl_step_dimm_add(struct fl_session *s, const struct fl_step *step)
{
	cleanup_free char *memory = fl_asprintf("ram-%s", step->name);
	cleanup_free char *dimm = fl_asprintf("dimm-%s", step->name);
	uint64_t began = fl_now_ns();
	int status = NO_STATUS;
	int r = fl_step_look(s, step, NULL, &s->added.before);

	if (r == FL_GO_ON)
		r = fl_step_qmp(s, step, "object-add",
				json_pack("{s:s, s:s, s:I, s:b}", "qom-type", "memory-backend-ram",
					  "id", memory, "size", (json_int_t)step->bytes, "reserve",
					  !step->unreserved),
				NULL);
	s->added.began_ns = fl_now_ns();
	if (r == FL_GO_ON && s->c->point->guest.numa > 1)
		r = fl_step_qmp(s, step, "device_add",
				json_pack("{s:s, s:s, s:s, s:i}", "driver", "pc-dimm", "id", dimm,
					  "memdev", memory, "node", (int)step->node),
				NULL);
	else if (r == FL_GO_ON)
		r = fl_step_qmp(s, step, "device_add",
				json_pack("{s:s, s:s, s:s}", "driver", "pc-dimm", "id", dimm,
					  "memdev", memory),
				NULL);
	while (r == FL_GO_ON && status) {
		r = ask_status(s, step, dimm, SOURCE_ADD, &status);
		if (r == FL_GO_ON && status > 0)
			return fl_step_failed(s, step, "the guest refuses it (ACPI status %d)",
					      status);
		if (r == FL_GO_ON && status && fl_step_late(step, began))
			return fl_step_failed(s, step, "the guest did not report it within %g s",
					      (double)step->timeout_ns / 1e9);
		if (r == FL_GO_ON && status)
			r = fl_step_pause(s);
	}
	s->added.taken_ns = fl_now_ns() - s->added.began_ns;
	if (r == FL_GO_ON)
		r = check_added(s, step, dimm);
	return r == FL_GO_ON ? fl_step_look(s, step, step->name, &s->added.after) : r;
}

static int remove_dimm(struct fl_session *s, const struct fl_step *step)
{
	cleanup_free char *memory = fl_asprintf("ram-%s", step->what);
	cleanup_free char *dimm = fl_asprintf("dimm-%s", step->what);
	struct fl_memory_device device = { .there = true };
	uint64_t began = fl_now_ns();
	int status;
	int r = fl_step_qmp(s, step, "device_del", json_pack("{s:s}", "id", dimm), NULL);

	while (r == FL_GO_ON && device.there) {
		r = fl_step_find_device(s, step, dimm, &device);
		if (r != FL_GO_ON || !device.there)
			break;
		r = ask_status(s, step, dimm, SOURCE_DEL, &status);
		/* 0x84 and 0x85: on its way */
		if (r == FL_GO_ON && status > 0 && status != 0x84 && status != 0x85)
			return fl_step_failed(s, step,
					      "the guest refused to give it back (ACPI status %d)",
					      status);
		if (r == FL_GO_ON && fl_step_late(step, began))
			return fl_step_failed(s, step, "still there after %g s",
					      (double)step->timeout_ns / 1e9);
		if (r == FL_GO_ON)
			r = fl_step_pause(s);
	}
	if (r == FL_GO_ON)
		r = fl_step_qmp(s, step, "object-del", json_pack("{s:s}", "id", memory), NULL);
	return r;
}

/* For a step that may fail, its outcome is a result, too. */
int fl_step_dimm_del(struct fl_session *s, const struct fl_step *step)
{
	uint64_t began = fl_now_ns();
	struct fl_zones gone = { .n = 0 };
	int r = remove_dimm(s, step);
	double ns = (double)(fl_now_ns() - began);

	if (r == FL_GO_ON)
		r = fl_step_look(s, step, step->name, &gone);
	if (r != FL_GO_ON && r != FL_GAVE_UP)
		return r;
	fl_result_put(&s->o->result, "unplugged", r == FL_GO_ON, FL_UNIT_COUNT);
	fl_result_put(&s->o->result, "unplug_time", ns, FL_UNIT_NS);
	if (gone.n)
		fl_result_put(&s->o->result, "unplug_free_lost",
			      fl_zones_free(&s->added.before) - fl_zones_free(&gone), FL_UNIT_KIB);
	return r;
}
