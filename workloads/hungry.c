/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory is full: of page cache in use, and of a process that touched a few pages of each of its
 * huge-page-sized ranges.  Then a hungry process allocates.  It gets its memory if reserved, unused
 * pages are given back.  Measured are its time and what is evicted.
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
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/aligned.h"
#include "lib/death.h"
#include "lib/held.h"
#include "lib/latency.h"
#include "lib/memcg.h"
#include "lib/memory_of.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/ramdisk.h"
#include "lib/timed.h"

#define EXIT_CORRUPT 4
#define REGION_PAGES (ALIGNED_REGION / ALIGNED_PAGE)
#define MARK 0x5a

struct hungry_options {
	struct options_common common;
	const char *dir;
	uint64_t file, hungry, limit, sparse, touch;
};

#define AT(field) offsetof(struct hungry_options, field)

static const struct option_spec specs[] = {
	{ "dir", 0, "DIR", "make the file there (default: an ext2 made on /dev/ram0)", OPTION_TEXT,
	  AT(dir), 0, 0 },
	{ "file", 0, "SIZE", "the file in the page cache (default 192m)", OPTION_SIZE, AT(file),
	  ALIGNED_REGION, 0 },
	{ "hungry", 0, "SIZE", "what the hungry process takes; 0: there is none (default 400m)",
	  OPTION_SIZE, AT(hungry), 0, 0 },
	{ "limit", 0, "SIZE", "all in a memory cgroup with this limit (default: none)", OPTION_SIZE,
	  AT(limit), ALIGNED_REGION, 0 },
	{ "sparse", 0, "SIZE", "what the sparse process maps (default 400m)", OPTION_SIZE,
	  AT(sparse), ALIGNED_REGION, 0 },
	{ "touch", 0, "N", "pages that it touches in each 2 MiB (default 4)", OPTION_NUMBER,
	  AT(touch), 1, REGION_PAGES },
	{ 0 },
};

static const struct program program = {
	.name = "hungry",
	.synopsis = "[OPTIONS]",
	.summary = "Fill memory with page cache and sparse ranges, then allocate more.",
	.notes = "A file that is all hole is read twice; a process touches a few pages of each "
		 "range; a hungry\n"
		 "process touches all of its memory, page by page, timed (--latency).  Then the "
		 "file's pages in the\n"
		 "page cache are counted, it is read again, and the sparse process looks whether "
		 "its pages are right.\n"
		 "Prints \"key value\" lines: hungry_time (ns), hungry_failed (processes without "
		 "their memory),\n"
		 "failure, cache_kept (% of the file's pages that were cached), cache_evicted, "
		 "cache_refaults,\n"
		 "reserved_before_hunger, released_by_hunger (pages), hungry_reclaims, "
		 "hungry_kswapd_runs, sparse_rss.\n"
		 "A process that is killed for want of memory is a result.  Exit status 1 when "
		 "something else failed,\n"
		 "4 when a byte was wrong.\n",
	.options = specs,
};

/* A child that says when it is ready, and goes on when it is told to. */
struct child {
	pid_t pid;
	int ready, go;
};

struct counters {
	uint64_t reserved, stalls, kswapd, refaults;
};

struct outcome {
	struct death_kills kills;
	struct counters before, after;
	long cached_before, cached_after;
	uint64_t time_ns, refaults, sparse_rss_kib;
	unsigned int failed;
	bool corrupt, other;
	char failure[64];
};

static struct counters count(void)
{
	FILE *refresh = fopen("/proc/sys/vm/stat_refresh", "we");

	if (refresh) {
		fputs("1", refresh);
		fclose(refresh);
	}
	return (struct counters){
		.reserved = memory_vmstat("nr_thp_reserved"),
		.stalls = memory_vmstat("allocstall_dma32") + memory_vmstat("allocstall_normal") +
			  memory_vmstat("allocstall_movable"),
		.kswapd = memory_vmstat("pageoutrun"),
		.refaults = memory_vmstat("workingset_refault_file"),
	};
}

/* The pages of a region that the sparse process touches, evenly. */
static unsigned char *sparse_page(const struct hungry_options *o, unsigned char *start,
				  uint64_t region, uint64_t i)
{
	return start + region * ALIGNED_REGION + i * REGION_PAGES / o->touch * ALIGNED_PAGE;
}

/* Its first byte, and nothing else. */
static bool page_right(const unsigned char *page)
{
	const uint64_t *word = (const uint64_t *)(const void *)page;
	uint64_t rest = word[0] ^ MARK; /* little endian, as all that we boot */

	for (size_t i = 1; i < ALIGNED_PAGE / sizeof(*word); i++)
		rest |= word[i];
	return !rest;
}

/* Touches; tells; waits; looks. */
static int be_sparse(const struct hungry_options *o, int ready, int go)
{
	uint64_t regions = o->sparse / ALIGNED_REGION;
	unsigned char *start = aligned_map(o->sparse, "sparse");
	char byte = 0;

	if (!start)
		return 1;
	for (uint64_t r = 0; r < regions; r++)
		for (uint64_t i = 0; i < o->touch; i++)
			*(volatile unsigned char *)sparse_page(o, start, r, i) = MARK;
	if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) < 0)
		return 1;
	for (uint64_t r = 0; r < regions; r++)
		for (uint64_t i = 0; i < o->touch; i++)
			if (!page_right(sparse_page(o, start, r, i)))
				return EXIT_CORRUPT;
	return 0;
}

static void eat(unsigned char *start, uint64_t bytes, struct latency_task *latency)
{
	for (uint64_t at = 0; at < bytes; at += ALIGNED_PAGE)
		if (latency)
			latency_touch(latency, at % ALIGNED_REGION ? LATENCY_BASE : LATENCY_REGION,
				      start + at, MARK);
		else
			*(volatile unsigned char *)(start + at) = MARK;
	latency_settle(latency);
}

static int be_hungry(const struct hungry_options *o, struct latency_task *latency, int ready,
		     int go)
{
	unsigned char *start = aligned_map(o->hungry, "hungry");
	uint64_t time = pace_now_ns();

	if (!start)
		return 1;
	eat(start, o->hungry, latency);
	time = pace_now_ns() - time;
	if (write(ready, &time, sizeof(time)) != sizeof(time) || read(go, &time, 1) < 0)
		return 1;
	for (uint64_t at = 0; at < o->hungry; at += ALIGNED_PAGE)
		if (!page_right(start + at))
			return EXIT_CORRUPT;
	return 0;
}

/* latency NULL and hungry false: the sparse one. */
static int start_child(const struct hungry_options *o, bool hungry, struct latency *rec,
		       struct child *child)
{
	int ready[2], go[2];

	if (pipe2(ready, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		return -errno;
	child->pid = fork();
	if (!child->pid) {
		close(ready[0]);
		close(go[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		death_oom_score("0");
		_exit(hungry ? be_hungry(o, latency_task(rec, 0), ready[1], go[0])
			     : be_sparse(o, ready[1], go[0]));
	}
	close(ready[1]);
	close(go[0]);
	child->ready = ready[0];
	child->go = go[1];
	return child->pid < 0 ? -errno : 0;
}

/* False: it died before. */
static bool await(const struct child *child, void *report, size_t len)
{
	return read(child->ready, report, len) == (ssize_t)len;
}

/* Lets it go on, and takes its exit. */
static void finish(struct child *child, const char *who, struct outcome *out)
{
	struct death_kills now;
	char how[32];
	int status;

	close(child->go);
	close(child->ready);
	if (waitpid(child->pid, &status, 0) != child->pid || (WIFEXITED(status) && !status))
		return;
	now = death_count();
	out->other |= !death_name(status, &out->kills, &now, how, sizeof(how));
	out->corrupt |= WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CORRUPT;
	out->failed++;
	snprintf(out->failure, sizeof(out->failure), "%s-%s", who, how);
}

/* Both are there while the page cache is counted. */
static int feed(const struct hungry_options *o, struct latency *rec, int fd, struct outcome *out)
{
	struct child hungry;
	int err = start_child(o, true, rec, &hungry);

	if (err)
		return err;
	if (!await(&hungry, &out->time_ns, sizeof(out->time_ns)))
		out->time_ns = 0;
	held_sleep(1000000000); /* kswapd ends what it began */
	out->after = count();
	out->cached_after = ramdisk_cached(fd, o->file);
	finish(&hungry, "hungry", out);
	return 0;
}

static int measure(const struct hungry_options *o, struct latency *rec, int fd, struct outcome *out)
{
	struct memory_of m = { 0 };
	struct child sparse;
	char byte;
	int err = ramdisk_read(fd, o->file);

	if (!err)
		err = ramdisk_read(fd, o->file);
	if (!err)
		err = start_child(o, false, rec, &sparse);
	if (err)
		return err;
	if (await(&sparse, &byte, 1))
		memory_of_process(sparse.pid, &m);
	out->sparse_rss_kib = m.rss_kib;
	out->cached_before = ramdisk_cached(fd, o->file);
	out->before = count();
	if (o->hungry) {
		err = feed(o, rec, fd, out);
	} else {
		held_sleep(1000000000); /* time for anything that runs in the background */
		out->after = count();
		out->cached_after = ramdisk_cached(fd, o->file);
	}
	finish(&sparse, "sparse", out);
	if (!err)
		err = ramdisk_read(fd, o->file);
	out->refaults = count().refaults - out->before.refaults;
	return err;
}

static void print(const struct hungry_options *o, const struct outcome *out)
{
	uint64_t before = out->before.reserved, after = out->after.reserved;

	if (out->time_ns)
		printf("hungry_time %" PRIu64 "\n", out->time_ns);
	printf("hungry_failed %u\nfailure %s\n", out->failed,
	       out->failure[0] ? out->failure : "none");
	printf("cache_kept %.2f\ncache_evicted %ld\ncache_refaults %" PRIu64 "\n",
	       100.0 * (double)out->cached_after / (double)(o->file / ALIGNED_PAGE),
	       out->cached_before - out->cached_after, out->refaults);
	printf("reserved_before_hunger %" PRIu64 "\nreleased_by_hunger %" PRIu64 "\n", before,
	       before > after ? before - after : 0);
	printf("hungry_reclaims %" PRIu64 "\nhungry_kswapd_runs %" PRIu64 "\n",
	       out->after.stalls - out->before.stalls, out->after.kswapd - out->before.kswapd);
	printf("sparse_rss %" PRIu64 "\n", out->sparse_rss_kib);
}

static int run(const void *options, struct latency *rec)
{
	const struct hungry_options *o = options;
	struct outcome out = { .kills = death_count() };
	struct memcg_group group;
	int fd = ramdisk_file(o->dir, o->file), err = fd < 0 ? fd : 0;

	if (err) {
		fprintf(stderr, "hungry: no file in %s: %s; --dir names a place\n",
			o->dir ? o->dir : "an ext2 on /dev/ram0", strerror(-err));
		return 1;
	}
	death_oom_score("-1000");
	if (o->limit) {
		err = memcg_new(&group, o->limit, UINT64_MAX);
		err = err ? err : memcg_join(&group);
	}
	if (!err)
		err = measure(o, rec, fd, &out);
	if (o->limit) {
		memcg_leave();
		memcg_free(&group);
	}
	close(fd);
	if (err)
		fprintf(stderr, "hungry: %s\n", strerror(-err));
	else
		print(o, &out);
	return out.corrupt ? EXIT_CORRUPT : err || out.other;
}

int main(int argc, char **argv)
{
	struct hungry_options o = {
		.common = OPTIONS_COMMON,
		.file = (uint64_t)192 << 20,
		.hungry = (uint64_t)400 << 20,
		.sparse = (uint64_t)400 << 20,
		.touch = 4,
	};
	int first = options_parse(&program, &o, argc, argv);

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s' is no option", argv[first]);
	if (first < 0)
		return options_status(first);
	o.sparse = o.sparse / ALIGNED_REGION * ALIGNED_REGION;
	o.file = o.file / ALIGNED_REGION * ALIGNED_REGION;
	return timed_run(&program, &o, 1, run);
}
