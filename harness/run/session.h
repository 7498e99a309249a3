/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_SESSION_H
#define FL_RUN_SESSION_H

#include <stdbool.h>

#include "harness/base/strv.h"
#include "harness/collect/zones.h"
#include "harness/guest/cgroup.h"
#include "harness/guest/guest.h"
#include "harness/guest/template.h"
#include "harness/run/material.h"
#include "harness/run/point.h"
#include "harness/run/programs.h"

/*
 * The dialogue between a point and its guest, shared by point.c and steps.c.  Functions return
 * FL_GO_ON, FL_DECIDED (the outcome's status is set) or -1 (the harness or the machine is at
 * fault).
 */
enum {
	FL_GO_ON = 0,
	FL_DECIDED = 1,
	FL_GAVE_UP = 2, /* a step that is allowed to fail has failed */
};

/* Memory that steps add: how the guest was before and when it had taken it. */
struct fl_adding {
	struct fl_zones before, after;
	uint64_t began_ns; /* host CLOCK_MONOTONIC of the device's coming */
	uint64_t taken_ns; /* how long the guest took to accept it */
	bool done;         /* the first such memory is measured */
};

struct fl_session {
	const struct fl_point_config *c;
	const struct fl_steps *steps; /* or NULL */
	struct fl_outcome *o;
	struct fl_guest *guest;
	struct fl_material material;
	struct fl_programs programs; /* only with steps */
	struct fl_clock_map map;
	char *stalls;            /* what the plugin that stalls CPUs is told; NULL: none */
	struct fl_strv followed; /* functions that the profile follows */
	struct fl_cgroup cgroup; /* of the QEMU; dir NULL: none */
	bool waits;              /* of several guests: it is not its turn */
	bool evicted;            /* it needed more than the host's limit */
	struct {
		bool is;
		double guest_free_huge, host_rss; /* KiB */
	} held;                                   /* at the last sample step */
	struct fl_error *err;
	uint64_t deadline_ns; /* host CLOCK_MONOTONIC */
	uint64_t limit_ns;    /* the limit behind the deadline */
	const char *limited;  /* what must be done by then */
	uint64_t barred_ns;   /* fl_guest_barred_ns() when the limit was set */
	struct fl_adding added;
	uint64_t block_bytes; /* of memory that comes and goes; 0: not asked for */
	char gave_up[400];    /* why the step that may fail did */
	/* Answers still outstanding from steps that gave up: paths, samples. */
	struct fl_strv owed;
	unsigned int owed_looks;
	uint64_t host_due_ns; /* next sample of the host side; 0: none */
	/*
	 * With the instruction clock the guest gets all requests in advance: ask_*() write its
	 * script (composing) before it starts, and send nothing while it runs.
	 */
	bool scripted, composing;
	struct fl_text script;
	struct fl_template template; /* it starts from; no path: it boots */
};

/* Starts the guest of the session's point.  0 or -1. */
int fl_session_open(struct fl_session *s);
/* ... up to the moment before its workload. */
int fl_session_boot(struct fl_session *s);

void fl_session_limit(struct fl_session *s, const char *what, uint64_t ns);

/* Guest clock at a moment of the host's, in this point's time base. */
uint64_t fl_session_guest_time(const struct fl_session *s, uint64_t host_ns);
/* QEMU's files, and the balloon where there is one.  guest_ns as of fl_material_host(). */
void fl_session_sample_host(struct fl_session *s, uint64_t guest_ns);

/* Waits up to wait_ms for a frame and adds it to the material.  Answers that nobody waits for are
 * dropped. */
int fl_session_turn(struct fl_session *s, int wait_ms, struct fl_frame *f, bool *got);
/* The next frame of that type. */
int fl_session_wait(struct fl_session *s, enum fl_frame_type type, struct fl_frame *f);

/*
 * Reads a file of the guest: *f is its text, or *error says why there is none
 * (a folder's is EISDIR).
 */
int fl_session_read(struct fl_session *s, const char *path, struct fl_frame *f, int *error);

/* Gives up on an answer about that path: it is dropped when it arrives. */
void fl_session_forget(struct fl_session *s, const char *path);
/* ... for the sample that FL_LOOK asked for. */
void fl_session_forget_look(struct fl_session *s);

int fl_session_send(struct fl_session *s, enum fl_frame_type type, const char *name,
		    const char *text, size_t len);
/* A command's words in the agent's format: a NUL after each. */
int fl_session_command(struct fl_session *s, enum fl_frame_type type, const char *name,
		       const char *command);

/* The guest has ended, which decides the outcome.  Returns FL_DECIDED. */
int fl_session_gone(struct fl_session *s);

#endif
