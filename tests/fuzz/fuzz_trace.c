/* SPDX-License-Identifier: GPL-2.0 */
/* Any text as a kernel's trace: shares stay within a range, and no value is no number. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/collect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_result r = { 0 };
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = 0;
	fl_collect_trace(&r, text, size);
	for (size_t i = 0; i < r.n_values; i++) {
		const struct fl_value *v = &r.values[i];

		if (!isfinite(v->value) || v->value < 0 || !fl_metric_find(v->name))
			__builtin_trap();
		if ((!strcmp(v->name, "promotion_mapped_mean") ||
		     !strcmp(v->name, "promotion_cleared_mean")) &&
		    v->value > 512)
			__builtin_trap();
	}
	fl_result_release(&r);
	free(text);
	return 0;
}
