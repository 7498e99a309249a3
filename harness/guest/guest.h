/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_GUEST_H
#define FL_GUEST_GUEST_H

#include <stdint.h>
#include <sys/types.h>

#include "harness/base/error.h"
#include "harness/experiment/experiment.h"
#include "harness/guest/accel.h"
#include "harness/wire/frame.h"

/*
 * One QEMU and its agent.  Life: fl_guest_start(), frames by fl_guest_next()
 * and fl_guest_send(), fl_guest_stop().  The QEMU dies with the thread that
 * started it (parent-death signal) and with fl_guest_stop() in any case.
 */
struct fl_guest_config {
	struct fl_guest_spec spec;
	enum fl_accel accel;
	const char *kernel; /* path */
	const char *image;  /* initramfs */
	const char
		*dir; /* holds console.log, stream, qemu.log, qmp.log of this guest; must exist */
	const char *cmdline; /* more words, or NULL */
	int cpu_first; /* host CPU (hwloc logical index) the vCPU threads are bound from; -1: not
			  bound */
	unsigned int tsc_khz; /* of the guest's TSC; 0: fl_guest_start() knows */
	/*
	 * Instruction clock only.  script: frames one after another, all that the
	 * guest is told up to its workload's end, since what comes by the port comes
	 * at any moment; state: file of a template to start from (template.h), or
	 * NULL to boot; state_fd: the same file, open (it may have no name any more).
	 */
	const void *script;
	size_t script_len;
	const char *state;
	int state_fd;
	/* For the fault profile: the plugin (plugin.h) and the kernel's System.map; NULL: none. */
	const char *plugin, *symbols;
	const struct fl_strv
		*followed; /* functions that it follows besides (run/followed.h), or NULL */
	/* Who holds up CPUs: that plugin, and what it is told (run/stalled.h); NULL: nobody. */
	const char *stall_plugin, *stalls;
	const char *preload; /* a library for QEMU (shim.h); NULL: none */
	bool saves;          /* its state, into a file: what QEMU writes has no bound */
	const char *cgroup;  /* folder of the control group for QEMU; NULL: ours */
};

/* How a guest ended, or what was seen on its console. */
enum fl_guest_end {
	FL_GUEST_RUNS,  /* still up */
	FL_GUEST_GOOD,  /* FL_END came and QEMU exited */
	FL_GUEST_PANIC, /* panic on the console */
	FL_GUEST_HANG,  /* real clock: no frame for 20 s */
	FL_GUEST_LOST,  /* QEMU died, or KVM internal-error */
	FL_GUEST_LIED,  /* the stream is not ours */
	FL_GUEST_FLOOD, /* it met one of bounds.h */
};

struct fl_guest;

/* Does this machine have enough memory?  0 or -1 (FL_MACHINE) with how much is needed and left. */
int fl_guest_room(const struct fl_guest_spec *spec, struct fl_error *err);

/* 0 or -1 (FL_MACHINE: no QEMU, too little memory, ...). */
int fl_guest_start(struct fl_guest **g, const struct fl_guest_config *c, struct fl_error *err);

/* 0 or negative errno (-EPIPE: the guest is gone).  name, text may be NULL. */
int fl_guest_send(struct fl_guest *g, enum fl_frame_type type, const char *name, const void *text,
		  size_t len);

/*
 * Waits up to timeout_ms, or an interrupt, for the next frame.  1: frame in *f and *host_ns (host
 * CLOCK_MONOTONIC of its arrival); 0: nothing came; -1: the guest has ended,
 * fl_guest_ended() says how.  Calls nothing back.
 */
int fl_guest_next(struct fl_guest *g, int timeout_ms, struct fl_frame *f, uint64_t *host_ns);

enum fl_guest_end fl_guest_ended(const struct fl_guest *g);
const char *fl_guest_end_reason(const struct fl_guest *g); /* one line */

/* Guest clock = host clock + offset, from the SYNC with the shortest round trip.  error_ns is half
 * of that. */
struct fl_clock_map {
	int64_t offset_ns;
	uint64_t error_ns;
};
int fl_guest_sync(struct fl_guest *g, struct fl_clock_map *map, struct fl_error *err);

/*
 * How long it was kept from running, ns since its start: others had the CPU (starved.h), or this
 * program itself was stopped.  Time limits that are meant for the guest exclude it.
 */
uint64_t fl_guest_barred_ns(const struct fl_guest *g);

pid_t fl_guest_pid(const struct fl_guest *g);
/* QMP, see qmp.h; borrowed. */
struct fl_qmp *fl_guest_qmp(struct fl_guest *g);
/* The QEMU command line as run, for provenance (one string, borrowed). */
const char *fl_guest_command(const struct fl_guest *g);
/* Host virtual address range of the guest's RAM in the QEMU process, from its smaps; 0 or -errno.
 */
int fl_guest_ram_range(struct fl_guest *g, uint64_t *start, uint64_t *end);

/* Ends it whatever its state: FL_OFF (if good), SIGTERM, SIGKILL; frees. Final console is read
 * before. */
enum fl_guest_end fl_guest_stop(struct fl_guest *g);

/* For a throw-away guest: also removes its dir and all files in it. */
void fl_guest_remove_files(const char *dir);

#endif
