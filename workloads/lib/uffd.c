// SPDX-License-Identifier: GPL-2.0
#include "uffd.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int uffd_open(uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || !ioctl(fd, UFFDIO_API, &api))
		return fd;
	close(fd);
	return -1;
}

int uffd_register(int fd, const void *at, size_t len, uint64_t mode)
{
	struct uffdio_register reg = { .range = { (uintptr_t)at, len }, .mode = mode };

	return ioctl(fd, UFFDIO_REGISTER, &reg);
}

int uffd_unregister(int fd, const void *at, size_t len)
{
	struct uffdio_range range = { (uintptr_t)at, len };

	return ioctl(fd, UFFDIO_UNREGISTER, &range);
}
