/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_POINT_H
#define FL_RUN_POINT_H

#include <stdatomic.h>

#include "harness/collect/collect.h"
#include "harness/collect/profile.h"
#include "harness/experiment/plan.h"
#include "harness/guest/accel.h"

/* What a point came to. */
enum fl_status {
	FL_OK,
	FL_STATUS_FAILED,
	FL_CORRUPT,
	FL_OOM,
	FL_PANIC,
	FL_HANG,
	FL_LOST,
	FL_SKIPPED,
	FL_INTERRUPTED, /* never stored */
};
extern const char *const fl_status_names[];

#define FL_EXIT_CORRUPT 4 /* of a workload that found wrong data */

struct fl_outcome {
	enum fl_status status;
	char reason[512];
	char kernel_release[96];
	double wall_s, clock_error_ns;
	bool restored; /* started from a template, not booted */
	bool began;    /* its workload did */
	char *command; /* owned */
	struct fl_result result;
	struct fl_profile profile; /* of the fault path; n is 0 where there is none */
};

struct fl_host_settings;

struct fl_point_config {
	const struct fl_experiment *experiment;
	const struct fl_point *point;
	enum fl_accel accel;
	enum fl_timebase timebase;
	uint64_t seed; /* of the run */
	const char *kernel_path, *image;
	const char *dir; /* results/RUN/point-0001: console.log, stream, stdout, latency */
	int cpu_first;
	const atomic_int *interrupted; /* set by the signal handler's reader */
	/* Settings of this machine: the run's hold of it; NULL: a point begins and ends its own */
	struct fl_host_settings *host;
};

/*
 * Runs one point in a fresh guest, start to end; always fills *o (the outcome of
 * a bad guest is a status, not an error).  -1 only when the harness or the
 * machine is at fault (disk full, no QEMU).  Called from a job's thread.
 */
int fl_point_run(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err);
/* ... with this machine as it is (search.c): its settings of the host are the caller's. */
/* ... with a guest that is booted again where it was lost before its workload began (boots.c). */
int fl_point_run_booted(struct fl_outcome *o, const struct fl_point_config *c,
			struct fl_error *err);
int fl_point_run_here(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err);
/* ... one guest of it (point.c): a point that searches a size runs several. */
int fl_point_run_once(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err);
/* What the point came to, and why, in one line.  Returns 1. */
int fl_outcome_decide(struct fl_outcome *o, enum fl_status status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
struct fl_console;
/*
 * What a guest's console says decides before its workload does: a panic, an oops
 * or its like, a hang.  whose: "", or which of several guests.  false: nothing of it.
 */
bool fl_outcome_console(struct fl_outcome *o, const struct fl_console *c, const char *whose);
/* The point is over already: the console may know better why. */
void fl_outcome_explain(struct fl_outcome *o, const struct fl_console *c, const char *whose);
/* More about what it came to. */
void fl_outcome_note(struct fl_outcome *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A point that ended well and left what is no good is a failed one. */
void fl_outcome_spoil(struct fl_outcome *o, const char *why);
/*
 * Of what was closed after a point: bad > 0, its own say is no good and spoils it; -1, the machine
 * is at fault, *why becomes *err.  0 or -1.
 */
int fl_outcome_take_bad(struct fl_outcome *o, int bad, const struct fl_error *why,
			struct fl_error *err);
void fl_outcome_release(struct fl_outcome *o);

/* The same on the machine itself (--target host): settings applied, and put back after it. */
int fl_point_run_host(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err);

/* Before a run there: is every program that it names on this machine?  0 or -1 (FL_USAGE). */
int fl_point_check_host(const struct fl_experiment *e, struct fl_error *err);

#endif
