/* SPDX-License-Identifier: GPL-2.0 */
/* kernel: build one, name them, or boot one and say which of our settings it has. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/cli/columns.h"
#include "harness/cli/commands.h"
#include "harness/experiment/setting.h"
#include "harness/guest/guest.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel.h"

#define CHECK_LIMIT_S 60
#define CHECK_MEMORY (1ull << 30) /* below 512 MiB a kernel turns THP off by itself */

static int build(const char *name, struct fl_error *err)
{
	cleanup_free char *script = fl_asprintf("%s/guest/kernel/build.sh", fl_home());
	char *const argv[] = { script, (char *)(name ? name : "stock"), NULL };
	int status, bad;
	pid_t pid;

	fflush(stdout);
	bad = posix_spawn(&pid, script, NULL, NULL, argv, environ);
	if (bad)
		return fl_fail(err, FL_MACHINE, "%s: %s", script, strerror(bad));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fl_fail(err, FL_MACHINE, "%s: %s", script, strerror(errno));
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
		return FL_EXIT_INTERRUPTED;
	return WIFEXITED(status) && WEXITSTATUS(status) == FL_USAGE ? FL_USAGE : FL_MACHINE;
}

static int list(const char *name, struct fl_error *err)
{
	if (name)
		return fl_fail(err, FL_USAGE, "kernel list takes no NAME: %s", name);
	return fl_list_kernels(err);
}

struct check {
	struct fl_guest *guest;
	time_t deadline;
	struct fl_error *err;
};

/* The next frame of a type, or of either of two. */
static int wait_for(struct check *c, enum fl_frame_type a, enum fl_frame_type b, struct fl_frame *f)
{
	uint64_t host_ns;
	int got;

	while ((got = fl_guest_next(c->guest, 500, f, &host_ns)) >= 0) {
		if (got && (f->type == a || f->type == b))
			return 0;
		if (time(NULL) > c->deadline)
			return fl_fail(c->err, FL_MACHINE, "the guest did not answer in %d s",
				       CHECK_LIMIT_S);
	}
	return fl_fail(c->err, FL_MACHINE, "the guest ended: %s", fl_guest_end_reason(c->guest));
}

/* Text of a file of the guest, one line, into buf; "" when this kernel has no such file. */
static int read_guest(struct check *c, const char *path, char *buf, size_t len)
{
	struct fl_frame f;

	buf[0] = '\0';
	if (fl_guest_send(c->guest, FL_READ, path, NULL, 0))
		return fl_fail(c->err, FL_MACHINE, "the guest ended: %s",
			       fl_guest_end_reason(c->guest));
	if (wait_for(c, FL_TEXT, FL_WRITTEN, &f))
		return -1;
	if (f.type == FL_TEXT)
		snprintf(buf, len, "%.*s", (int)strcspn(f.text, "\n"), f.text);
	return 0;
}

static int print_settings(struct check *c)
{
	struct fl_columns columns = { .n = 3 };
	char text[256];
	int bad = read_guest(c, "/proc/sys/kernel/osrelease", text, sizeof(text));

	if (!bad)
		printf("release %s\n", text);
	for (const struct fl_setting *s = fl_settings(); !bad && s->name; s++) {
		if (s->how != FL_SET_FILE || strchr(s->name, '*'))
			continue;
		bad = read_guest(c, s->path, text, sizeof(text));
		fl_columns_row(&columns,
			       (const char *[]){ s->name, text[0] ? "has" : "lacks", text });
	}
	fl_columns_print(&columns, stdout, "");
	return bad;
}

static int check_in(const char *dir, const char *kernel, struct fl_error *err)
{
	struct check c = { .deadline = time(NULL) + CHECK_LIMIT_S, .err = err };
	struct fl_guest_config config = {
		.spec = { .memory = CHECK_MEMORY, .cpus = 1, .numa = 1, .numa_distance = 20 },
		.kernel = kernel,
		.dir = dir,
		.cpu_first = -1,
	};
	cleanup_free char *image = NULL;
	struct fl_accel_choice accel;
	struct fl_strv none = { 0 };
	struct fl_frame f;
	int bad;

	if (fl_image_make(&image, &none, err) ||
	    fl_accel_choose(&accel, FL_ACCEL_AUTO, kernel, image, 0, err))
		return -1;
	config.image = image;
	config.accel = accel.accel;
	if (fl_guest_start(&c.guest, &config, err))
		return -1;
	bad = wait_for(&c, FL_READY, FL_READY, &f) || print_settings(&c);
	fl_guest_stop(c.guest);
	if (bad)
		return fl_prefix(err, "%s (console: %s/console.log)", kernel, dir);
	return 0;
}

static int check(const char *name, struct fl_error *err)
{
	cleanup_free char *kernel = NULL, *dir = NULL;

	if (fl_kernel_find(&kernel, name ? name : "stock", err))
		return -1;
	dir = fl_strdup("/tmp/faultline-check-XXXXXX");
	if (!mkdtemp(dir))
		return fl_fail(err, FL_MACHINE, "%s: %s", dir, strerror(errno));
	printf("kernel %s\n", kernel);
	if (check_in(dir, kernel, err))
		return -1;
	/* Kept only when there is something to look at. */
	fl_guest_remove_files(dir);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const char *name, struct fl_error *err);
} verbs[] = {
	{ "build", build },
	{ "check", check },
	{ "list", list },
};

static int run(int argc, char **argv, struct fl_error *err)
{
	const char *value;
	int next = 1;

	if (fl_next_option(&fl_cmd_kernel, argc, argv, &next, &value, err) < -1)
		return -1;
	if (next >= argc)
		return fl_fail(err, FL_USAGE, "kernel wants one of build, check, list");
	if (next + 2 < argc)
		return fl_fail(err, FL_USAGE, "kernel takes one NAME; \"%s\" is one too many",
			       argv[next + 2]);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(verbs[i].name, argv[next]))
			return verbs[i].run(argv[next + 1], err);
	return fl_fail(err, FL_USAGE, "kernel knows no \"%s\": one of build, check, list",
		       argv[next]);
}

static const struct fl_option options[] = { { 0 } };

const struct fl_command fl_cmd_kernel = {
	.name = "kernel",
	.summary = "build a guest kernel, list them, or boot one and say which settings it has",
	.synopsis = "kernel build|list|check [NAME|PATH]",
	.examples = "kernel list\n"
		    "kernel build patched",
	.options = options,
	.run = run,
};
