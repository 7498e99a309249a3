/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_profile_function *f;
	struct fl_profile p;
	char *text = malloc(size + 1);
	size_t n;

	memcpy(text, data, size);
	text[size] = 0;
	if (!fl_profile_parse(&p, text)) {
		f = fl_profile_functions(&p, &n);
		fl_profile_functions_free(f, n);
	}
	fl_profile_release(&p);
	free(text);
	return 0;
}
