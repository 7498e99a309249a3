/* SPDX-License-Identifier: GPL-2.0 */
/* The journal of host settings: what is accepted names allowed paths only and reads back the same.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/run/host_journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A pair is one from either side, and just one member of it can be 0. */
static void check_pair(const char *path)
{
	char *twin = fl_journal_twin(path), *back = twin ? fl_journal_twin(twin) : NULL;

	if (twin) {
		assert(fl_journal_path_allowed(twin) && back && !strcmp(back, path));
		assert(fl_journal_takes_zero(path) != fl_journal_takes_zero(twin));
	}
	free(twin);
	free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_journal j;
	char line[FL_JOURNAL_PATH_MAX + FL_JOURNAL_VALUE_MAX + 4];
	int at;

	if (!fl_journal_parse(&j, (const char *)data, size, &at)) {
		for (size_t i = 0; i < j.n; i++) {
			int n = fl_journal_format(&j.entries[i], line, sizeof(line));

			assert(fl_journal_path_allowed(j.entries[i].path));
			check_pair(j.entries[i].path);
			assert(n > 0 && memmem(data, size, line, (size_t)n));
		}
	} else {
		assert(at >= 1);
	}
	fl_journal_release(&j);
	return 0;
}
