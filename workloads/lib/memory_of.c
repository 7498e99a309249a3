// SPDX-License-Identifier: GPL-2.0
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
	else if (sscanf(line, "Pss: %" SCNu64, &kib) == 1)
		m->pss_kib += kib;
	else if (sscanf(line, "Private_Dirty: %" SCNu64, &kib) == 1)
		m->private_dirty_kib += kib;
	else if (sscanf(line, "AnonHugePages: %" SCNu64, &kib) == 1)
		m->anon_huge_kib += kib;
}

/* Adds the fields of the mappings within [from, to). */
static int sum_smaps(const char *path, uintptr_t from, uintptr_t to, struct memory_of *m)
{
	FILE *f = fopen(path, "re");
	uintptr_t start, end;
	char line[512];
	bool in = false;
	int err;

	memset(m, 0, sizeof(*m));
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2)
			in = start >= from && end <= to;
		else if (in)
			take_field(m, line);
	}
	err = ferror(f) ? -EIO : 0;
	fclose(f);
	return err;
}

int memory_of_range(const void *start, size_t len, struct memory_of *m)
{
	return sum_smaps("/proc/self/smaps", (uintptr_t)start, (uintptr_t)start + len, m);
}

static int rss_of_statm(pid_t pid, struct memory_of *m)
{
	uint64_t size, resident;
	char path[64];
	FILE *f;
	int got;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	got = fscanf(f, "%" SCNu64 " %" SCNu64, &size, &resident);
	fclose(f);
	if (got != 2)
		return -ESRCH;
	*m = (struct memory_of){ .rss_kib = resident * 4 };
	return 0;
}

int memory_of_process(pid_t pid, struct memory_of *m)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	return sum_smaps(path, 0, UINTPTR_MAX, m) ? rss_of_statm(pid, m) : 0;
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

uint64_t memory_info_kib(const char *name)
{
	return find("/proc/meminfo", name, ':');
}

uint64_t memory_vmstat(const char *name)
{
	return find("/proc/vmstat", name, ' ');
}
