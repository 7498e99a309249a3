/* SPDX-License-Identifier: GPL-2.0 */
/* A virtio-mem device grows and shrinks block by block; its driver does the rest. */
#include <string.h>

#include "harness/base/clock.h"
#include "harness/run/steps.h"

#define DEVICE "vmem0"

static int ask_size(struct fl_session *s, const struct fl_step *step, uint64_t *size)
{
	json_t *answer = NULL, *one;
	size_t i;
	int r = fl_step_qmp(s, step, "query-memory-devices", NULL, &answer);

	json_array_foreach (answer, i, one) {
		const json_t *data = json_object_get(one, "data");
		const char *id = json_string_value(json_object_get(data, "id"));

		if (id && !strcmp(id, DEVICE))
			*size = (uint64_t)json_integer_value(json_object_get(data, "size"));
	}
	json_decref(answer);
	return r;
}

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
	uint64_t began = fl_now_ns(), first = 0, size = 0;
	int r = fl_step_look(s, step, NULL, &s->added.before);

	if (r == FL_GO_ON)
		r = ask_size(s, step, &first);
	s->added.began_ns = fl_now_ns();
	if (r == FL_GO_ON)
		r = request(s, step);
	while (r == FL_GO_ON) {
		r = ask_size(s, step, &size);
		if (r != FL_GO_ON || size == step->bytes)
			break;
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "%llu MiB after %g s",
					      (unsigned long long)size >> 20,
					      (double)step->timeout_ns / 1e9);
		r = fl_step_pause(s);
	}
	if (r != FL_GO_ON || step->bytes <= first)
		return r == FL_GO_ON ? fl_step_look(s, step, step->name, NULL) : r;
	s->added.after.n = 0;
	return fl_step_usable(s, step, step->bytes - first, fl_now_ns() - s->added.began_ns);
}
