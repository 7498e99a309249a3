/* SPDX-License-Identifier: GPL-2.0 */
#include "memory_of.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void take_field(struct memory_of *m, const char *line)
{
	uint64_t kib;

	if (sscanf(line, "Rss: %" SCNu64, &kib) == 1)
		m->rss_kib += kib;
	else if (sscanf(line, "Private_Dirty: %" SCNu64, &kib) == 1)
		m->private_dirty_kib += kib;
	else if (sscanf(line, "AnonHugePages: %" SCNu64, &kib) == 1)
		m->anon_huge_kib += kib;
}

int memory_of_range(const void *start, size_t len, struct memory_of *m)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	uintptr_t from, to;
	char line[512];
	bool in = false;

	memset(m, 0, sizeof(*m));
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) == 2)
			in = from >= (uintptr_t)start && to <= (uintptr_t)start + len;
		else if (in)
			take_field(m, line);
	}
	fclose(f);
	return 0;
}

static uint64_t find(const char *path, const char *name, char mark)
{
	FILE *f = fopen(path, "re");
	size_t n = strlen(name);
	uint64_t value = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, n) && line[n] == mark &&
		    sscanf(line + n + 1, "%" SCNu64, &value) == 1)
			break;
	if (f)
		fclose(f);
	return value;
}

uint64_t memory_page_tables_kib(void)
{
	return find("/proc/self/status", "VmPTE", ':');
}

uint64_t memory_vmstat(const char *name)
{
	return find("/proc/vmstat", name, ' ');
}
