/* SPDX-License-Identifier: GPL-2.0 */
/* One guest by hand: what its life and its deaths look like from the harness. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/guest.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel.h"

static char dir[64];

static struct fl_guest *start(void)
{
	cleanup_free char *kernel = NULL, *image = NULL;
	struct fl_guest_config c = {
		.spec = { .memory = 512u << 20, .cpus = 1, .numa = 1 },
		.accel = FL_ACCEL_TCG,
		.dir = dir,
		.cpu_first = 0,
	};
	struct fl_strv none = { 0 };
	struct fl_error err;
	struct fl_guest *g;

	strcpy(dir, "/tmp/faultline-test-XXXXXX");
	cr_assert(mkdtemp(dir));
	cr_assert_eq(fl_kernel_find(&kernel, "stock", &err), 0, "%s", err.text);
	cr_assert_eq(fl_image_make(&image, &none, &err), 0, "%s", err.text);
	c.kernel = kernel;
	c.image = image;
	cr_assert_eq(fl_guest_start(&g, &c, &err), 0, "%s", err.text);
	return g;
}

static void stop(struct fl_guest *g)
{
	static const char *const files[] = { "console.log", "stream", "qemu.log", "qmp.log" };

	fl_guest_stop(g);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		cleanup_free char *path = fl_asprintf("%s/%s", dir, files[i]);

		unlink(path);
	}
	rmdir(dir);
}

/* 1: it came; -1: the guest ended. */
static int wait_for(struct fl_guest *g, enum fl_frame_type type, struct fl_frame *f)
{
	uint64_t host_ns;
	int got;

	do {
		got = fl_guest_next(g, 30000, f, &host_ns);
	} while (got == 1 && f->type != type);
	cr_assert_neq(got, 0, "nothing came in 30 s");
	return got;
}

static void run(struct fl_guest *g, const char *words, size_t len)
{
	cr_assert_eq(fl_guest_send(g, FL_RUN, NULL, words, len), 0);
}

Test(guest, lives_and_ends_well, .timeout = 60)
{
	static const char words[] = "busybox\0sh\0-c\0echo hello; exit 3";
	struct fl_guest *g = start();
	struct fl_clock_map map;
	struct fl_error err;
	struct fl_frame f;
	uint64_t from, to;

	cr_assert_eq(wait_for(g, FL_READY, &f), 1, "%s", fl_guest_end_reason(g));
	cr_expect_not_null(strstr(f.text, "cpus 1\n"), "%s", f.text);
	cr_expect_eq(fl_guest_sync(g, &map, &err), 0, "%s", err.text);
	cr_expect_lt(map.error_ns, 50000000);
	cr_expect_eq(fl_guest_ram_range(g, &from, &to), 0);
	cr_expect_eq(to - from, 512u << 20);
	cr_expect_eq(fl_guest_send(g, FL_WRITE, "/proc/sys/vm/no_such", "1", 1), 0);
	cr_expect_eq(wait_for(g, FL_WRITTEN, &f), 1);
	cr_expect_not_null(strstr(f.text, "errno 2\n"), "%s", f.text);
	run(g, words, sizeof(words));
	cr_expect_eq(wait_for(g, FL_OUT, &f), 1);
	cr_expect_str_eq(f.text, "hello\n");
	cr_expect_eq(wait_for(g, FL_EXIT, &f), 1);
	cr_expect_not_null(strstr(f.text, "exited 3\n"), "%s", f.text);
	cr_expect_eq(fl_guest_send(g, FL_OFF, NULL, NULL, 0), 0);
	cr_expect_eq(wait_for(g, FL_END, &f), 1);
	cr_expect_eq(wait_for(g, FL_END, &f), -1);
	cr_expect_eq(fl_guest_ended(g), FL_GUEST_GOOD, "%s", fl_guest_end_reason(g));
	stop(g);
}

/* No frame says so: QEMU ends with status 0, as after a power-off. */
Test(guest, a_panic_is_told_by_its_line, .timeout = 60)
{
	static const char words[] = "busybox\0sh\0-c\0echo c > /proc/sysrq-trigger";
	struct fl_guest *g = start();
	struct fl_frame f;

	cr_assert_eq(wait_for(g, FL_READY, &f), 1, "%s", fl_guest_end_reason(g));
	run(g, words, sizeof(words));
	cr_expect_eq(wait_for(g, FL_EXIT, &f), -1);
	cr_expect_eq(fl_guest_ended(g), FL_GUEST_PANIC);
	cr_expect_not_null(strstr(fl_guest_end_reason(g), "sysrq"), "%s", fl_guest_end_reason(g));
	stop(g);
}

Test(guest, a_qemu_that_dies_is_lost, .timeout = 60)
{
	struct fl_guest *g = start();
	struct fl_frame f;

	cr_assert_eq(wait_for(g, FL_READY, &f), 1, "%s", fl_guest_end_reason(g));
	kill(fl_guest_pid(g), SIGKILL);
	cr_expect_eq(wait_for(g, FL_EXIT, &f), -1);
	cr_expect_eq(fl_guest_ended(g), FL_GUEST_LOST);
	cr_expect_not_null(strstr(fl_guest_end_reason(g), "signal 9"), "%s",
			   fl_guest_end_reason(g));
	cr_expect_eq(fl_guest_send(g, FL_OFF, NULL, NULL, 0), -EPIPE);
	stop(g);
}

Test(guest, a_qemu_that_stands_still_is_a_hang, .timeout = 60)
{
	struct fl_guest *g = start();
	struct fl_frame f;

	cr_assert_eq(wait_for(g, FL_READY, &f), 1, "%s", fl_guest_end_reason(g));
	kill(fl_guest_pid(g), SIGSTOP);
	cr_expect_eq(wait_for(g, FL_EXIT, &f), -1);
	cr_expect_eq(fl_guest_ended(g), FL_GUEST_HANG);
	stop(g);
}
