/* SPDX-License-Identifier: GPL-2.0 */
/* A [metric NAME] of any text, up to the first NUL, and behind it an output of any bytes. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_value(const struct fl_own_metric *m, const char *text, size_t len)
{
	char why[128] = "", unit[32];
	double value;
	int bad = fl_foreign_value(m, text, len, &value, why, sizeof(why));

	if (bad ? !*why : !isfinite(value))
		__builtin_trap();
	for (int base = FL_TIME_HARDWARE; base <= FL_TIME_TCG_MULTI; base++)
		if (!*fl_foreign_unit(m->unit, (enum fl_timebase)base, unit, sizeof(unit)))
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = memchr(data, 0, size);
	size_t len = nul ? size - (size_t)(nul - data) - 1 : 0;
	struct fl_own_metrics own;
	struct fl_error err;
	char *text;

	if (!nul)
		return 0;
	text = malloc(len + 1);
	if (!text)
		abort();
	memcpy(text, nul + 1, len);
	text[len] = '\0';
	if (!fl_own_metrics_parse(&own, (const char *)data, &err) &&
	    !fl_own_metrics_check(&own, "it", &err))
		for (size_t i = 0; i < own.n; i++)
			read_value(&own.v[i], text, len);
	fl_own_metrics_release(&own);
	free(text);
	return 0;
}
