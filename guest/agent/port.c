/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/agent/agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "harness/wire/listing.h"

#define PORT_NAME "org.faultline.0"
#define PIECE_MAX 65536

static int port = -1;
static char file_text[FL_FRAME_TEXT_MAX];

uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Is this the port of our name?  Its name comes a moment after the device. */
static int try_port(const char *device)
{
	char path[300], name[64] = "";
	int fd, n = 0;

	snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", device);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		n = (int)read(fd, name, sizeof(name) - 1);
		close(fd);
	}
	if (n <= 0 || strncmp(name, PORT_NAME, strlen(PORT_NAME)))
		return -1;
	snprintf(path, sizeof(path), "/dev/%s", device);
	return open(path, O_RDWR | O_CLOEXEC);
}

static int find_port(void)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	const struct dirent *d;
	int fd = -1;

	while (dir && fd < 0 && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			fd = try_port(d->d_name);
	if (dir)
		closedir(dir);
	return fd;
}

int port_open(void)
{
	for (int i = 0; i < 1000 && port < 0; i++) {
		port = find_port();
		if (port < 0)
			usleep(10000);
	}
	if (port < 0)
		world_die("no virtio port " PORT_NAME);
	return port;
}

static void write_all(struct iovec *v, int n)
{
	while (n) {
		ssize_t wrote = writev(port, v, n);

		if (wrote < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (wrote < 0)
			world_die("the virtio port cannot be written");
		while (n && (size_t)wrote >= v->iov_len) {
			wrote -= (ssize_t)v->iov_len;
			v++;
			n--;
		}
		if (n) {
			v->iov_base = (char *)v->iov_base + wrote;
			v->iov_len -= (size_t)wrote;
		}
	}
}

static void send_frame(enum fl_frame_type type, uint8_t flags, const char *name, const void *text,
		       size_t len)
{
	uint8_t head[FL_FRAME_HEAD];
	size_t name_len = name ? strnlen(name, FL_FRAME_NAME_MAX) : 0;
	struct iovec v[3] = {
		{ head, sizeof(head) },
		{ (void *)name, name_len },
		{ (void *)text, len },
	};

	fl_frame_head(head, type, flags, clock_ns(), name_len, len);
	write_all(v, 3);
}

void port_send(enum fl_frame_type type, const char *name, const void *text, size_t len)
{
	uint8_t flags = len > FL_FRAME_TEXT_MAX;

	send_frame(type, flags, name, text, flags ? FL_FRAME_TEXT_MAX : len);
}

void port_sendf(enum fl_frame_type type, const char *name, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	port_send(type, name, text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* Reads until there is so much or no more: files of the kernel come a page at a time. */
static size_t read_full(int fd, char *to, size_t len)
{
	size_t got = 0;
	ssize_t n;

	while (got < len && (n = read(fd, to + got, len - got)) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		got += n > 0 ? (size_t)n : 0;
	}
	return got;
}

void port_send_pieces(const char *path, uint64_t most)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n;

	while (fd >= 0 && most) {
		n = read_full(fd, file_text, most < PIECE_MAX ? (size_t)most : PIECE_MAX);
		if (!n)
			break;
		port_send(FL_PIECE, path, file_text, n);
		most -= n;
	}
	if (fd >= 0)
		close(fd);
	port_send(FL_PIECE, path, NULL, 0);
}

void port_send_listing(enum fl_frame_type type, const char *pattern)
{
	size_t len = fl_listing_read(file_text, sizeof(file_text), pattern);

	if (len)
		send_frame(type, 0, pattern, file_text, len);
}

bool port_send_file(enum fl_frame_type type, const char *name, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	if (fd < 0)
		return false;
	while (len < sizeof(file_text) &&
	       (n = read(fd, file_text + len, sizeof(file_text) - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (n < 0 && !len)
		return false;
	send_frame(type, n > 0, name, file_text, len);
	return true;
}
