/* SPDX-License-Identifier: GPL-2.0 */
/* Any text as every collected file, twice, as samples of one point. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/collect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_collecting *c = fl_collect_new();
	struct fl_result r = { 0 };
	char *text = malloc(size + 1);
	char path[256];

	memcpy(text, data, size);
	text[size] = '\0';
	fl_collect_ram_range(c, 0x7f0000000000, 0x7f0040000000);
	for (int i = 0; i < 2; i++) {
		for (const struct fl_collector *const *at = fl_collectors(); *at; at++) {
			static const char *const before[] = { "", "/proc/1/",
							      "host:", "qmp:", "step:" };

			snprintf(path, sizeof(path), "%s%s", before[(*at)->side], (*at)->file);
			fl_collect_text(c, path, text, size, 0);
		}
		fl_collect_tick(c, (uint64_t)i);
		fl_collect_tick_host(c, (uint64_t)i);
	}
	fl_collect_finish(c, &r);
	fl_result_release(&r);
	free(text);
	return 0;
}
