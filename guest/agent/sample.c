/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sample is the text of the files that the harness named, those below
 * /proc/PID for each process of the workload.  The next one is at least a
 * hundred times its cost away, so that sampling takes under 1 % of a CPU.
 */
#include "guest/agent/agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILES_MAX 64
#define PROCESSES_MAX 512

static struct {
	uint64_t interval_ns;
	char globals[FILES_MAX][256], process[FILES_MAX][64], listings[FILES_MAX][256];
	unsigned int n_globals, n_process, n_listings, index, keep_on;
} spec;

void sample_configure(const char *text)
{
	const char *line = text;
	unsigned long long ms;
	char path[256];

	memset(&spec, 0, sizeof(spec));
	while (line && *line) {
		if (sscanf(line, "interval_ms %llu", &ms) == 1)
			spec.interval_ns = ms * 1000000;
		else if (!strncmp(line, "keep_on 1", 9))
			spec.keep_on = 1;
		else if (sscanf(line, "global %255s", path) == 1 && spec.n_globals < FILES_MAX)
			strcpy(spec.globals[spec.n_globals++], path);
		else if (sscanf(line, "process %63s", path) == 1 && spec.n_process < FILES_MAX)
			strcpy(spec.process[spec.n_process++], path);
		else if (sscanf(line, "listing %255s", path) == 1 && spec.n_listings < FILES_MAX)
			strcpy(spec.listings[spec.n_listings++], path);
		line = strchr(line, '\n');
		if (line)
			line++;
	}
}

uint64_t sample_interval_ns(void)
{
	return spec.interval_ns;
}

bool sample_keeps_on(void)
{
	return spec.keep_on;
}

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void sample_processes(void)
{
	FILE *f = fopen(WORKLOAD_GROUP "/cgroup.procs", "re");
	char path[128];
	int pid;

	for (int n = 0; f && n < PROCESSES_MAX && fscanf(f, "%d", &pid) == 1; n++) {
		for (unsigned int i = 0; i < spec.n_process; i++) {
			snprintf(path, sizeof(path), "/proc/%d/%s", pid, spec.process[i]);
			port_send_file(FL_TEXT, path, path);
		}
	}
	if (f)
		fclose(f);
}

uint64_t sample_take(const char *cause)
{
	uint64_t before = cpu_ns(), cost;

	for (unsigned int i = 0; i < spec.n_globals; i++)
		port_send_file(FL_TEXT, spec.globals[i], spec.globals[i]);
	for (unsigned int i = 0; strcmp(cause, "timer") && i < spec.n_listings; i++)
		port_send_listing(FL_TEXT, spec.listings[i]);
	sample_processes();
	cost = cpu_ns() - before;
	port_sendf(FL_TICK, NULL, "index %u cost_ns %llu cause %s", spec.index++,
		   (unsigned long long)cost, cause);
	if (!spec.interval_ns)
		return 0;
	return clock_ns() + (cost * 100 > spec.interval_ns ? cost * 100 : spec.interval_ns);
}
