/* SPDX-License-Identifier: GPL-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "harness/base/cleanup.h"
#include "harness/guest/guest.h"

/* Enough memory for the guest and 256 MiB more; without them QEMU would be OOM-killed later. */
int fl_guest_room(const struct fl_guest_spec *spec, struct fl_error *err)
{
	cleanup_file FILE *f = fopen("/proc/meminfo", "re");
	uint64_t wanted = fl_guest_takes(spec);
	unsigned long long kib = 0;
	char line[256];

	wanted *= spec->count ? spec->count : 1;
	if (spec->host_limit && spec->host_limit < wanted)
		wanted = spec->host_limit;
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %llu", &kib) == 1)
			break;
	if (kib && wanted / 1024 + 262144 > kib)
		return fl_fail(err, FL_MACHINE,
			       "the guest needs %" PRIu64 " MiB and this machine has %llu MiB left",
			       wanted >> 20, kib / 1024 > 256 ? kib / 1024 - 256 : 0);
	return 0;
}
