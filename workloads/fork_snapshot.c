/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Redis-style snapshot: a parent with a dataset forks a child that reads
 * all of it once, while the parent goes on writing.  What copy-on-write costs
 * falls on the parent's writes; the old pages stay with the child, dirty and
 * its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/latency.h"
#include "lib/memory_of.h"
#include "lib/options.h"
#include "lib/seed.h"
#include "lib/size.h"
#include "lib/zipf.h"

#define PAGE 4096ul
#define REGION (2ul << 20)

enum { CLASS_BASE, CLASS_REGION, CLASS_FORK, CLASS_BEFORE, CLASS_DURING, CLASS_AFTER };

static const char *const class_names[] = { "base",         "region",       "fork",
					   "write_before", "write_during", "write_after" };

struct snapshot_options {
	struct options_common common;
	uint64_t dataset, value, sparse, writes, snapshots;
	const char *rate_text, *dist_text;
	uint64_t rate; /* a second; 0: unthrottled */
	double theta;  /* of zipf; 0: uniform */
};

#define AT(field) offsetof(struct snapshot_options, field)

static const struct option_spec specs[] = {
	{ "dataset", 0, "SIZE", "memory of the values (default 128m)", OPTION_SIZE, AT(dataset),
	  REGION, 0 },
	{ "dist", 0, "uniform|zipf[:THETA]",
	  "which values are written (default uniform; zipf 0.99)", OPTION_TEXT, AT(dist_text), 0,
	  0 },
	{ "rate", 0, "N|max", "writes a second (default max)", OPTION_TEXT, AT(rate_text), 0, 0 },
	{ "snapshots", 0, "N", "snapshots (default 3)", OPTION_NUMBER, AT(snapshots), 1, 10000 },
	{ "sparse", 0, "PCT", "delete so many per cent of the values at random first",
	  OPTION_NUMBER, AT(sparse), 0, 99 },
	{ "value", 0, "SIZE", "bytes of a value: a power of two from 64 to 4096 (default 1024)",
	  OPTION_SIZE, AT(value), 64, 4096 },
	{ "writes", 0, "N", "writes before, during and after each snapshot (default 20000)",
	  OPTION_NUMBER, AT(writes), 0, UINT32_MAX },
	{ 0 },
};

static const struct program program = {
	.name = "fork-snapshot",
	.synopsis = "[OPTIONS]",
	.summary = "Fork children that read a dataset once while the parent writes to it.",
	.notes = "The number of writes is fixed, so that the work is the same in every run: the "
		 "child ends\n"
		 "when it has read all and the parent has written all.  Latency classes: base, "
		 "region (first\n"
		 "touches), fork, write_before, write_during, write_after.\n"
		 "Checks, exit status 1 when one fails: the child's Private_Dirty of the dataset "
		 "is the\n"
		 "distinct pages written x 4 KiB within 1 %; without writes it is 0.\n",
	.options = specs,
};

struct store {
	const struct snapshot_options *o;
	unsigned char *map;
	uint64_t values, live;
	uint32_t *keys;       /* live values */
	unsigned char *pages; /* written in this snapshot */
	struct prng random;
	struct zipf zipf;
	struct latency_task *latency;
	uint64_t stamp;
	/* sums over the snapshots */
	uint64_t fork_ns, dirty_kib, pages_written, regions_written;
	int status;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int failed(const char *what)
{
	fprintf(stderr, "fork-snapshot: %s: %s\n", what, strerror(errno));
	return 1;
}

static unsigned char *map_dataset(uint64_t size)
{
	unsigned char *p = mmap(NULL, size + REGION, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char *start;

	if (p == MAP_FAILED)
		return NULL;
	start = (unsigned char *)(((uintptr_t)p + REGION - 1) & ~(REGION - 1));
	if (start > p)
		munmap(p, (size_t)(start - p));
	munmap(start + size, (size_t)(p + REGION - start));
	prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, start, size, "dataset");
	return start;
}

static void populate(struct store *s)
{
	for (uint64_t at = 0; at < s->o->dataset; at += PAGE) {
		unsigned int class = at % REGION ? CLASS_BASE : CLASS_REGION;

		if (s->latency)
			latency_touch(s->latency, class, s->map + at, 1);
		memset(s->map + at, 1, PAGE);
	}
}

/* Random values are deleted; a page that holds none any more goes back to the kernel. */
static void thin_out(struct store *s)
{
	uint64_t per_page = PAGE / s->o->value, gone = s->values * s->o->sparse / 100;

	for (uint64_t i = 0; i < s->values; i++)
		s->keys[i] = (uint32_t)i;
	s->live = s->values;
	for (; gone; gone--) {
		uint64_t i = prng_below(&s->random, s->live);

		s->keys[i] = s->keys[--s->live];
	}
	memset(s->pages, 0, s->o->dataset / PAGE);
	for (uint64_t i = 0; i < s->live; i++)
		s->pages[s->keys[i] / per_page] = 1;
	for (uint64_t p = 0; s->o->sparse && p < s->o->dataset / PAGE; p++)
		if (!s->pages[p])
			madvise(s->map + p * PAGE, PAGE, MADV_DONTNEED);
}

/* One value: a timed store to its first word, then the rest. */
static void write_value(struct store *s, unsigned int class)
{
	uint64_t rank =
		s->o->theta > 0 ? zipf_next(&s->zipf, &s->random) : prng_below(&s->random, s->live);
	uint64_t at = (uint64_t)s->keys[rank] * s->o->value;
	uint64_t start = 0;

	if (s->latency)
		start = latency_stamp(s->latency);
	*(volatile uint64_t *)(s->map + at) = ++s->stamp;
	if (s->latency)
		latency_record(s->latency, class, start, latency_end_stamp(s->latency));
	memset(s->map + at + 8, (int)s->stamp, s->o->value - 8);
	s->pages[at / PAGE] = 1;
}

static void write_phase(struct store *s, unsigned int class)
{
	uint64_t began = now_ns();

	for (uint64_t i = 0; i < s->o->writes; i++) {
		if (s->o->rate) {
			uint64_t due = began + (uint64_t)((double)i * 1e9 / (double)s->o->rate);
			uint64_t now = now_ns();

			if (now < due) {
				struct timespec wait = { 0, (long)((due - now) % 1000000000) };

				nanosleep(&wait, NULL);
			}
		}
		write_value(s, class);
	}
}

struct seen {
	uint64_t sum, dirty_kib, huge_kib, page_tables_kib;
	int error;
};

static void run_child(struct store *s, int in, int out)
{
	struct seen seen = { 0 };
	struct memory_of m;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (uint64_t i = 0; i < s->live; i++)
		seen.sum += *(volatile uint64_t *)(s->map + (uint64_t)s->keys[i] * s->o->value);
	if (read(in, &byte, 1) != 1)
		_exit(1);
	seen.error = memory_of_range(s->map, s->o->dataset, &m);
	seen.dirty_kib = m.private_dirty_kib;
	seen.huge_kib = m.anon_huge_kib;
	seen.page_tables_kib = memory_page_tables_kib();
	_exit(write(out, &seen, sizeof(seen)) == sizeof(seen) ? 0 : 1);
}

static uint64_t count(const unsigned char *flags, uint64_t n, uint64_t step)
{
	uint64_t found = 0;

	for (uint64_t i = 0; i < n; i += step)
		found += memchr(flags + i, 1, step < n - i ? step : n - i) != NULL;
	return found;
}

static void check_dirty(struct store *s, uint64_t dirty_kib, uint64_t pages)
{
	uint64_t wanted = pages * (PAGE / 1024);
	uint64_t off = dirty_kib > wanted ? dirty_kib - wanted : wanted - dirty_kib;
	bool good = off * 100 <= wanted;

	printf("check private_dirty %s measured %" PRIu64 " KiB expected %" PRIu64 " KiB\n",
	       good ? "ok" : "FAIL", dirty_kib, wanted);
	if (!good)
		s->status = 1;
}

static void print_snapshot(struct store *s, uint64_t number, uint64_t fork_ns,
			   const struct seen *seen, const struct memory_of *before, uint64_t splits)
{
	uint64_t pages = s->o->dataset / PAGE, written = count(s->pages, pages, 1);
	uint64_t regions = count(s->pages, pages, REGION / PAGE);
	struct memory_of after;

	memory_of_range(s->map, s->o->dataset, &after);
	printf("snapshot %" PRIu64 " fork_ns %" PRIu64
	       " ms_per_gb %.3f child_private_dirty_kib %" PRIu64 " pages_written %" PRIu64
	       " regions_written %" PRIu64 " thp_split_pmd %" PRIu64 " parent_huge_kib %" PRIu64
	       " -> %" PRIu64 " child_huge_kib %" PRIu64 " child_vmpte_kib %" PRIu64 "\n",
	       number, fork_ns, (double)fork_ns / 1e6 / ((double)s->o->dataset / (1u << 30)),
	       seen->dirty_kib, written, regions, splits, before->anon_huge_kib,
	       after.anon_huge_kib, seen->huge_kib, seen->page_tables_kib);
	check_dirty(s, seen->dirty_kib, written);
	s->fork_ns += fork_ns;
	s->dirty_kib += seen->dirty_kib;
	s->pages_written += written;
	s->regions_written += regions;
}

static int snapshot(struct store *s, uint64_t number)
{
	uint64_t split_before = memory_vmstat("thp_split_pmd"), start, stamp, fork_ns;
	struct memory_of before;
	struct seen seen;
	int in[2], out[2], status;
	bool good;
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return failed("pipe");
	fflush(stdout);
	memory_of_range(s->map, s->o->dataset, &before);
	memset(s->pages, 0, s->o->dataset / PAGE);
	start = now_ns();
	stamp = s->latency ? latency_stamp(s->latency) : 0;
	pid = fork();
	if (!pid)
		run_child(s, in[0], out[1]);
	if (s->latency)
		latency_record(s->latency, CLASS_FORK, stamp, latency_end_stamp(s->latency));
	fork_ns = now_ns() - start;
	if (pid < 0)
		return failed("fork");
	close(in[0]);
	close(out[1]);
	write_phase(s, CLASS_DURING);
	good = write(in[1], "", 1) == 1 && read(out[0], &seen, sizeof(seen)) == sizeof(seen);
	if (waitpid(pid, &status, 0) != pid || !good || status || seen.error) {
		fprintf(stderr,
			"fork-snapshot: the child of snapshot %" PRIu64 " died (wait status %#x)\n",
			number, status);
		good = false;
	}
	close(in[1]);
	close(out[0]);
	if (good)
		print_snapshot(s, number, fork_ns, &seen, &before,
			       memory_vmstat("thp_split_pmd") - split_before);
	return good ? 0 : 1;
}

static void print_sums(const struct store *s)
{
	double n = (double)s->o->snapshots;

	printf("fork_time_per_gb %.4f\n",
	       (double)s->fork_ns / n / 1e6 / ((double)s->o->dataset / (1u << 30)));
	printf("snapshot_private_dirty %.1f\n", (double)s->dirty_kib / n);
	printf("snapshot_pages_written %.1f\n", (double)s->pages_written / n);
	printf("snapshot_regions_written %" PRIu64 "\n", s->regions_written);
}

static int run(const struct snapshot_options *o, struct latency *latency)
{
	struct store s = { .o = o,
			   .values = o->dataset / o->value,
			   .latency = latency_task(latency, 0) };
	int status = 0;

	s.map = map_dataset(o->dataset);
	s.keys = malloc(s.values * sizeof(*s.keys));
	s.pages = malloc(o->dataset / PAGE);
	if (!s.map || !s.keys || !s.pages)
		return failed("cannot get the dataset");
	prng_seed(&s.random, o->common.seed, 0);
	populate(&s);
	thin_out(&s);
	if (o->theta > 0)
		zipf_init(&s.zipf, s.live, o->theta);
	for (uint64_t i = 1; i <= o->snapshots && !status; i++) {
		write_phase(&s, CLASS_BEFORE);
		status = snapshot(&s, i);
		if (!status)
			write_phase(&s, CLASS_AFTER);
	}
	if (!status)
		print_sums(&s);
	munmap(s.map, o->dataset);
	free(s.keys);
	free(s.pages);
	return status ? status : s.status;
}

static int check(struct snapshot_options *o)
{
	char *end;

	if (o->value & (o->value - 1))
		return options_error(&program, "--value: a power of two from 64 to 4096");
	if (strcmp(o->rate_text, "max") && number_parse(o->rate_text, 1, 1000000000, &o->rate))
		return options_error(&program, "--rate '%s': writes a second, or max",
				     o->rate_text);
	if (!strcmp(o->dist_text, "uniform"))
		return 0;
	o->theta = 0.99;
	if (!strncmp(o->dist_text, "zipf:", 5)) {
		o->theta = strtod(o->dist_text + 5, &end);
		if (!*end && o->theta > 0 && o->theta < 1)
			return 0;
	}
	if (strcmp(o->dist_text, "zipf"))
		return options_error(&program,
				     "--dist '%s': uniform, zipf or zipf:THETA with 0 < THETA < 1",
				     o->dist_text);
	return 0;
}

int main(int argc, char **argv)
{
	struct snapshot_options o = {
		.common = OPTIONS_COMMON,
		.dataset = 128ul << 20,
		.value = 1024,
		.writes = 20000,
		.snapshots = 3,
		.rate_text = "max",
		.dist_text = "uniform",
	};
	struct latency *latency;
	int first = options_parse(&program, &o, argc, argv), status;

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s' is no option", argv[first]);
	if (first >= 0 && check(&o))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	o.dataset = o.dataset / REGION * REGION;
	status = -latency_open(&latency, o.common.latency, 1, class_names, 6);
	if (status) {
		options_error(&program, "--latency '%s': %s", o.common.latency, strerror(status));
		return 2;
	}
	status = run(&o, latency);
	if (latency_close(latency) && !status)
		status = failed(o.common.latency);
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
