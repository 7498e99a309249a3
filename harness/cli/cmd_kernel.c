/* SPDX-License-Identifier: GPL-2.0 */
/* kernel: build one, name them, or boot one and say which of our settings it has. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/cli/commands.h"

enum { OPT_CC, OPT_COMMIT, OPT_CONFIG, OPT_LLVM, OPT_SERIES, OPT_SRC };

static const struct fl_option options[] = {
	[OPT_CC] = { 0, "cc", "PROGRAM", "build: the compiler, instead of gcc" },
	[OPT_COMMIT] = { 0, "commit", "REV",
			 "build: a commit of TREE, whatever is checked out there" },
	[OPT_CONFIG] = { 0, "config", "FILE",
			 "build: lines of options, laid over NAME's, or a whole "
			 "configuration in their place" },
	[OPT_LLVM] = { 0, "llvm", NULL, "build: clang, lld and the rest (make LLVM=1)" },
	[OPT_SERIES] = { 0, "series", "DIR",
			 "build: the *.patch files of DIR, in sorted order, after NAME's" },
	[OPT_SRC] = { 0, "src", "TREE",
		      "build: from a kernel tree of yours, which is not written to" },
	{ 0 },
};

/* What was asked for: the subcommand's NAME, and options as build.sh takes them. */
struct asked {
	const char *name; /* NULL: none */
	struct fl_strv options;
};

static int run_script(int *status, char *const argv[], struct fl_error *err)
{
	pid_t pid;
	int bad;

	fflush(stdout);
	bad = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	if (bad)
		return fl_fail(err, FL_MACHINE, "%s: %s", argv[0], strerror(bad));
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return fl_fail(err, FL_MACHINE, "%s: %s", argv[0], strerror(errno));
	return 0;
}

static int build(const struct asked *asked, struct fl_error *err)
{
	cleanup_free char *script = fl_asprintf("%s/guest/kernel/build.sh", fl_home());
	struct fl_strv argv = { 0 };
	int status, bad;

	fl_strv_push(&argv, script);
	for (size_t i = 0; i < asked->options.n; i++)
		fl_strv_push(&argv, asked->options.v[i]);
	fl_strv_push(&argv, asked->name ? asked->name : "stock");
	bad = run_script(&status, argv.v, err);
	fl_strv_release(&argv);
	if (bad)
		return -1;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
		return FL_EXIT_INTERRUPTED;
	return WIFEXITED(status) && WEXITSTATUS(status) == FL_USAGE ? FL_USAGE : FL_MACHINE;
}

static int list(const struct asked *asked, struct fl_error *err)
{
	if (asked->name)
		return fl_fail(err, FL_USAGE, "kernel list takes no NAME: %s", asked->name);
	return fl_list_kernels(err);
}

static int check(const struct asked *asked, struct fl_error *err)
{
	return fl_check_kernel(asked->name ? asked->name : "stock", err);
}

static const struct {
	const char *name;
	int (*run)(const struct asked *asked, struct fl_error *err);
} verbs[] = {
	{ "build", build },
	{ "check", check },
	{ "list", list },
};

static int run_verb(struct asked *asked, const char *verb, struct fl_error *err)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, verb) != 0)
			continue;
		if (asked->options.n && verbs[i].run != build)
			return fl_fail(err, FL_USAGE, "kernel %s takes no %s: kernel build does",
				       verb, asked->options.v[0]);
		return verbs[i].run(asked, err);
	}
	return fl_fail(err, FL_USAGE, "kernel: no subcommand \"%s\": one of build, check, list",
		       verb);
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct asked asked = { 0 };
	const char *value;
	int next = 1, option, status;

	while ((option = fl_next_option(&fl_cmd_kernel, argc, argv, &next, &value, err)) >= 0) {
		fl_strv_pushf(&asked.options, "--%s", options[option].name);
		if (value)
			fl_strv_push(&asked.options, value);
	}
	if (next + 1 < argc)
		asked.name = argv[next + 1];
	if (option < -1)
		status = -1;
	else if (next >= argc)
		status = fl_fail(err, FL_USAGE,
				 "kernel: missing subcommand: one of build, check, list");
	else if (next + 2 < argc)
		status = fl_fail(err, FL_USAGE, "kernel takes one NAME; \"%s\" is one too many",
				 argv[next + 2]);
	else
		status = run_verb(&asked, argv[next], err);
	fl_strv_release(&asked.options);
	return status;
}

const struct fl_command fl_cmd_kernel = {
	.name = "kernel",
	.summary = "build or list guest kernels, or check whether one can boot",
	.no = "check: the kernel cannot boot as a guest",
	.synopsis = "kernel build [--src TREE [--commit REV]] [--series DIR] [--config FILE] "
		    "[--cc PROGRAM] [--llvm] [NAME[@BASE]] | list | check [NAME|PATH]",
	.examples = "kernel list\n"
		    "kernel build patched\n"
		    "kernel build stock@7.3\n"
		    "kernel build stock --src ~/linux --commit v6.12",
	.options = options,
	.run = run,
};
