/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>

#include <stdio.h>

#include "harness/base/cleanup.h"
#include "harness/collect/collect.h"
#include "harness/guest/console.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_kcsan(const uint8_t *data, size_t size)
{
	cleanup_file FILE *f = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	struct fl_result r = { 0 };

	if (f)
		fl_collect_kcsan(&r, f);
	for (size_t i = 0; i < r.n_cases; i++)
		if (r.cases[i].outcome != FL_CASE_FOUND || !r.cases[i].failures)
			__builtin_trap();
	fl_result_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_console whole = { 0 }, cut = { 0 };
	size_t half = size / 2;

	fl_console_feed(&whole, (const char *)data, size);
	fl_console_feed(&cut, (const char *)data, half);
	fl_console_feed(&cut, (const char *)data + half, size - half);
	if (whole.worst != cut.worst)
		__builtin_trap();
	read_kcsan(data, size);
	return 0;
}
