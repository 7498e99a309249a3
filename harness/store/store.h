/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STORE_STORE_H
#define FL_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/build.h"
#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/collect/collect.h"
#include "harness/collect/profile.h"
#include "harness/experiment/plan.h"

/*
 * results/faultline.db, SQLite in WAL mode; the schema is store/schema.sql (commented, the document
 * of the format).  A point is committed whole, in one transaction, or not at all.  Nothing
 * downstream of here knows about QEMU.  One handle is used by one thread.
 */
struct fl_store;

/* Creates the file and its folder when missing (not with readonly).  FL_MACHINE: read-only or full.
 */
int fl_store_open(struct fl_store **s, bool readonly, struct fl_error *err);
void fl_store_close(struct fl_store *s);

/* A run as it is created.  Strings borrowed. */
struct fl_run_info {
	const char *name; /* unique: EXPERIMENT-YYYYMMDD-HHMMSS[-N] */
	const char *experiment, *about, *verdict;
	const char *created;         /* 2026-11-20T20:15:00Z */
	const char *experiment_text; /* the INI as read */
	const char *arguments;    /* the command line that repeats it but for the seed, quoted for a
				     shell */
	const char *machine_json; /* cpu, topology, memory, kernel, qemu, accelerator */
	const char *clock;        /* real | instructions */
	const char *timebase;     /* hardware | tcg | insn | tcg-multi */
	uint64_t seed;
	unsigned int points; /* planned */
	const struct fl_strv *roles,
		*role_kernels; /* in parallel, "": filled by no kernel; or NULL */
};

/* Writes id and, when the name is taken, a suffix into name_out[128]. */
int fl_store_create_run(struct fl_store *s, const struct fl_run_info *r, int64_t *id,
			char name_out[128], struct fl_error *err);
int fl_store_finish_run(struct fl_store *s, int64_t id,
			const char *state /* done|interrupted|failed */, struct fl_error *err);

struct fl_point_record {
	unsigned int number, repeat;
	const char *status; /* ok failed corrupt oom panic hang lost skipped */
	const char *reason; /* one line, or NULL */
	const char *kernel;
	const char *kernel_release;           /* uname -r of the guest, or NULL */
	const char *workload_name, *workload; /* section, command */
	const struct fl_point_setting *settings;
	size_t n_settings;
	const char *created;
	double wall_s;                    /* of the whole point, by the harness's clock */
	double clock_error_ns;            /* bound of the guest/host clock mapping */
	enum fl_timebase timebase;        /* of its metrics' units */
	const char *command;              /* QEMU's command line, or NULL */
	const char *start;                /* boot | restore; NULL: boot */
	const struct fl_profile *profile; /* or NULL */
	const struct fl_build *build;     /* sealed; NULL: unknown */
	const struct fl_image_facts *image;
	const char *qemu;
};

/* The verdict on a nightly run: first, good, regressed. */
int fl_store_set_gate(struct fl_store *s, int64_t id, const char *gate, struct fl_error *err);

int fl_store_put_point(struct fl_store *s, int64_t run, const struct fl_point_record *p,
		       const struct fl_result *r, struct fl_error *err);

/* Numbers of the points already in the store: done[number] = true.  For --resume. */
int fl_store_done(struct fl_store *s, int64_t run, bool *done, unsigned int n,
		  struct fl_error *err);

/*
 * RUN as users write it: a name, a unique prefix, "latest", "latest:EXPERIMENT".  FL_USAGE if none
 * or several match (the sentence lists them).
 */
int fl_store_find_run(struct fl_store *s, const char *text, int64_t *id, struct fl_error *err);

/* --- reading back; every pointer lives until the matching release --- */
struct fl_stored_run {
	int64_t id;
	char *name, *experiment, *about, *verdict, *created, *state, *machine_json, *clock,
		*timebase, *arguments, *experiment_text;
	char *gate;                         /* of a nightly run, or NULL */
	struct fl_strv roles, role_kernels; /* of fl_store_run() alone: those that are filled */
	uint64_t seed;
	unsigned int planned, stored;
};

struct fl_stored_metric {
	char *name, *unit;
	double value;
};

struct fl_stored_point {
	int64_t id;
	unsigned int number, repeat;
	char *status, *reason, *kernel, *kernel_release, *workload_name, *workload, *created,
		*command, *start, *qemu;
	int64_t build, image; /* ids in fl_provenance; 0: unknown */
	double wall_s, clock_error_ns;
	struct fl_axis_value {
		char *name, *value;
	} * settings;
	size_t n_settings;
	struct fl_stored_metric *metrics;
	size_t n_metrics;
};

int fl_store_runs(struct fl_store *s, struct fl_stored_run **runs, size_t *n, struct fl_error *err);
void fl_stored_runs_free(struct fl_stored_run *runs, size_t n);
int fl_store_run(struct fl_store *s, int64_t id, struct fl_stored_run *run, struct fl_error *err);
void fl_stored_run_release(struct fl_stored_run *run);
/* "faultline run fork-density --seed 7": repeats it; malloc'd. */
char *fl_stored_run_command(const struct fl_stored_run *run);
/* All points of a run by number, with settings and metrics. */
int fl_store_points(struct fl_store *s, int64_t run, struct fl_stored_point **points, size_t *n,
		    struct fl_error *err);
void fl_stored_points_free(struct fl_stored_point *points, size_t n);

/* A point of an earlier run; its settings are lines NAME=VALUE, by name. */
struct fl_duration {
	const char *kernel, *workload, *settings;
	double wall_s;
};

/* Calls fn for each point of the experiment's last five runs under that clock. */
int fl_store_each_duration(struct fl_store *s, const char *experiment, const char *clock,
			   void (*fn)(void *arg, const struct fl_duration *d), void *arg,
			   struct fl_error *err);

/* The fault path's profile of a point; n is 0 where there is none.  fl_profile_release() it. */
int fl_store_profile(struct fl_store *s, int64_t point, struct fl_profile *p, struct fl_error *err);

/* Test cases of a point, by name; fl_cases_free() them. */
int fl_store_cases(struct fl_store *s, int64_t point, struct fl_case **cases, size_t *n,
		   struct fl_error *err);

/* What the points of a run were measured with, each once. */
struct fl_provenance {
	struct fl_stored_build {
		int64_t id;
		struct fl_build build;
	} * builds;
	size_t n_builds;
	struct fl_stored_image {
		int64_t id;
		struct fl_image_facts image;
	} * images;
	size_t n_images;
};

int fl_store_provenance(struct fl_store *s, int64_t run, struct fl_provenance *p,
			struct fl_error *err);
void fl_provenance_release(struct fl_provenance *p);
/* By the point's ids; NULL: unknown. */
const struct fl_build *fl_provenance_build(const struct fl_provenance *p, int64_t id);
const struct fl_image_facts *fl_provenance_image(const struct fl_provenance *p, int64_t id);

/* Calls fn for each row in order; fn's non-zero return stops. */
int fl_store_each_tick(struct fl_store *s, int64_t point, const char *series,
		       int (*fn)(void *arg, uint64_t t_ns, double value), void *arg,
		       struct fl_error *err);
int fl_store_each_bucket(struct fl_store *s, int64_t point, const char *cls,
			 int (*fn)(void *arg, double low, double high, uint64_t count), void *arg,
			 struct fl_error *err);

#endif
