/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>

#include "harness/guest/qmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *message;
	int taken = fl_qmp_take((const char *)data, size, &message);

	if (taken > 0)
		json_decref(message);
	else if (message)
		__builtin_trap();
	return 0;
}
