/* SPDX-License-Identifier: GPL-2.0 */
/* A virtio-mem device grows and shrinks block by block; its driver does the rest. */
#include <string.h>

#include "harness/base/clock.h"
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

int fl_step_virtio_mem(struct fl_session *s, const struct fl_step *step)
{
	struct fl_memory_device first, now;
	uint64_t began = fl_now_ns();
	int r = fl_step_look(s, step, NULL, &s->added.before);

	if (r == FL_GO_ON)
		r = fl_step_find_device(s, step, DEVICE, &first);
	s->added.began_ns = fl_now_ns();
	if (r == FL_GO_ON)
		r = request(s, step);
	while (r == FL_GO_ON) {
		r = fl_step_find_device(s, step, DEVICE, &now);
		if (r != FL_GO_ON || now.bytes == step->bytes)
			break;
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "%llu MiB after %g s",
					      (unsigned long long)now.bytes >> 20,
					      (double)step->timeout_ns / 1e9);
		r = fl_step_pause(s);
	}
	if (r != FL_GO_ON || step->bytes <= first.bytes)
		return r == FL_GO_ON ? fl_step_look(s, step, step->name, NULL) : r;
	s->added.after.n = 0;
	return fl_step_usable(s, step, step->bytes - first.bytes, fl_now_ns() - s->added.began_ns);
}
