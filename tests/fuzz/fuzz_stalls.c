/* SPDX-License-Identifier: GPL-2.0 */
/* What the plugin counted of stalls, and the command line's FUNCTION:TIME[:1/N]. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/stalls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_stall_count counts[3] = { 0 };

	for (size_t n = 0; n <= 3; n++)
		if (!fl_stall_counts_parse(counts, n, (const char *)data, size))
			assert(n || !size);
	return 0;
}
