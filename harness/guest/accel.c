/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A /dev/kvm that opens proves nothing: on some machines it creates a VM and
 * then cannot run an ordinary guest.  So a guest is booted, once per machine.
 */
#include "harness/guest/accel.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/kept.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/base/temp.h"
#include "harness/guest/guest.h"
#include "harness/guest/qemu.h"

#define PROBE_MS 10000
#define TOO_SLOW 4 /* a KVM that boots this many times slower than TCG is itself emulated */

static double now_s(void)
{
	return (double)fl_now_ns() / 1e9;
}

static int wait_ready(struct fl_guest *g)
{
	double until = now_s() + PROBE_MS / 1000.0;
	struct fl_frame f;
	uint64_t host_ns;
	int got;

	while (now_s() < until && !fl_interrupted()) {
		got = fl_guest_next(g, 200, &f, &host_ns);
		if (got < 0)
			return -1;
		if (got && f.type == FL_READY)
			return 0;
	}
	return -1;
}

/* Seconds until the guest is ready; negative: it does not become ready, and reason says why. */
static double boot_time(enum fl_accel accel, const char *kernel, const char *image,
			enum fl_machine machine, char *reason, size_t len)
{
	struct fl_temp temp;
	struct fl_guest_config c = {
		.spec = { .memory = 512u << 20,
			  .cpus = 1,
			  .numa = 1,
			  .numa_distance = 20,
			  .machine = machine },
		.accel = accel,
		.kernel = kernel,
		.image = image,
		.cpu_first = -1,
	};
	struct fl_error err;
	struct fl_guest *g;
	double began = now_s(), took = -1;

	if (fl_temp_open(&temp, &err)) {
		snprintf(reason, len, "%.200s", err.text);
		return -1;
	}
	c.dir = temp.path;
	if (fl_guest_start(&g, &c, &err)) {
		snprintf(reason, len, "%.200s", err.text);
	} else {
		if (!wait_ready(g))
			took = now_s() - began;
		else
			snprintf(reason, len, "%s",
				 fl_guest_ended(g) == FL_GUEST_RUNS ? "not ready in 10 s"
								    : fl_guest_end_reason(g));
		fl_guest_stop(g);
	}
	fl_temp_close(&temp);
	return took;
}

/* true: the answer is worth keeping, since a guest booted either way. */
static bool probe(struct fl_accel_choice *c, const char *kernel, const char *image,
		  enum fl_machine machine)
{
	char why[256] = "", ignored[256];
	double kvm = boot_time(FL_ACCEL_KVM, kernel, image, machine, why, sizeof(why));
	double tcg = boot_time(FL_ACCEL_TCG, kernel, image, machine, ignored, sizeof(ignored));

	c->accel = FL_ACCEL_TCG;
	if (kvm < 0) {
		snprintf(c->reason, sizeof(c->reason),
			 "tcg: /dev/kvm opens but cannot run a guest (%.180s)", why);
	} else if (tcg > 0 && kvm > TOO_SLOW * tcg) {
		snprintf(c->reason, sizeof(c->reason),
			 "tcg: kvm boots a guest in %.1f s, tcg in %.1f s", kvm, tcg);
	} else {
		c->accel = FL_ACCEL_KVM;
		snprintf(c->reason, sizeof(c->reason), "kvm: a probe guest booted in %.2f s", kvm);
	}
	return (kvm >= 0 || tcg >= 0) && !fl_interrupted();
}

static uint64_t mix(uint64_t h, const char *text)
{
	return fl_hash(h, text, strlen(text));
}

/* The key of the answer: this CPU, host kernel and QEMU; NULL: there is no QEMU. */
static char *answer_path(void)
{
	uint64_t h = FL_HASH_START;
	cleanup_file FILE *cpu = fopen("/proc/cpuinfo", "re");
	cleanup_free char *version = fl_qemu_version();
	struct utsname u;
	char line[512];

	if (!version)
		return NULL;
	while (cpu && fgets(line, sizeof(line), cpu))
		if (!strncmp(line, "model name", 10)) {
			h = mix(h, line);
			break;
		}
	if (!uname(&u))
		h = mix(mix(h, u.release), u.version);
	h = mix(mix(h, version), "\n");
	return fl_asprintf("%s/accel-%016" PRIx64, fl_cache(), h);
}

static int read_answer(struct fl_accel_choice *c, const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");

	if (!f || !fgets(c->reason, sizeof(c->reason), f))
		return -1;
	c->reason[strcspn(c->reason, "\n")] = '\0';
	if (!strncmp(c->reason, "kvm: ", 5))
		c->accel = FL_ACCEL_KVM;
	else if (!strncmp(c->reason, "tcg: ", 5))
		c->accel = FL_ACCEL_TCG;
	else
		return -1;
	return 0;
}

static void keep_answer(const struct fl_accel_choice *c, const char *path)
{
	struct fl_error ignored;
	int fd = fl_cache_check(&ignored) ? -1 : fl_kept_begin(path, &ignored);

	if (fd < 0)
		return;
	if (dprintf(fd, "%s\n", c->reason) < 0)
		fl_kept_drop(fd, path);
	else
		fl_kept_publish(fd, path, &ignored);
}

int fl_accel_choose(struct fl_accel_choice *c, enum fl_accel wish, const char *kernel,
		    const char *image, enum fl_machine machine, int fresh, struct fl_error *err)
{
	cleanup_free char *path = NULL;

	memset(c, 0, sizeof(*c));
	if (wish == FL_ACCEL_TCG) {
		c->accel = FL_ACCEL_TCG;
		snprintf(c->reason, sizeof(c->reason), "tcg: as asked for");
		return 0;
	}
	path = answer_path();
	if (!path)
		return fl_fail(err, FL_MACHINE,
			       "qemu-system-x86_64 is not installed: apt install qemu-system-x86");
	if (access("/dev/kvm", R_OK | W_OK)) {
		c->accel = FL_ACCEL_TCG;
		snprintf(c->reason, sizeof(c->reason), "tcg: /dev/kvm: %s", strerror(errno));
	} else if ((fresh || read_answer(c, path)) && probe(c, kernel, image, machine)) {
		keep_answer(c, path);
	}
	if (wish == FL_ACCEL_KVM && c->accel != FL_ACCEL_KVM)
		return fl_fail(err, FL_MACHINE, "--accel kvm does not work here: %.200s",
			       c->reason + 5);
	return 0;
}
