/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text is in memory of exactly its size, without a NUL: reading behind it is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_profile p;
	char *text = malloc(size);
	uint64_t self = 0;
	size_t n;

	if (size)
		memcpy(text, data, size);
	if (!fl_profile_parse(&p, text, size)) {
		struct fl_profile_function *f = fl_profile_functions(&p, &n);

		for (size_t i = 0; i < n; i++) {
			self += f[i].self;
			if (f[i].total < f[i].self || f[i].total > p.instructions)
				abort();
		}
		if (self != p.instructions)
			abort();
		free(f);
	}
	fl_profile_release(&p);
	free(text);
	return 0;
}
