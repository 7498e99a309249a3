/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_RUN_H
#define FL_RUN_RUN_H

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/experiment/experiment.h"
#include "harness/guest/accel.h"

#define FL_RUN_NAME_MAX 128

/* How much is printed during a run. */
enum fl_loudness {
	FL_SAY_EVENTS, /* failures, each reason of skipped points, and progress */
	FL_SAY_POINTS, /* -v: a line a point, too */
	FL_SAY_END,    /* -q: nothing */
};

/* Options of the command line; zero-initialise, clock = -1. */
struct fl_run_options {
	const char *experiment;
	struct fl_strv settings, workloads, kernels; /* overrides, as given */
	unsigned int repeat;                         /* 0: the file's */
	int clock;                                   /* -1: the file's, else enum fl_clock */
	enum fl_accel accel;
	unsigned int cpus; /* of the guest; 0: the file's */
	bool parallel;     /* they run at once */
	struct fl_strv stalls;
	struct fl_strv entries; /* functions that the profile follows besides the file's; lists */
	bool host, dry_run, quick;
	unsigned int jobs; /* 0: as many as memory and cores hold */
	uint64_t seed;
	bool seed_given;
	enum fl_loudness loudness;
	/* With resume: */
	int64_t run; /* of the store; 0: a new run */
	const char *run_name;
};

/* Its result. */
struct fl_run_result {
	char name[FL_RUN_NAME_MAX];
	unsigned int bad; /* points neither ok nor skipped */
	bool interrupted;
};

/* Checks that it could be run: the options are valid and the kernels exist.  0, or -1 with err. */
int fl_run_check(const struct fl_run_options *o, struct fl_error *err);

/* Runs an experiment into the store, progress on stderr.  0, or -1 with err. */
int fl_run(const struct fl_run_options *o, struct fl_run_result *result, struct fl_error *err);

#endif
