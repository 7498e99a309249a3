/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TESTS_STORE_FIXTURE_H
#define FL_TESTS_STORE_FIXTURE_H

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/store/store.h"

/*
 * A results folder of its own for one test.  Criterion runs each test in a process, so that
 * fl_results(), which is asked once, sees it.  What is in the store is test data, not measured.
 */
static char fixture_folder[64];

static inline int fixture_remove(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline void fixture_make(void)
{
	strcpy(fixture_folder, "/tmp/faultline-results-XXXXXX");
	cr_assert(mkdtemp(fixture_folder));
	setenv("FAULTLINE_RESULTS", fixture_folder, 1);
}

static inline void fixture_drop(void)
{
	nftw(fixture_folder, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct fl_store *fixture_open(bool readonly)
{
	struct fl_error err = { 0 };
	struct fl_store *s = NULL;

	cr_assert(!fl_store_open(&s, readonly, &err), "%s", err.text);
	return s;
}

/* A run of that name's experiment; returns its id. */
static inline int64_t fixture_run(struct fl_store *s, const char *name, const char *experiment)
{
	struct fl_run_info r = {
		.name = name,
		.experiment = experiment,
		.about = "what <a> threshold costs & saves",
		.verdict = "test data",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = "[experiment]\nname = a<b\n",
		.arguments = "run t -s 'a=1,2'",
		.machine_json = "{\"cpu\":\"TEST DATA_{x}^2\",\"threads\":2,\"memory_kib\":1048576,"
				"\"kernel\":\"6.1\",\"qemu\":\"7.2\",\"accelerator\":\"tcg\"}",
		.clock = "real",
		.timebase = "tcg",
		.seed = 42,
		.points = 8,
	};
	struct fl_error err = { 0 };
	char taken[128];
	int64_t id;

	cr_assert(!fl_store_create_run(s, &r, &id, taken, &err), "%s", err.text);
	return id;
}

static inline struct fl_point_record fixture_point(unsigned int number, const char *status,
						   const char *reason,
						   const struct fl_point_setting *settings,
						   size_t n)
{
	return (struct fl_point_record){
		.number = number,
		.repeat = 1,
		.status = status,
		.reason = reason,
		.kernel = "stock",
		.kernel_release = "6.12.95",
		.workload_name = "usemem",
		.workload = "usemem \"256m\", once",
		.settings = settings,
		.n_settings = n,
		.created = "2026-11-20T20:15:01Z",
		.wall_s = 1.5,
		.clock_error_ns = 32000,
		.timebase = FL_TIME_TCG,
		.command = "qemu-system-x86_64 -M microvm",
	};
}

#endif
