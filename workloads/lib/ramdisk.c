// SPDX-License-Identifier: GPL-2.0
#include "ramdisk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aligned.h"

#define DISK "/dev/ram0"
#define CHUNK ((size_t)128 << 10)

/* Blocks of a page's size: a hole then needs no buffers. */
static int make_file_system(void)
{
	pid_t child = fork();
	int status, out;

	if (!child) {
		out = open("/dev/null", O_WRONLY);
		dup2(out, 1);
		dup2(out, 2);
		execlp("busybox", "busybox", "mke2fs", "-F", "-b", "4096", DISK, (char *)NULL);
		execlp("mke2fs", "mke2fs", "-q", "-F", "-b", "4096", "-t", "ext2", DISK,
		       (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ENODEV;
}

static int file_in(const char *dir, uint64_t bytes)
{
	char path[PATH_MAX];
	int fd, err;

	snprintf(path, sizeof(path), "%s/faultline-sparse-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlink(path);
	if (!ftruncate(fd, (off_t)bytes))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int ramdisk_file(const char *dir, uint64_t bytes)
{
	char place[] = "/tmp/faultline-ram-XXXXXX";
	int fd, err;

	if (dir)
		return file_in(dir, bytes);
	err = access(DISK, W_OK) ? -errno : make_file_system();
	if (err)
		return err;
	if (!mkdtemp(place))
		return -errno;
	fd = mount(DISK, place, "ext2", 0, NULL) ? -errno : file_in(place, bytes);
	/* Detached: it is gone when the file is closed. */
	umount2(place, MNT_DETACH);
	rmdir(place);
	return fd;
}

int ramdisk_read(int fd, uint64_t bytes)
{
	static unsigned char buffer[CHUNK];

	for (uint64_t at = 0; at < bytes; at += CHUNK)
		if (pread(fd, buffer, CHUNK, (off_t)at) < 0)
			return -errno;
	return 0;
}

long ramdisk_cached(int fd, uint64_t bytes)
{
	size_t pages = bytes / ALIGNED_PAGE;
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	unsigned char *in = malloc(pages);
	long n = 0;

	if (map == MAP_FAILED || !in || mincore(map, bytes, in))
		n = -errno;
	for (size_t i = 0; n >= 0 && i < pages; i++)
		n += in[i] & 1;
	if (map != MAP_FAILED)
		munmap(map, bytes);
	free(in);
	return n;
}
