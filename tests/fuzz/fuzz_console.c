/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>

#include "harness/guest/console.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_console whole = { 0 }, cut = { 0 };
	size_t half = size / 2;

	fl_console_feed(&whole, (const char *)data, size);
	fl_console_feed(&cut, (const char *)data, half);
	fl_console_feed(&cut, (const char *)data + half, size - half);
	if (whole.worst != cut.worst)
		__builtin_trap();
	return 0;
}
