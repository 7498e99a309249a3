// SPDX-License-Identifier: GPL-2.0
/*
 * memhog: fills a mapping with 0xff, once or many times, under a memory policy.  The command line
 * and the dots are numactl's.
 *
 * With --latency the first pass goes page by page: the store of a page's first byte is timed, the
 * filling of the rest is not, because a fault plus filling is another metric.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <numa.h>
#include <numaif.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/aligned.h"
#include "lib/held.h"
#include "lib/latency.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/size.h"
#include "lib/touched.h"

#define UNIT ((size_t)10 << 20)
#define FILL 0xff

struct memhog_options {
	struct options_common common;
	const char *file;
	uint64_t repeat, size, hold_ms;
	bool no_huge_pages, stats, advise_huge;
};

struct policy {
	const char *name;
	int mode;
	bool takes_nodes;
};

#define AT(field) offsetof(struct memhog_options, field)

static const struct option_spec specs[] = {
	{ "advise-huge", 0, NULL,
	  "after the first pass madvise(MADV_HUGEPAGE), for khugepaged to collapse", OPTION_FLAG,
	  AT(advise_huge), 0, 0 },
	{ NULL, 'f', "FILE", "map FILE, shared, instead of anonymous memory", OPTION_TEXT, AT(file),
	  0, 0 },
	{ NULL, 'H', NULL, "no huge pages", OPTION_FLAG, AT(no_huge_pages), 0, 0 },
	{ "hold", 0, "MS", "time to sleep when all is filled", OPTION_NUMBER, AT(hold_ms), 0,
	  86400000 },
	{ NULL, 'r', "N", "fill N times (default 1)", OPTION_NUMBER, AT(repeat), 0, UINT32_MAX },
	{ "stats", 0, NULL, "print the time of each pass", OPTION_FLAG, AT(stats), 0, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "memhog",
	.synopsis = "[-rN] [-H] [-fFILE] [OPTIONS] SIZE[kmgt] [POLICY [NODES]]",
	.summary = "Fill memory with 0xff, a dot for each 10 MiB.",
	.notes = "Policies: default, local, bind NODES (or membind), interleave NODES, preferred "
		 "NODE,\n"
		 "preferred-many NODES; NODES as numactl takes them: 0, 0-3, 0,2, all.\n"
		 "Unlike numactl's, a policy or file that cannot be had ends the run with one "
		 "line.\n"
		 "Latencies are of the first pass: base and region faulted, store did not, "
		 "interrupted\n"
		 "had a tick or a preemption in them.\n",
	.options = specs,
};

static const struct policy policies[] = {
	{ "bind", MPOL_BIND, true },
	{ "default", MPOL_DEFAULT, false },
	{ "interleave", MPOL_INTERLEAVE, true },
	{ "local", MPOL_LOCAL, false },
	{ "membind", MPOL_BIND, true },
	{ "preferred", MPOL_PREFERRED, true },
	{ "preferred-many", MPOL_PREFERRED_MANY, true },
};

static int failed(const char *what)
{
	fprintf(stderr, "memhog: %s: %s\n", what, strerror(errno));
	return 1;
}

static void hog(char *map, size_t size)
{
	for (size_t i = 0; i < size; i += UNIT) {
		size_t left = size - i;

		if (left > UNIT)
			left = UNIT;
		putchar('.');
		fflush(stdout);
		memset(map + i, FILL, left);
	}
	putchar('\n');
}

static void hog_timed(char *map, size_t size, struct latency_task *latency)
{
	for (size_t i = 0; i < size; i += TOUCHED_PAGE) {
		bool first = !i || !((uintptr_t)(map + i) % TOUCHED_REGION);
		size_t left = size - i;

		if (!(i % UNIT)) {
			latency_settle(latency);
			putchar('.');
			fflush(stdout);
		}
		latency_touch(latency, first ? LATENCY_REGION : LATENCY_BASE,
			      (unsigned char *)map + i, FILL);
		memset(map + i, FILL, left > TOUCHED_PAGE ? TOUCHED_PAGE : left);
	}
	latency_settle(latency);
	putchar('\n');
}

static void print_stats(uint64_t pass, uint64_t size, uint64_t ns)
{
	uint64_t us = ns / 1000 ? ns / 1000 : 1;

	printf("pass %" PRIu64 ": %" PRIu64 " bytes / %" PRIu64 " usecs = %.0f KB/s\n", pass, size,
	       us, (double)size / 1024 * 1e6 / (double)us);
}

static void hog_passes(const struct memhog_options *o, char *map, struct latency_task *latency)
{
	struct held held = { 0 };

	for (uint64_t pass = 1; pass <= o->repeat; pass++) {
		uint64_t start = pace_now_ns();

		if (latency && pass == 1)
			hog_timed(map, o->size, latency);
		else
			hog(map, o->size);
		if (o->stats)
			print_stats(pass, o->size, pace_now_ns() - start);
		if (o->advise_huge && pass == 1)
			aligned_ask_huge(map, o->size);
	}
	held_sleep(o->hold_ms * 1000000);
	if (latency) { /* what the peer prints is left alone */
		held_add_process(&held, getpid());
		held_take_charge(&held);
		held_print(&held);
	}
	fflush(stdout);
}

static const struct policy *find_policy(const char *name)
{
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
		if (!strcmp(policies[i].name, name))
			return &policies[i];
	return NULL;
}

/* Checked here, since libnuma prints its own message about a node that does not exist. */
static bool nodes_exist(const char *text)
{
	if (numa_available() < 0)
		return false;
	while (*text) {
		char *end;

		if (!isdigit((unsigned char)*text)) {
			text++;
			continue;
		}
		if (strtoul(text, &end, 10) > (unsigned long)numa_max_node())
			return false;
		text = end;
	}
	return true;
}

/* The operands after the size; what they ask for is done to the mapping by apply_policy(). */
static int parse_policy(char **operand, int nr, const struct policy **policy,
			struct bitmask **nodes)
{
	*policy = nr ? find_policy(operand[0]) : NULL;
	*nodes = NULL;
	if (!nr)
		return 0;
	if (!*policy)
		return options_error(&program,
				     "policy '%s': give default, local, bind, interleave or "
				     "preferred",
				     operand[0]);
	if (nr != ((*policy)->takes_nodes ? 2 : 1))
		return options_error(&program, "policy %s takes %s", operand[0],
				     (*policy)->takes_nodes ? "nodes, such as 0 or 0-3"
							    : "no nodes");
	if (!(*policy)->takes_nodes)
		return 0;
	if (nodes_exist(operand[1]))
		*nodes = numa_parse_nodestring(operand[1]);
	if (!*nodes)
		return options_error(&program, "nodes '%s': this machine has %s", operand[1],
				     numa_available() < 0 ? "no NUMA policies" : "no such nodes");
	return 0;
}

static int apply_policy(void *map, size_t size, const struct policy *policy,
			const struct bitmask *nodes)
{
	if (!policy)
		return 0;
	if (mbind(map, size, policy->mode, nodes ? nodes->maskp : NULL, nodes ? nodes->size : 0, 0))
		return failed("mbind");
	return 0;
}

static int open_file(const struct memhog_options *o, int *fd)
{
	struct stat st;

	*fd = -1;
	if (!o->file)
		return 0;
	*fd = open(o->file, O_RDWR | O_CLOEXEC);
	if (*fd < 0 || fstat(*fd, &st))
		return failed(o->file);
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size < o->size) {
		fprintf(stderr, "memhog: %s holds %jd bytes, fewer than asked for\n", o->file,
			(intmax_t)st.st_size);
		return 1;
	}
	return 0;
}

static int run(const struct memhog_options *o, const struct policy *policy,
	       const struct bitmask *nodes, struct latency *latency)
{
	char *map;
	int fd;

	if (open_file(o, &fd))
		return 1;
	map = mmap(NULL, o->size, PROT_READ | PROT_WRITE,
		   fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return failed("cannot map the memory");
	if (apply_policy(map, o->size, policy, nodes))
		return 1;
	if (o->no_huge_pages && madvise(map, o->size, MADV_NOHUGEPAGE) && errno != EINVAL)
		return failed("-H");
	hog_passes(o, map, latency_task(latency, 0));
	return 0;
}

int main(int argc, char **argv)
{
	struct memhog_options o = { .common = OPTIONS_COMMON, .repeat = 1 };
	const struct policy *policy = NULL;
	struct bitmask *nodes = NULL;
	struct latency *latency;
	int status;
	int err;
	int first = options_parse(&program, &o, argc, argv);

	if (first >= 0 && first == argc)
		first = options_error(&program, "give the size to fill, such as 100m");
	if (first >= 0 && (size_parse(argv[first], &o.size) || !o.size))
		first = options_error(&program, "size '%s': give a size such as 4096, 64k or 2g",
				      argv[first]);
	if (first >= 0 && parse_policy(argv + first + 1, argc - first - 1, &policy, &nodes))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	err = latency_open(&latency, o.common.latency, 1, NULL, 0);
	if (err) {
		options_error(&program, "--latency '%s': %s", o.common.latency, strerror(-err));
		return 2;
	}
	status = run(&o, policy, nodes, latency);
	errno = -latency_close(latency);
	if (errno)
		status = failed(o.common.latency);
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
