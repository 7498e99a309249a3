/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/qmp.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/interrupt.h"
#include "harness/base/strv.h"
#include "harness/guest/bounds.h"
#include "harness/guest/send.h"

#define LINE_MAX_BYTES (1u << 20)
#define EVENTS_MAX 256
#define TURN_MS 200 /* how often interrupts are checked */

struct fl_qmp {
	int fd;
	FILE *log;
	char *buf;
	size_t used;
	json_t *events; /* array, oldest first */
	unsigned int serial;
	size_t logged; /* bytes */
};

int fl_qmp_take(const char *buf, size_t len, json_t **message)
{
	const char *end = memchr(buf, '\n', len);
	size_t line = end ? (size_t)(end - buf) + 1 : len;

	*message = NULL;
	if (line > LINE_MAX_BYTES)
		return -EMSGSIZE;
	if (!end)
		return 0;
	*message = json_loadb(buf, line, 0, NULL);
	if (!json_is_object(*message)) {
		json_decref(*message);
		*message = NULL;
		return -EPROTO;
	}
	return (int)line;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void log_line(struct fl_qmp *q, const char *mark, const char *line, size_t len)
{
	size_t room = FL_GUEST_FILE_MAX - q->logged;

	if (!q->log || !room)
		return;
	len = len + 2 < room ? len + 2 : room;
	fprintf(q->log, "%.*s", (int)len, mark);
	if (len > 2)
		fwrite(line, 1, len - 2, q->log);
	fflush(q->log);
	q->logged += len;
}

/*
 * The next message of any kind: new reference; NULL: timeout, the peer is gone, or it broke the
 * protocol.
 */
static json_t *next_message(struct fl_qmp *q, int64_t until)
{
	for (;;) {
		struct pollfd p = { q->fd, POLLIN, 0 };
		json_t *message;
		int64_t left = until - now_ms();
		int taken = fl_qmp_take(q->buf, q->used, &message);
		ssize_t n;
		int got;

		if (taken < 0)
			return NULL;
		if (taken) {
			log_line(q, "< ", q->buf, (size_t)taken);
			q->used -= (size_t)taken;
			memmove(q->buf, q->buf + taken, q->used);
			return message;
		}
		got = poll(&p, 1, left <= 0 ? 0 : left < TURN_MS ? (int)left : TURN_MS);
		if (got <= 0) {
			if ((!got || errno == EINTR) && left > 0 && !fl_interrupted())
				continue;
			return NULL;
		}
		n = recv(q->fd, q->buf + q->used, LINE_MAX_BYTES + 1 - q->used, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return NULL;
		q->used += n > 0 ? (size_t)n : 0;
	}
}

int fl_qmp_open(struct fl_qmp **out, int fd, const char *log_path, int timeout_ms,
		struct fl_error *err)
{
	struct fl_qmp *q = fl_calloc(1, sizeof(*q));
	json_t *greeting;
	bool good;

	q->fd = fd;
	q->buf = fl_alloc(LINE_MAX_BYTES + 1);
	q->events = json_array();
	q->log = log_path ? fopen(log_path, "we") : NULL;
	greeting = next_message(q, now_ms() + timeout_ms);
	good = json_object_get(greeting, "QMP") != NULL;
	json_decref(greeting);
	if (!good) {
		fl_qmp_close(q);
		return fl_fail(err, FL_MACHINE, "QEMU sent no QMP greeting");
	}
	if (fl_qmp_command(q, "qmp_capabilities", NULL, NULL, timeout_ms, err)) {
		fl_qmp_close(q);
		return -1;
	}
	*out = q;
	return 0;
}

void fl_qmp_close(struct fl_qmp *q)
{
	if (!q)
		return;
	close(q->fd);
	if (q->log)
		fclose(q->log);
	json_decref(q->events);
	free(q->buf);
	free(q);
}

/* A descriptor goes with the first bytes. */
static int send_with(int socket, int fd, const char *line, size_t len)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec text = { .iov_base = (void *)line, .iov_len = len };
	struct msghdr m = { .msg_iov = &text,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	ssize_t n;

	control.head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
					 .cmsg_type = SCM_RIGHTS,
					 .cmsg_len = CMSG_LEN(sizeof(int)) };
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	do {
		n = sendmsg(socket, &m, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : fl_send_all(socket, line + n, len - (size_t)n);
}

/* fd: goes with it; -1: none. */
static int send_command(struct fl_qmp *q, const char *name, json_t *args, int fd)
{
	json_t *message = json_pack("{s:s, s:i}", "execute", name, "id", (int)++q->serial);
	cleanup_free char *text = NULL, *line = NULL;
	size_t len;

	if (args)
		json_object_set_new(message, "arguments", args);
	text = json_dumps(message, JSON_COMPACT);
	json_decref(message);
	if (!text)
		return -EINVAL;
	line = fl_asprintf("%s\n", text);
	len = strlen(line);
	log_line(q, "> ", line, len);
	return fd < 0 ? fl_send_all(q->fd, line, len) : send_with(q->fd, fd, line, len);
}

static int take_answer(json_t *message, const char *name, json_t **ret, struct fl_error *err)
{
	json_t *error = json_object_get(message, "error");
	const char *desc = json_string_value(json_object_get(error, "desc"));

	if (error)
		return fl_fail(err, FL_FAILED, "QMP %s: %s", name, desc ? desc : "failed");
	if (ret)
		*ret = json_incref(json_object_get(message, "return"));
	return 0;
}

/* A guest can cause any number of them. */
static void keep_event(struct fl_qmp *q, json_t *event)
{
	if (json_array_size(q->events) == EVENTS_MAX)
		json_array_remove(q->events, 0);
	json_array_append_new(q->events, event);
}

static int command(struct fl_qmp *q, const char *name, json_t *args, int fd, json_t **ret,
		   int timeout_ms, struct fl_error *err)
{
	int64_t until = now_ms() + timeout_ms;
	json_t *message;
	int r;

	if (send_command(q, name, args, fd))
		return fl_fail(err, FL_MACHINE, "QMP %s: QEMU has exited", name);
	while ((message = next_message(q, until))) {
		if (json_object_get(message, "event")) {
			keep_event(q, message);
			if (now_ms() > until)
				break;
			continue;
		}
		if (json_integer_value(json_object_get(message, "id")) == q->serial) {
			r = take_answer(message, name, ret, err);
			json_decref(message);
			return r;
		}
		json_decref(message);
	}
	return fl_fail(err, FL_MACHINE, "QMP %s: no answer in %d ms", name, timeout_ms);
}

int fl_qmp_command(struct fl_qmp *q, const char *name, json_t *args, json_t **ret, int timeout_ms,
		   struct fl_error *err)
{
	return command(q, name, args, -1, ret, timeout_ms, err);
}

int fl_qmp_give(struct fl_qmp *q, const char *name, int fd, int timeout_ms, struct fl_error *err)
{
	return command(q, "getfd", json_pack("{ss}", "fdname", name), fd, NULL, timeout_ms, err);
}

json_t *fl_qmp_event(struct fl_qmp *q, int timeout_ms)
{
	int64_t until = now_ms() + timeout_ms;
	json_t *message;

	if (json_array_size(q->events)) {
		message = json_incref(json_array_get(q->events, 0));
		json_array_remove(q->events, 0);
		return message;
	}
	while ((message = next_message(q, until))) {
		if (json_object_get(message, "event"))
			return message;
		json_decref(message);
		if (now_ms() > until)
			break;
	}
	return NULL;
}
