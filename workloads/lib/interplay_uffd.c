// SPDX-License-Identifier: GPL-2.0
/* Interplay cases: userfaultfd. */
#include "interplay_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "uffd.h"

#define NONE "no userfaultfd, or not this use of it"

/* On and off again. */
enum case_result uffd_write_protect(struct range *r)
{
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)range_at(r, MIDDLE), PAGES * PAGE },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	enum case_result result = CASE_OK;
	int fd = uffd_open(UFFD_FEATURE_PAGEFAULT_FLAG_WP);

	if (fd < 0)
		return case_skip(r, NONE);
	if (uffd_register(fd, range_at(r, MIDDLE), PAGES * PAGE, UFFDIO_REGISTER_MODE_WP)) {
		close(fd);
		return case_skip(r, NONE);
	}
	if (ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		result = case_failed("UFFDIO_WRITEPROTECT");
	else if (range_check(r, "write-protected"))
		result = CASE_CORRUPT;
	wp.mode = 0;
	if (result == CASE_OK && ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		result = case_failed("UFFDIO_WRITEPROTECT off");
	close(fd);
	return result;
}

struct server {
	struct range *r;
	int fd, stop; /* the userfaultfd; a pipe that is closed when all is done */
	bool failed;
	unsigned char *page;
};

/* A page that is there already, zero as part of a huge page, stays. */
static int copy_in(struct server *s, size_t page)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)range_at(s->r, page),
		.src = (uintptr_t)s->page,
		.len = PAGE,
	};

	pattern_fill(s->r->pattern, s->page, page * PAGE, s->r->generation[page]);
	if (ioctl(s->fd, UFFDIO_COPY, &copy))
		return errno == EEXIST ? 0 : -1;
	range_expect(s->r, page, 1, RANGE_FULL);
	return 0;
}

static void *serve(void *arg)
{
	struct server *s = arg;
	struct pollfd fds[] = { { s->fd, POLLIN, 0 }, { s->stop, POLLIN, 0 } };
	struct uffd_msg msg;

	while (!s->failed && poll(fds, 2, -1) > 0 && !fds[1].revents) {
		uintptr_t at;

		if (read(s->fd, &msg, sizeof(msg)) != sizeof(msg))
			continue;
		at = (uintptr_t)msg.arg.pagefault.address;
		if (copy_in(s, (at - (uintptr_t)s->r->map) / PAGE)) {
			s->failed = true; /* and nobody waits for ever */
			uffd_unregister(s->fd, range_at(s->r, MIDDLE), PAGES * PAGE);
		}
	}
	return NULL;
}

/* The first half is put in unasked, the second when it is read. */
static bool bring_in(struct server *s)
{
	pthread_t thread;
	int gate[2];

	for (size_t i = 0; i < PAGES / 2; i++)
		if (copy_in(s, MIDDLE + i))
			return false;
	if (pipe2(gate, O_CLOEXEC))
		return false;
	s->stop = gate[0];
	if (!pthread_create(&thread, NULL, serve, s)) {
		for (size_t i = PAGES / 2; i < PAGES; i++)
			(void)*(volatile unsigned char *)range_at(s->r, MIDDLE + i);
		close(gate[1]);
		pthread_join(thread, NULL);
	} else {
		close(gate[1]);
		s->failed = true;
	}
	close(gate[0]);
	return !s->failed;
}

enum case_result uffd_missing(struct range *r)
{
	struct server s = { .r = r, .fd = uffd_open(0) };
	enum case_result result = CASE_OK;

	if (s.fd < 0)
		return case_skip(r, NONE);
	s.page = malloc(PAGE);
	if (!s.page ||
	    uffd_register(s.fd, range_at(r, MIDDLE), PAGES * PAGE, UFFDIO_REGISTER_MODE_MISSING))
		result = case_failed("UFFDIO_REGISTER");
	else if (!bring_in(&s))
		result = case_failed("UFFDIO_COPY");
	else if (range_check(r, "brought in"))
		result = CASE_CORRUPT;
	close(s.fd);
	free(s.page);
	return result;
}

/* Of the middle region's size, page table by page table; holes stay holes. */
static int move_all(int fd, const void *to, const void *from)
{
	size_t done = 0;

	while (done < PAGES * PAGE) {
		struct uffdio_move move = {
			.dst = (uintptr_t)to + done,
			.src = (uintptr_t)from + done,
			.len = PAGES * PAGE - done,
			.mode = UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES,
		};

		if (!ioctl(fd, UFFDIO_MOVE, &move))
			return 0;
		if (errno != EAGAIN)
			return -1;
		done += move.move > 0 ? (size_t)move.move : 0;
	}
	return 0;
}

enum case_result uffd_move(struct range *r)
{
	unsigned char *at = range_at(r, MIDDLE), *room;
	enum case_result result = CASE_OK;
	int fd = uffd_open(UFFD_FEATURE_MOVE);

	if (fd < 0)
		return case_skip(r, NONE);
	room = aligned_map(ALIGNED_REGION, "room");
	if (!room || uffd_register(fd, room, PAGES * PAGE, UFFDIO_REGISTER_MODE_MISSING) ||
	    uffd_register(fd, at, PAGES * PAGE, UFFDIO_REGISTER_MODE_MISSING))
		result = case_failed("UFFDIO_REGISTER");
	else if (move_all(fd, room, at))
		result = case_failed("UFFDIO_MOVE");
	else if (move_all(fd, at, room))
		result = case_failed("UFFDIO_MOVE back");
	close(fd);
	if (room)
		aligned_unmap(room, ALIGNED_REGION);
	return result;
}
