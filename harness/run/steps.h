/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_STEPS_H
#define FL_RUN_STEPS_H

#include <inttypes.h>
#include <jansson.h>

#include "harness/run/session.h"

/*
 * What the host does while the workload runs ([steps]).  A step ends when what it waits for has
 * happened.  One that fails or times out decides the point's outcome, which names the step and how
 * far it got.  Each leaves step_NAME_start and step_NAME_time, whatever its result.
 */

/* Writes the requests of prepare into the script of a guest that gets all requests in advance. */
void fl_steps_ask(struct fl_session *s);
/* Before the workload: does this kernel have what the steps need? */
int fl_steps_prepare(struct fl_session *s);

/* From the workload's start to the exit of all programs. */
int fl_steps_run(struct fl_session *s);

/* --- for the files of single actions --- */

/* The step is the outcome.  Returns FL_DECIDED, or FL_GAVE_UP where it may fail. */
int fl_step_failed(struct fl_session *s, const struct fl_step *step, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Has it timed out?  began_ns: fl_now_ns() at its start. */
bool fl_step_late(const struct fl_step *step, uint64_t began_ns);
/* QMP; args is taken.  FL_GO_ON, or FL_DECIDED: QEMU refused, or is gone. */
int fl_step_qmp(struct fl_session *s, const struct fl_step *step, const char *command, json_t *args,
		json_t **answer);
/* A DIMM or a virtio-mem device as QEMU has it now. */
struct fl_memory_device {
	bool there;
	uint64_t start; /* guest physical address of a DIMM */
	uint64_t bytes; /* that it gives the guest */
};
/* The one of that id, all zero where there is none.  Returns as fl_step_qmp(). */
int fl_step_find_device(struct fl_session *s, const struct fl_step *step, const char *id,
			struct fl_memory_device *device);
/* The same for a DIMM that the step requires. */
int fl_step_need_dimm(struct fl_session *s, const struct fl_step *step, const char *id,
		      struct fl_memory_device *dimm);
/* Handles frames for a moment. */
int fl_step_pause(struct fl_session *s);

/*
 * All collectors look; what they see is kept as SERIES_at_NAME unless name is
 * NULL, and the zones in *zones unless that is.
 */
int fl_step_look(struct fl_session *s, const struct fl_step *step, const char *name,
		 struct fl_zones *zones);
/*
 * Why could that much not be added?  Decides FL_OOM if its memmap would not have fitted into the
 * free memory of the zones; FL_GO_ON: another reason, or the step may fail.
 */
int fl_step_room(struct fl_session *s, const struct fl_step *step, const struct fl_zones *zones,
		 uint64_t bytes);
#define FL_BLOCK_STATE "/sys/devices/system/memory/memory%" PRIu64 "/state"
/*
 * Added memory is usable after took_ns of the guest's work: records that, and where its memmap is.
 */
int fl_step_usable(struct fl_session *s, const struct fl_step *step, uint64_t bytes,
		   uint64_t took_ns);

int fl_step_balloon(struct fl_session *s, const struct fl_step *step);
int fl_step_dimm_add(struct fl_session *s, const struct fl_step *step);
int fl_step_dimm_del(struct fl_session *s, const struct fl_step *step);
int fl_step_online(struct fl_session *s, const struct fl_step *step);
int fl_step_virtio_mem(struct fl_session *s, const struct fl_step *step);
int fl_step_host_limit(struct fl_session *s, const struct fl_step *step);
int fl_step_wait_freed(struct fl_session *s, const struct fl_step *step);

#endif
