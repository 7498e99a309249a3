/* SPDX-License-Identifier: GPL-2.0 */
/* The balloon moves page by page; QEMU reports how much the guest has left. */
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/run/steps.h"

/* A balloon of huge pages may stop this close to its target, since it takes no smaller ones. */
#define NEAR (2ll << 20)
#define STILL_NS (1000000000ull)

int fl_step_balloon(struct fl_session *s, const struct fl_step *step)
{
	uint64_t began = fl_now_ns(), moved = began;
	int64_t target = (int64_t)step->bytes, last = -1;
	int r = fl_step_qmp(s, step, "balloon", json_pack("{s:I}", "value", (json_int_t)target),
			    NULL);

	while (r == FL_GO_ON) {
		json_t *answer = NULL;
		int64_t actual;

		r = fl_step_qmp(s, step, "query-balloon", NULL, &answer);
		if (r != FL_GO_ON)
			break;
		actual = json_integer_value(json_object_get(answer, "actual"));
		json_decref(answer);
		if (actual != last)
			moved = fl_now_ns();
		last = actual;
		if (actual == target ||
		    (llabs(actual - target) <= NEAR && fl_now_ns() - moved > STILL_NS))
			return FL_GO_ON;
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "%lld MiB after %g s",
					      (long long)actual >> 20,
					      (double)step->timeout_ns / 1e9);
		r = fl_step_pause(s);
	}
	return r;
}
