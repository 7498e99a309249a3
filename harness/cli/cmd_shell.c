/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shell: the guest's image with busybox's shell in the agent's place, its
 * serial line on this terminal.  The agent is not asked: what a hand types
 * needs no stream.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/cli/commands.h"
#include "harness/guest/accel.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel.h"

#define QEMU "qemu-system-x86_64"
#define MEMORY_MIN (64ull << 20)

enum { OPT_KERNEL, OPT_MEMORY, OPT_CPUS, OPT_PROGRAM };

static const struct fl_option options[] = {
	[OPT_KERNEL] = { 'k', "kernel", "KERNEL", "a kernel's name or path; default: stock" },
	[OPT_MEMORY] = { 0, "memory", "SIZE", "memory of the guest; default: 1g" },
	[OPT_CPUS] = { 0, "cpus", "N", "CPUs of the guest; default: 1" },
	[OPT_PROGRAM] = { 0, "program", "NAME",
			  "a program of this machine to copy into the guest; may be given again" },
	{ 0 },
};

struct shell {
	const char *kernel;
	uint64_t memory, cpus;
	struct fl_strv programs;
};

static int take(struct shell *s, int option, const char *value, struct fl_error *err)
{
	switch (option) {
	case OPT_KERNEL:
		s->kernel = value;
		return 0;
	case OPT_MEMORY:
		if (fl_parse_size(value, &s->memory) || s->memory < MEMORY_MIN)
			return fl_fail(err, FL_USAGE, "--memory %s: a size of 64m or more", value);
		return 0;
	case OPT_CPUS:
		if (fl_parse_u64(value, 1, 64, &s->cpus))
			return fl_fail(err, FL_USAGE, "--cpus %s: a number from 1 to 64", value);
		return 0;
	default:
		if (!*value)
			return fl_fail(err, FL_USAGE,
				       "--program needs the name of a program, or its path");
		fl_strv_push(&s->programs, value);
		return 0;
	}
}

/* What PID 1 does: the kernel hands it on from behind the "--" of its command line. */
static char *command_line(void)
{
	struct winsize w = { .ws_row = 24, .ws_col = 80 };

	if (isatty(STDIN_FILENO))
		ioctl(STDIN_FILENO, TIOCGWINSZ, &w);
	return fl_asprintf(
		"console=ttyS0 quiet panic=-1 rdinit=/bin/busybox -- sh -c \""
		"busybox mkdir -p /proc /sys /dev /tmp; busybox mount -t proc proc /proc; "
		"busybox mount -t sysfs sysfs /sys; busybox mount -t devtmpfs devtmpfs /dev; "
		"busybox --install -s /bin; stty rows %u cols %u; "
		"setsid cttyhack sh; poweroff -f\"",
		w.ws_row, w.ws_col);
}

static int start(const struct shell *s, const char *kernel, const char *image, enum fl_accel accel,
		 struct fl_error *err)
{
	cleanup_free char *words = command_line();
	bool kvm = accel == FL_ACCEL_KVM;
	struct fl_strv argv = { 0 };

	for (const char *const *word =
		     (const char *const[]){ QEMU, "-M", "q35", "-nodefaults", "-no-reboot",
					    "-display", "none", "-serial", "mon:stdio", NULL };
	     *word; word++)
		fl_strv_push(&argv, *word);
	fl_strv_push(&argv, "-accel");
	fl_strv_push(&argv, kvm ? "kvm" : "tcg");
	fl_strv_push(&argv, "-cpu");
	fl_strv_push(&argv, kvm ? "host" : "max");
	fl_strv_push(&argv, "-m");
	fl_strv_pushf(&argv, "%lluM", (unsigned long long)(s->memory >> 20));
	fl_strv_push(&argv, "-smp");
	fl_strv_pushf(&argv, "%u", (unsigned int)s->cpus);
	fl_strv_push(&argv, "-kernel");
	fl_strv_push(&argv, kernel);
	fl_strv_push(&argv, "-initrd");
	fl_strv_push(&argv, image);
	fl_strv_push(&argv, "-append");
	fl_strv_push(&argv, words);
	fflush(stdout);
	execvp(QEMU, argv.v);
	fl_strv_release(&argv);
	return fl_fail(err, FL_MACHINE, QEMU ": %s: install qemu-system-x86", strerror(errno));
}

static int boot(const struct shell *s, struct fl_error *err)
{
	cleanup_free char *kernel = NULL, *image = NULL;
	struct fl_accel_choice accel;

	if (fl_kernel_find(&kernel, s->kernel, err) || fl_image_make(&image, &s->programs, err) ||
	    fl_accel_choose(&accel, FL_ACCEL_AUTO, kernel, image, FL_MACHINE_Q35, 0, err))
		return -1;
	fprintf(stderr, "%s\n%s; leave with exit, or Ctrl-A X\n", kernel, accel.reason);
	return start(s, kernel, image, accel.accel, err);
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct shell s = { .kernel = "stock", .memory = 1ull << 30, .cpus = 1 };
	const char *value;
	int next = 1, option, status = 0;

	while (!status &&
	       (option = fl_next_option(&fl_cmd_shell, argc, argv, &next, &value, err)) != -1)
		status = option < 0 ? -1 : take(&s, option, value, err);
	if (!status && next < argc)
		status = fl_fail(err, FL_USAGE, "shell takes no operand: %s", argv[next]);
	if (!status)
		status = boot(&s, err);
	fl_strv_release(&s.programs);
	return status;
}

const struct fl_command fl_cmd_shell = {
	.name = "shell",
	.summary = "an interactive guest with the workloads on PATH",
	.synopsis = "shell [-k KERNEL] [--memory SIZE] [--cpus N] [--program NAME]...",
	.examples = "shell -k patched",
	.options = options,
	.run = run,
};
