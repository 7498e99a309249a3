/* SPDX-License-Identifier: GPL-2.0 */
/* A guest can hang, panic, run out of memory or die: each is that point's outcome. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "tests/guest/guest_fixture.h"

#define HEAD                                                      \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 1\n" \
	"timeout = 15s\nsample = 100ms\n[guest]\nmemory = 512m\ncpus = 1\n"

static enum fl_status outcome(const char *ini, const char *reason)
{
	struct fixture f;
	enum fl_status status;

	fixture_run(&f, ini);
	status = f.outcomes[0].status;
	cr_expect_not_null(strstr(f.outcomes[0].reason, reason), "%s: %s", fl_status_names[status],
			   f.outcomes[0].reason);
	fixture_release(&f);
	return status;
}

Test(outcomes, a_workload_that_fails, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD "[workload w]\nrun = busybox false\n", "status 1"),
		     FL_STATUS_FAILED);
}

Test(outcomes, a_workload_that_is_not_there, .timeout = 60)
{
	cr_expect_eq(
		outcome(HEAD "[workload w]\nrun = busybox sh -c 'exec /nowhere'\n", "status 127"),
		FL_STATUS_FAILED);
}

Test(outcomes, a_panic, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD
			     "[workload w]\nrun = busybox sh -c 'echo c > /proc/sysrq-trigger'\n",
			     "panic"),
		     FL_PANIC);
}

Test(outcomes, a_workload_without_end, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD "[workload w]\nrun = busybox sleep 1000\n", "limit"), FL_HANG);
}

/* Its frames come faster than the deadline was looked at. */
Test(outcomes, a_workload_without_end_that_talks, .timeout = 90)
{
	cr_expect_eq(outcome(HEAD "[workload w]\nrun = busybox sh -c 'while busybox usleep 10000; "
				  "do echo on; done'\n",
			     "not done within the limit of 15 s"),
		     FL_HANG);
}

#define STACK                                                     \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 1\n" \
	"timeout = 40s\nsample = 0\n[guest]\nmemory = 256m\ncpus = 1\ncount = 2\nrounds = 1\n"

/* Of several guests, each console is read. */
Test(outcomes, a_complaint_of_one_among_several, .timeout = 90)
{
	cr_expect_eq(outcome(STACK "[workload w]\nrun = busybox sh -c "
				   "'echo \"<1>BUG: planted\" >/dev/kmsg'\n",
			     "guest 1: console: "),
		     FL_STATUS_FAILED);
	cr_expect_eq(outcome(STACK "[settings]\nthp.enabled = never\nvm.overcommit_memory = 1\n"
				   "[workload w]\nrun = memhog 1g\n",
			     "guest 1: "),
		     FL_OOM);
}

/* A QEMU that will not start the second guest is no lack of memory. */
Test(outcomes, one_among_several_that_cannot_start, .timeout = 90)
{
	char dir[] = "/tmp/faultline-test-XXXXXX";
	cleanup_free char *path = NULL, *places = NULL;
	FILE *f;

	cr_assert(mkdtemp(dir));
	path = fl_asprintf("%s/qemu-system-x86_64", dir);
	places = fl_asprintf("%s:%s", dir, getenv("PATH"));
	f = fopen(path, "we");
	cr_assert(f &&
		  fprintf(f,
			  "#!/bin/sh\ncase \"$*\" in */guest-2/*) echo no such device >&2; "
			  "exit 1;; esac\nPATH=${PATH#*:}\nexec qemu-system-x86_64 \"$@\"\n") > 0);
	cr_assert(!fclose(f) && !chmod(path, 0755));
	setenv("PATH", places, 1);
	cr_expect_eq(outcome(STACK "[settings]\nhost.memory_limit = 2g\n[workload w]\n"
				   "run = busybox true\n",
			     "guest 2: QEMU did not start: no such device"),
		     FL_STATUS_FAILED);
	unlink(path);
	rmdir(dir);
}

/* Once it is lost before its workload begins; then it is told what became of the first boot. */
/* The first QEMU does not let its guest run (-S), so it is lost before the workload begins. */
Test(outcomes, a_boot_that_is_lost_is_repeated, .timeout = 90)
{
	char dir[] = "/tmp/faultline-test-XXXXXX";
	cleanup_free char *path = NULL, *places = NULL, *flag = NULL;
	struct fixture f;
	FILE *file;

	cr_assert(mkdtemp(dir));
	path = fl_asprintf("%s/qemu-system-x86_64", dir);
	flag = fl_asprintf("%s/flag", dir);
	places = fl_asprintf("%s:%s", dir, getenv("PATH"));
	file = fopen(path, "we");
	cr_assert(file && fprintf(file,
				  "#!/bin/sh\nPATH=${PATH#*:}\ncase \"$*\" in *console.log*) "
				  "if mkdir %s; then (sleep 1; kill -9 $$) & set -- \"$@\" -S; "
				  "fi;; esac\n"
				  "exec qemu-system-x86_64 \"$@\"\n",
				  flag) > 0);
	cr_assert(!fclose(file) && !chmod(path, 0755));
	setenv("PATH", places, 1);
	fixture_run(&f, HEAD "[workload w]\nrun = busybox true\n");
	cr_expect_eq(f.outcomes[0].status, FL_OK, "%s", f.outcomes[0].reason);
	cr_expect(!strncmp(f.outcomes[0].reason, "booted 2 times; first lost: lost: ", 34), "%s",
		  f.outcomes[0].reason);
	cr_expect_eq(fixture_metric(&f, 0, "boots_lost"), 1);
	fixture_release(&f);
	unlink(path);
	rmdir(flag);
	rmdir(dir);
}

Test(outcomes, out_of_memory, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD "[settings]\nthp.enabled = never\nvm.overcommit_memory = "
				  "1\n[workload w]\nrun = memhog 2g\n",
			     "emory"),
		     FL_OOM);
}

Test(outcomes, a_memcg_limit_kills_too, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD
			     "[settings]\nmemcg.limit = 64m\n[workload w]\nrun = memhog 128m\n",
			     "emory"),
		     FL_OOM);
}

/* The host's limit: the guest's own memory would hold it. */
Test(outcomes, a_guest_larger_than_the_host_lets_it_be, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD "[settings]\nhost.memory_limit = 200m\n[workload w]\n"
				  "run = memhog 400m\n",
			     ""),
		     FL_LOST);
}

Test(outcomes, a_setting_that_the_kernel_lacks, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD "[settings]\nthp.promotion_threshold = 64\n[workload w]\n"
				  "run = busybox true\n",
			     "thp.promotion_threshold"),
		     FL_SKIPPED);
}

/* Who asked for it is named: [guest] has nothing to do with it. */
Test(outcomes, memory_that_the_machine_lacks, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD "[settings]\nguest.memory = 3000g\n[workload w]\n"
				  "run = busybox true\n",
			     "guest.memory = 3000g: the guest needs 3072000 MiB and this machine "
			     "has"),
		     FL_SKIPPED);
}

/* A word of the kernel's command line is looked at in every clock. */
Test(outcomes, a_word_of_the_command_line_by_the_instruction_clock, .timeout = 120)
{
	cr_expect_eq(outcome("[experiment]\nname = test\nkernel = stock\nrepeat = 1\n"
			     "timeout = 20s\n[guest]\nmemory = 512m\ncpus = 1\n"
			     "clock = instructions\n[settings]\nhotplug.online = offline\n"
			     "[workload w]\nrun = busybox true\n",
			     ""),
		     FL_OK);
}

Test(outcomes, the_neutral_value_of_a_setting_that_the_kernel_lacks, .timeout = 60)
{
	cr_expect_eq(outcome(HEAD "[settings]\nthp.promotion_threshold = 1\n[workload w]\n"
				  "run = busybox true\n",
			     ""),
		     FL_OK);
}

Test(outcomes, numa_nodes_zram_and_limits_are_real, .timeout = 60)
{
	cr_expect_eq(
		outcome("[experiment]\nname = test\nkernel = stock\nrepeat = 1\ntimeout = 40s\n"
			"[guest]\nmemory = 1g\ncpus = 2\nnuma = 2\n"
			"[settings]\nzram.size = 64m\n[workload w]\n"
			"run = busybox sh -c 'test -d /sys/devices/system/node/node1 && "
			"busybox grep -q zram0 /proc/swaps'\n",
			""),
		FL_OK);
}
