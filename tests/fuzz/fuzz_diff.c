/* SPDX-License-Identifier: GPL-2.0 */
/* Patches of anybody: every file has a path, every function is a word of the text. */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "harness/try/diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_diff d = { 0 };

	fl_diff_parse(&d, (const char *)data, size);
	for (size_t i = 0; i < d.n; i++) {
		const struct fl_strv *f = &d.files[i].functions;

		assert(d.files[i].path);
		for (size_t k = 0; k < f->n; k++) {
			assert(*f->v[k] && !isdigit((unsigned char)*f->v[k]));
			assert(memmem(data, size, f->v[k], strlen(f->v[k])));
		}
		assert(!f->n || d.files[i].added + d.files[i].removed > 0);
	}
	fl_diff_release(&d);
	return 0;
}
