/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/guest/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as a kernel's file, as a configuration, as meta and as an image. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *lines;
	uint8_t *bytes = malloc(size ? size : 1);
	struct fl_image_facts f = { 0 };
	struct fl_build b = { 0 };

	if (size) {
		memcpy(bytes, data, size);
		memcpy(text, data, size);
	}
	text[size] = '\0';
	lines = fl_build_config_lines(text);
	if (lines && strlen(lines) > size + 1)
		abort();
	free(lines);
	free(fl_build_config_inside(bytes, size));
	fl_build_take_meta(&b, text);
	fl_build_release(&b);
	fl_image_take(&f, bytes, size);
	if (f.programs.n != f.hashes.n)
		abort();
	fl_image_facts_release(&f);
	free(text);
	free(bytes);
	return 0;
}
