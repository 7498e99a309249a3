/* SPDX-License-Identifier: GPL-2.0 */
/* What the agent's frames make of a point. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/run/material.h"

static struct fl_material m;
static struct fl_result r;
static char dir[64];

static void begin(void)
{
	fl_material_open(&m);
	memset(&r, 0, sizeof(r));
	strcpy(dir, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(dir));
}

static void frame(enum fl_frame_type type, const char *name, uint64_t time_ns, const char *text)
{
	struct fl_frame f = { .type = type, .time_ns = time_ns, .text = text, .len = strlen(text) };

	snprintf(f.name, sizeof(f.name), "%s", name);
	fl_material_frame(&m, &f);
}

static int finish(struct fl_error *err)
{
	static const char *const files[] = { "stdout", "stderr", "latency", "trace" };
	int bad = fl_material_close(&m, dir, "w", &r, err);

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		cleanup_free char *path = fl_asprintf("%s/%s", dir, files[i]);

		unlink(path);
	}
	rmdir(dir);
	return bad;
}

static double value(const char *name)
{
	for (size_t i = 0; i < r.n_values; i++)
		if (!strcmp(r.values[i].name, name))
			return r.values[i].value;
	return NAN;
}

static void started_and_exited(const char *status, const char *exit)
{
	frame(FL_STARTED, "", 1000, "pid 10");
	frame(FL_TEXT, "/proc/10/status", 1500, status);
	frame(FL_TICK, "", 1600, "index 1 cost_ns 5 cause exit");
	frame(FL_EXIT, "", 2000, exit);
}

#define EXIT                                                                               \
	"exited 0\nmaxrss_kib 6000 user_us 1 system_us 1 minflt 5 majflt 0 began_ns 1000 " \
	"ended_ns 2000"

/* A child that is waited for is in ru_maxrss, one that is killed later was seen by its VmHWM. */
Test(material, the_peak_of_rss_is_the_kernels_maximum, .init = begin)
{
	struct fl_error err = { 0 };

	frame(FL_TEXT, "/proc/11/status", 900, "VmHWM:\t    7000 kB\nVmRSS:\t 100 kB\n");
	frame(FL_TEXT, "/proc/11/smaps_rollup", 900, "VmHWM:\t    9500 kB\n");
	started_and_exited("VmHWM:\t    5000 kB\n", EXIT);
	frame(FL_TEXT, "/proc/12/status", 2500, "VmHWM:\t    9000 kB\n");
	cr_expect_eq(finish(&err), 0, "%s", err.text);
	cr_expect_eq(value("guest_rss_peak"), 7000);
	fl_result_release(&r);
}

Test(material, waited_for_children_count, .init = begin)
{
	struct fl_error err = { 0 };

	started_and_exited("VmHWM:\t    5000 kB\n", EXIT);
	cr_expect_eq(finish(&err), 0, "%s", err.text);
	cr_expect_eq(value("guest_rss_peak"), 6000);
	fl_result_release(&r);
}

/* Programs of steps are in the same control group. */
Test(material, a_program_beside_has_no_part_in_it, .init = begin)
{
	struct fl_error err = { 0 };

	frame(FL_STARTED, "again", 900, "pid 30");
	frame(FL_TEXT, "/proc/30/status", 950, "VmHWM:\t    9000 kB\n");
	frame(FL_TEXT, "/proc/31/status", 950, "NSsid:\t30\nVmHWM:\t    9000 kB\n");
	started_and_exited("NSsid:\t10\nVmHWM:\t    6500 kB\n", EXIT);
	cr_expect_eq(finish(&err), 0, "%s", err.text);
	cr_expect_eq(value("guest_rss_peak"), 6500);
	fl_result_release(&r);
}

/* Nothing is kept of it, and it is the point's fault, not the run's. */
Test(material, a_latency_file_that_is_cut, .init = begin)
{
	struct fl_error err = { 0 };

	started_and_exited("VmHWM:\t    5000 kB\n", EXIT);
	frame(FL_LATENCY, "", 2100,
	      "faultline-latency 1\nclock x hz 1000000000\n"
	      "class base count 2 sum_ns 30 min_ns 10 max_ns 20\nbucket 10 11 1\nbucket 20");
	cr_expect_eq(finish(&err), 1);
	cr_expect(strstr(err.text, "/latency:5: not a latency file"), "%s", err.text);
	cr_expect_eq(r.n_classes, 0);
	cr_expect_eq(r.n_buckets, 0);
	cr_expect_eq(value("workload_time"), 1000);
	fl_result_release(&r);
}

/* A guest that takes samples without end fills neither our memory nor the store. */
Test(material, samples_are_bounded)
{
	struct fl_error err = { 0 };

	begin();
	frame(FL_STARTED, "", 1000, "pid 10");
	for (unsigned int i = 0; i <= FL_TICKS_MAX; i++) {
		frame(FL_TEXT, "/proc/meminfo", 2000 + i, "MemFree: 1 kB\n");
		frame(FL_TICK, "", 2000 + i, "index 1 cost_ns 5 cause timer");
	}
	cr_expect_eq(finish(&err), 1);
	cr_expect_str_eq(err.text,
			 "more than 2097152 values of samples came; the rest is left out");
	cr_expect_eq(r.n_ticks, FL_TICKS_MAX);
	fl_result_release(&r);
}
