// SPDX-License-Identifier: GPL-2.0
#include "memory_block.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel_file.h"

#define BLOCKS "/sys/devices/system/memory/"

/* Of /proc/self/pagemap (Documentation/admin-guide/mm/pagemap.rst). */
static int frame_of(const void *at, uint64_t *frame)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE), entry = 0;
	off_t where = (off_t)((uintptr_t)at / size * sizeof(entry));
	ssize_t got = fd < 0 ? -1 : pread(fd, &entry, sizeof(entry), where);

	if (fd >= 0)
		close(fd);
	if (got != sizeof(entry) || !(entry >> 63))
		return -ENOENT;
	*frame = entry & ((UINT64_C(1) << 55) - 1);
	return *frame ? 0 : -EACCES;
}

static uint64_t block_size(void)
{
	FILE *in = fopen(BLOCKS "block_size_bytes", "re");
	uint64_t bytes = 0;

	if (in) {
		if (fscanf(in, "%" SCNx64, &bytes) != 1)
			bytes = 0;
		fclose(in);
	}
	return bytes;
}

int memory_block_of(const void *at, char path[MEMORY_BLOCK_PATH])
{
	uint64_t size = block_size(), frame;
	int err = size ? frame_of(at, &frame) : -ENODEV;

	if (!err)
		snprintf(path, MEMORY_BLOCK_PATH, BLOCKS "memory%" PRIu64 "/state",
			 frame * (uint64_t)sysconf(_SC_PAGESIZE) / size);
	return err;
}

static void nothing_on(int signal)
{
	(void)signal;
}

int memory_block_offline(const char *path, long ms)
{
	struct sigaction act = { .sa_handler = nothing_on };
	struct sigevent to = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	struct itimerspec when = { .it_value = { ms / 1000, ms % 1000 * 1000000 },
				   .it_interval = { 0, 50 * 1000000 } };
	timer_t timer;
	int err;

	sigaction(SIGUSR1, &act, NULL);
	to._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (timer_create(CLOCK_MONOTONIC, &to, &timer))
		return -errno;
	timer_settime(timer, 0, &when, NULL);
	err = kernel_put(path, "offline");
	timer_delete(timer);
	return err;
}
