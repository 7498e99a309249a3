/* SPDX-License-Identifier: GPL-2.0 */
/* Any bytes, in pieces whose size the first byte gives. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "harness/wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_frame_reader r = { 0 };
	size_t piece = size ? data[0] + 1u : 1;
	struct fl_frame f;
	int got = 0;

	for (size_t at = 1; at < size && got >= 0; at += piece) {
		size_t room, n = size - at < piece ? size - at : piece;

		memcpy(fl_frame_reader_room(&r, &room), data + at, n);
		fl_frame_reader_fed(&r, n);
		while ((got = fl_frame_reader_next(&r, &f)) == 1)
			if (f.text[f.len] || strlen(f.name) > FL_FRAME_NAME_MAX)
				__builtin_trap();
	}
	fl_frame_reader_release(&r);
	return 0;
}
