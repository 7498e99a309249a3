/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/send.h"

#include <errno.h>
#include <sys/socket.h>

int fl_send_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes, *end = at + len;

	while (at < end) {
		ssize_t n = send(fd, at, (size_t)(end - at), MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
	}
	return 0;
}
