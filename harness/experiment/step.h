/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_STEP_H
#define FL_EXPERIMENT_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/error.h"

/*
 * [steps]: what the host does to a guest while its workload runs, one step
 * after another: "NAME = ACTION ...".  The key names the step, in messages and
 * in metrics (step_NAME_time, host_rss_at_NAME).
 */
enum fl_action {
	FL_DO_BALLOON,
	FL_DO_DIMM_ADD,
	FL_DO_DIMM_DEL,
	FL_DO_HOST_LIMIT,
	FL_DO_KILL,
	FL_DO_ONLINE,
	FL_DO_QMP,
	FL_DO_RUN,
	FL_DO_SAMPLE,
	FL_DO_SETTLE,
	FL_DO_VIRTIO_MEM,
	FL_DO_WAIT_EXIT,
	FL_DO_WAIT_FREED,
	FL_DO_WAIT_OUTPUT,
	FL_DO_WRITE,
	FL_N_ACTIONS,
};

/* How an action is written: "balloon SIZE, in whole MiB, such as 624m". */
const char *fl_step_form(enum fl_action action);

#define FL_STEP_NAME_MAX 24
#define FL_STEP_RUNS_MAX 15         /* run steps in one list */
#define FL_STEP_DIMMS_MAX 256       /* slots that QEMU has */
#define FL_STEP_WORKLOAD "workload" /* the workload's name for kill and wait-exit */

struct fl_step {
	char *name, *text; /* key and value as written */
	enum fl_action action;
	char *what;       /* command, text, path, QMP command, or another step's name; or NULL */
	char *with;       /* arguments of qmp (JSON), value of write, zone of online; or NULL */
	uint64_t bytes;   /* balloon, dimm-add, host-limit, virtio-mem */
	uint64_t wait_ns; /* settle, wait-freed */
	unsigned int node;
	bool unreserved; /* reserve=off: more than the host has is allowed */
	bool may_fail;   /* "try ...": then it leaves step_NAME_ok = 0 and the next step follows */
	bool later;      /* holds words @setting@: only a point's own copy is complete */
	uint64_t timeout_ns;
	unsigned int line; /* of the experiment's file */
};

/* The steps of one workload, or with workload NULL of all that have none of their own. */
struct fl_steps {
	char *workload;
	struct fl_step *v;
	size_t n;
	uint64_t timeout_ns; /* of the steps that follow in the file */
};

struct fl_guest_spec;

void fl_steps_init(struct fl_steps *s, const char *workload);
void fl_steps_release(struct fl_steps *s);

/* One "NAME = ACTION ..." or "timeout = TIME". */
int fl_steps_take(struct fl_steps *s, const char *name, const char *text, unsigned int line,
		  struct fl_error *err);

/* A setting of a point; steps may say @NAME@ for its value. */
struct fl_point_setting {
	const char *name, *value; /* borrowed */
};

/* The same steps with each @NAME@ filled in, parsed again.  Errors begin with FILE:LINE. */
int fl_steps_fill(struct fl_steps *filled, const struct fl_steps *s,
		  const struct fl_point_setting *settings, size_t n, const char *file,
		  struct fl_error *err);

/*
 * Do the steps fit the guest, and each step those before it?  Adds the devices that they need to
 * the spec.  Errors begin with FILE:LINE.
 */
int fl_steps_check(const struct fl_steps *s, struct fl_guest_spec *spec, const char *file,
		   struct fl_error *err);

#endif
