/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/content.h"
#include "harness/base/kept.h"
#include "harness/base/strv.h"
#include "harness/base/temp.h"

static char dir[64];

static void make(void)
{
	strcpy(dir, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(dir));
	setenv("TMPDIR", dir, 1);
}

static void drop(void)
{
	cleanup_free char *all = fl_asprintf("rm -rf '%s'", dir);

	cr_expect_eq(system(all), 0);
}

static char *in_dir(const char *name)
{
	return fl_asprintf("%s/%s", dir, name);
}

static bool is_there(const char *name)
{
	cleanup_free char *path = in_dir(name);

	return !access(path, F_OK);
}

/* 4 KiB, used so many seconds after some time long ago. */
static void keep(const char *name, time_t used)
{
	cleanup_free char *path = in_dir(name);
	struct timespec times[2] = { { .tv_sec = 1000000000 + used },
				     { .tv_sec = 1000000000 - used } };
	struct fl_error err = { 0 };
	char page[4096] = "x";
	int fd = fl_kept_begin(path, &err);

	cr_assert(fd >= 0, "%s", err.text);
	cr_assert_eq(write(fd, page, sizeof(page)), (ssize_t)sizeof(page));
	cr_assert_eq(fl_kept_publish(fd, path, &err), 0, "%s", err.text);
	cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

Test(kept, those_used_last_stay, .init = make, .fini = drop)
{
	cleanup_free char *a = in_dir("a");

	keep("a", 1);
	keep("b", 2);
	keep("c", 3);
	fl_kept_trim(dir, 3, UINT64_MAX);
	cr_expect(is_there("a") && is_there("b") && is_there("c"));
	close(fl_kept_open(a));
	fl_kept_trim(dir, 2, UINT64_MAX);
	cr_expect(is_there("a") && !is_there("b") && is_there("c"));
	fl_kept_trim(dir, 2, 4096);
	cr_expect(is_there("a") && !is_there("c"));
	cr_expect_eq(fl_kept_hold(a), 0);
	fl_kept_trim(dir, 0, 0);
	cr_expect(is_there("a"), "somebody holds it");
}

/* Begins and is killed there, or lives until it is told to end. */
static pid_t begin_apart(const char *name, int ready, int hold)
{
	cleanup_free char *path = in_dir(name);
	struct fl_temp temp;
	struct fl_error err;
	pid_t pid = fork();
	char byte;

	if (pid)
		return pid;
	if (fl_kept_begin(path, &err) < 0 || fl_temp_open(&temp, &err) || write(ready, "r", 1) != 1)
		_exit(1);
	if (read(hold, &byte, 1) != 1)
		_exit(1);
	kill(getpid(), SIGKILL);
	_exit(1);
}

static unsigned int count_temps(void)
{
	cleanup_dir DIR *d = opendir(dir);
	const struct dirent *e;
	unsigned int n = 0;

	while (d && (e = readdir(d)))
		n += !strncmp(e->d_name, "faultline-guest-", 16);
	return n;
}

Test(kept, what_a_killed_process_left_is_swept_and_a_living_one_s_is_not, .init = make,
     .fini = drop, .timeout = 60)
{
	int ready[2], hold[2];
	char byte;
	pid_t pid;

	cr_assert(!pipe(ready) && !pipe(hold));
	pid = begin_apart("state", ready[1], hold[0]);
	cr_assert_eq(read(ready[0], &byte, 1), 1);
	fl_kept_sweep(dir);
	fl_temp_sweep();
	cr_expect(is_there("state.new"));
	cr_expect_eq(count_temps(), 1);
	cr_assert_eq(write(hold[1], "k", 1), 1);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_expect(is_there("state.new"), "a kill leaves it");
	cr_expect_eq(count_temps(), 1);
	fl_kept_sweep(dir);
	fl_temp_sweep();
	cr_expect(!is_there("state.new"));
	cr_expect_eq(count_temps(), 0);
}

Test(kept, locks_of_earlier_versions_go, .init = make, .fini = drop)
{
	cleanup_free char *lock = in_dir("0123.lock");

	close(open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	fl_kept_sweep(dir);
	cr_expect(!is_there("0123.lock"));
}

Test(kept, content_is_of_bytes_and_a_change_is_seen, .init = make, .fini = drop)
{
	cleanup_free char *path = in_dir("a");
	uint64_t whole, part, changed;
	cleanup_fd int fd = -1;

	keep("a", 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	cr_assert_eq(fl_content_hash(fd, UINT64_MAX, &whole), 0);
	cr_assert_eq(fl_content_hash(fd, 100, &part), 0);
	cr_expect_neq(whole, part);
	cr_expect_eq(fl_content_hash(fd, 5000, &part), -EIO);
	cr_assert_eq(pwrite(fd, "y", 1, 4000), 1);
	cr_assert_eq(fl_content_hash(fd, UINT64_MAX, &changed), 0);
	cr_expect_neq(whole, changed);
}
