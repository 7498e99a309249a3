/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many sparse children fit?  One after another is forked, maps a chunk and
 * touches a few pages of each huge-page-sized region, until one cannot get its
 * memory.  That one is the result, not an error; none is left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
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

#include "lib/density_model.h"
#include "lib/latency.h"
#include "lib/options.h"
#include "lib/seed.h"
#include "lib/size.h"

#define PAGE 4096ul
#define REGION (2ul << 20)
#define CHILDREN_MAX 4096

struct density_options {
	struct options_common common;
	const char *chunk_text, *touch_text, *fail;
	uint64_t max, hold_ms, timeout_ms;
	bool huge;
	uint64_t chunk;
	struct density_touch touch;
};

#define AT(field) offsetof(struct density_options, field)

static const struct option_spec specs[] = {
	{ "chunk", 0, "SIZE|ram/N", "what each child maps (default ram/16)", OPTION_TEXT,
	  AT(chunk_text), 0, 0 },
	{ "fail", 0, "oom|populate|mmap",
	  "what counts as a child's failure (default oom: any of its death, an mmap error)",
	  OPTION_TEXT, AT(fail), 0, 0 },
	{ "hold", 0, "MS", "stay so long after the last child", OPTION_NUMBER, AT(hold_ms), 0,
	  86400000 },
	{ "huge", 0, NULL, "madvise(MADV_HUGEPAGE) the chunk", OPTION_FLAG, AT(huge), 0, 0 },
	{ "max", 0, "N", "children at most (default 4096)", OPTION_NUMBER, AT(max), 1,
	  CHILDREN_MAX },
	{ "timeout", 0, "MS", "a child that is not done by then has failed (default 60000)",
	  OPTION_NUMBER, AT(timeout_ms), 1, 86400000 },
	{ "touch", 0, "one|random[:MAX[:FRACTION]]",
	  "pages of each region: one, or up to MAX in a FRACTION of the regions", OPTION_TEXT,
	  AT(touch_text), 0, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "fork-density",
	.synopsis = "[OPTIONS]",
	.summary = "Fork children that each touch a chunk sparsely, until one fails.",
	.notes = "Prints \"key value\" lines: children_until_failure (the number of the child that "
		 "failed, or\n"
		 "none), failure, touched_pages, rss_sum_kib, available_drop_kib, and the model: a "
		 "child costs\n"
		 "its regions with huge pages, its touched pages and their page tables with base "
		 "pages.\n"
		 "--fail populate touches with MADV_POPULATE_WRITE, which fails instead of being "
		 "killed.\n",
	.options = specs,
};

struct child {
	pid_t pid;
	int ready; /* a byte and the number of touched pages come through it */
};

struct report {
	int error; /* errno, 0: good */
	uint64_t touched;
};

static uint64_t meminfo_kib(const char *key)
{
	FILE *f = fopen("/proc/meminfo", "re");
	char line[128];
	uint64_t kib = 0;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)) &&
		    sscanf(line + strlen(key), ": %" SCNu64, &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

static int write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	int bad = !f || fputs(text, f) < 0;

	if (f)
		bad |= fclose(f) != 0;
	return bad ? -errno : 0;
}

static int touch_page(const struct density_options *o, char *page, bool first,
		      struct latency_task *latency)
{
	if (!strcmp(o->fail, "populate"))
		return madvise(page, PAGE, MADV_POPULATE_WRITE) ? errno : 0;
	if (latency)
		latency_touch(latency, first ? LATENCY_REGION : LATENCY_BASE, (unsigned char *)page,
			      1);
	else
		*(volatile char *)page = 1;
	return 0;
}

static int touch_region(const struct density_options *o, char *region, struct prng *random,
			struct latency_task *latency, uint64_t *touched)
{
	uint16_t order[REGION / PAGE];
	unsigned int n = density_pages(&o->touch, random, order);

	for (unsigned int i = 0; i < n; i++) {
		int error = touch_page(o, region + order[i] * PAGE, i == 0, latency);

		if (error)
			return error;
	}
	*touched += n;
	return 0;
}

/* Aligned, so that every region can be a huge page. */
static char *map_chunk(const struct density_options *o)
{
	char *p = mmap(NULL, o->chunk + REGION, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *start;

	if (p == MAP_FAILED)
		return NULL;
	start = (char *)(((uintptr_t)p + REGION - 1) & ~(REGION - 1));
	if (start > p)
		munmap(p, (size_t)(start - p));
	munmap(start + o->chunk, (size_t)(p + REGION - start));
	if (o->huge)
		madvise(start, o->chunk, MADV_HUGEPAGE);
	return start;
}

static void run_child(const struct density_options *o, unsigned int number, int out,
		      struct latency_task *latency)
{
	struct report r = { 0 };
	struct prng random;
	char *chunk;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	write_file("/proc/self/oom_score_adj", "1000");
	prng_seed(&random, o->common.seed, number);
	chunk = map_chunk(o);
	if (!chunk)
		r.error = errno;
	for (uint64_t at = 0; !r.error && at < o->chunk; at += REGION)
		r.error = touch_region(o, chunk + at, &random, latency, &r.touched);
	if (write(out, &r, sizeof(r)) != sizeof(r))
		_exit(1);
	for (;;)
		pause();
}

static int start_child(const struct density_options *o, unsigned int number, struct child *child,
		       struct latency *latency)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	child->pid = fork();
	if (child->pid < 0) {
		int error = -errno;

		close(pipes[0]);
		close(pipes[1]);
		return error;
	}
	if (!child->pid)
		run_child(o, number, pipes[1], latency_task(latency, 0));
	close(pipes[1]);
	child->ready = pipes[0];
	return 0;
}

/* Waits for the newest child; why it failed goes to failure, "" when it did not. */
static void await_child(const struct density_options *o, const struct child *child,
			struct report *r, char *failure, size_t len)
{
	struct pollfd p = { child->ready, POLLIN, 0 };
	int status;

	failure[0] = '\0';
	memset(r, 0, sizeof(*r));
	if (poll(&p, 1, (int)o->timeout_ms) <= 0) {
		snprintf(failure, len, "timeout");
		return;
	}
	if (read(child->ready, r, sizeof(*r)) == sizeof(*r)) {
		if (r->error)
			snprintf(failure, len, "%s-%s",
				 strcmp(o->fail, "populate") ? "mmap" : "populate",
				 strerrorname_np(r->error));
		return;
	}
	if (waitpid(child->pid, &status, 0) == child->pid && WIFSIGNALED(status))
		snprintf(failure, len, WTERMSIG(status) == SIGKILL ? "oom-kill" : "signal-%d",
			 WTERMSIG(status));
	else
		snprintf(failure, len, "exit");
}

/* An earlier child may be the one that the OOM killer took. */
static bool earlier_died(struct child *children, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (children[i].pid > 0 &&
		    waitpid(children[i].pid, NULL, WNOHANG) == children[i].pid)
			return true;
	return false;
}

static uint64_t rss_kib(pid_t pid)
{
	char path[64];
	unsigned long size, resident = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "re");
	if (f && fscanf(f, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * (PAGE / 1024);
}

static void end_children(const struct child *children, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		kill(children[i].pid, SIGKILL);
	for (unsigned int i = 0; i < n; i++)
		waitpid(children[i].pid, NULL, 0);
}

static void print_model(const struct density_options *o, uint64_t available_kib)
{
	double base = density_cost_base(&o->touch, o->chunk);
	double thp = density_cost_huge(&o->touch, o->chunk);

	printf("chunk_kib %" PRIu64 "\navailable_kib %" PRIu64 "\n", o->chunk / 1024,
	       available_kib);
	printf("model_base_bytes_per_child %.0f\nmodel_thp_bytes_per_child %.0f\n", base, thp);
	printf("model_children_base %.0f\nmodel_children_thp %.0f\n",
	       (double)available_kib * 1024 / base, (double)available_kib * 1024 / thp);
}

struct outcome {
	unsigned int started, ok;
	uint64_t touched, rss_kib, available_kib;
	char failure[64];
};

static void breed(const struct density_options *o, struct child *children, struct outcome *out,
		  struct latency *latency)
{
	uint64_t before = meminfo_kib("MemAvailable");

	while (out->started < o->max && !out->failure[0]) {
		struct child *child = &children[out->started];
		struct report r;
		int error = start_child(o, out->started, child, latency);

		if (error) {
			snprintf(out->failure, sizeof(out->failure), "fork-%s",
				 strerrorname_np(-error));
			return;
		}
		out->started++;
		await_child(o, child, &r, out->failure, sizeof(out->failure));
		close(child->ready);
		if (!out->failure[0] && earlier_died(children, out->started))
			snprintf(out->failure, sizeof(out->failure), "oom-kill");
		if (out->failure[0])
			return;
		out->ok = out->started;
		out->touched += r.touched;
		out->rss_kib += rss_kib(child->pid);
		out->available_kib = before - meminfo_kib("MemAvailable");
	}
}

static int run(const struct density_options *o, struct latency *latency)
{
	struct child *children = calloc(o->max, sizeof(*children));
	struct outcome out = { 0 };
	struct timespec hold = { (time_t)(o->hold_ms / 1000), (long)(o->hold_ms % 1000) * 1000000 };

	if (!children)
		return 1;
	if (write_file("/proc/self/oom_score_adj", "-1000") && !strcmp(o->fail, "oom"))
		fprintf(stderr, "fork-density: not protected from the OOM killer (needs root)\n");
	print_model(o, meminfo_kib("MemAvailable"));
	fflush(stdout);
	breed(o, children, &out, latency);
	nanosleep(&hold, NULL);
	end_children(children, out.started);
	free(children);
	printf("criterion %s\ntouched_pages %" PRIu64 "\nrss_sum_kib %" PRIu64 "\n", o->fail,
	       out.touched, out.rss_kib);
	printf("available_drop_kib %" PRIu64 "\nchildren_ok %u\n", out.available_kib, out.ok);
	if (out.ok)
		printf("child_memory_kib %.1f\n", (double)out.available_kib / out.ok);
	if (out.failure[0])
		printf("failure %s\nchildren_until_failure %u\n", out.failure, out.ok + 1);
	else
		printf("failure none\nchildren_until_failure none\n");
	return 0;
}

static int parse_chunk(struct density_options *o)
{
	uint64_t parts;

	if (!strncmp(o->chunk_text, "ram/", 4)) {
		if (number_parse(o->chunk_text + 4, 1, 1024, &parts))
			return -EINVAL;
		o->chunk = meminfo_kib("MemTotal") * 1024 / parts;
		/* The kernel keeps some of a guest's memory: 1 GiB is a little less. */
		o->chunk = (o->chunk + REGION - 1) / REGION * REGION;
	} else if (size_parse(o->chunk_text, &o->chunk)) {
		return -EINVAL;
	}
	o->chunk = o->chunk / REGION * REGION;
	return o->chunk ? 0 : -EINVAL;
}

static int check(struct density_options *o)
{
	if (parse_chunk(o))
		return options_error(&program, "--chunk '%s': a size of 2m and more, or ram/16",
				     o->chunk_text);
	if (density_touch_parse(o->touch_text, &o->touch))
		return options_error(&program,
				     "--touch '%s': one, or random[:MAX 1..512[:FRACTION 0..1]]",
				     o->touch_text);
	if (strcmp(o->fail, "oom") && strcmp(o->fail, "populate") && strcmp(o->fail, "mmap"))
		return options_error(&program, "--fail '%s': oom, populate or mmap", o->fail);
	return 0;
}

int main(int argc, char **argv)
{
	struct density_options o = {
		.common = OPTIONS_COMMON,
		.chunk_text = "ram/16",
		.touch_text = "one",
		.fail = "oom",
		.max = CHILDREN_MAX,
		.timeout_ms = 60000,
	};
	struct latency *latency;
	int first = options_parse(&program, &o, argc, argv), status;

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s' is no option", argv[first]);
	if (first >= 0 && check(&o))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	status = -latency_open(&latency, o.common.latency, 1, NULL, 0);
	if (status) {
		options_error(&program, "--latency '%s': %s", o.common.latency, strerror(status));
		return 2;
	}
	status = run(&o, latency);
	if (latency_close(latency)) {
		fprintf(stderr, "fork-density: %s: cannot be written\n", o.common.latency);
		status = 1;
	}
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
