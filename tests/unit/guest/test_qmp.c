/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/guest/qmp.h"

Test(qmp, takes_whole_lines_only)
{
	json_t *m;

	cr_expect_eq(fl_qmp_take("{\"a\":1}", 7, &m), 0);
	cr_expect_eq(fl_qmp_take("{\"a\":1}\r\n{", 10, &m), 9);
	cr_expect_eq(json_integer_value(json_object_get(m, "a")), 1);
	json_decref(m);
	cr_expect_eq(fl_qmp_take("[1]\n", 4, &m), -EPROTO);
	cr_expect_eq(fl_qmp_take("{\"a\":\n", 6, &m), -EPROTO);
}

/* A peer that has already said all it will. */
static int peer(const char *says)
{
	int s[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	cr_assert_eq(write(s[1], says, strlen(says)), (ssize_t)strlen(says));
	shutdown(s[1], SHUT_WR);
	return s[0];
}

Test(qmp, events_wait_and_errors_are_sentences)
{
	struct fl_error err = { 0 };
	struct fl_qmp *q;
	json_t *event;

	cr_assert_eq(fl_qmp_open(&q,
				 peer("{\"QMP\":{}}\r\n{\"return\":{},\"id\":1}\r\n"
				      "{\"event\":\"STOP\"}\r\n"
				      "{\"error\":{\"class\":\"X\",\"desc\":\"no such "
				      "thing\"},\"id\":2}\r\n"),
				 NULL, 1000, &err),
		     0, "%s", err.text);
	cr_expect_eq(fl_qmp_command(q, "balloon", NULL, NULL, 1000, &err), -1);
	cr_expect_not_null(strstr(err.text, "no such thing"), "%s", err.text);
	event = fl_qmp_event(q, 0);
	cr_expect_str_eq(json_string_value(json_object_get(event, "event")), "STOP");
	json_decref(event);
	cr_expect_eq(fl_qmp_command(q, "quit", NULL, NULL, 100, &err), -1, "the peer is gone");
	cr_expect_null(fl_qmp_event(q, 0));
	fl_qmp_close(q);
}

Test(qmp, garbage_is_no_greeting)
{
	struct fl_error err = { 0 };
	struct fl_qmp *q;

	cr_expect_eq(fl_qmp_open(&q, peer("hello\n"), NULL, 1000, &err), -1);
	cr_expect_eq(err.kind, FL_MACHINE);
}

static void *tell_events(void *arg)
{
	static const char event[] = "{\"event\": \"ACPI_DEVICE_OST\"}\n";
	int fd = *(int *)arg;

	while (send(fd, event, sizeof(event) - 1, MSG_NOSIGNAL) > 0)
		;
	close(fd);
	return NULL;
}

/* They are no answer, and no reason to wait for one for ever. */
Test(qmp, events_without_a_pause_end_no_deadline, .timeout = 60)
{
	static const char hello[] = "{\"QMP\": {}}\n{\"return\": {}, \"id\": 1}\n";
	struct fl_error err = { 0 };
	struct fl_qmp *q;
	pthread_t thread;
	int s[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	cr_assert_eq(write(s[1], hello, sizeof(hello) - 1), (ssize_t)sizeof(hello) - 1);
	cr_assert_eq(fl_qmp_open(&q, s[0], NULL, 1000, &err), 0, "%s", err.text);
	cr_assert_eq(pthread_create(&thread, NULL, tell_events, &s[1]), 0);
	cr_expect_eq(fl_qmp_command(q, "balloon", NULL, NULL, 100, &err), -1);
	cr_expect_str_eq(err.text, "QMP balloon: no answer in 100 ms");
	fl_qmp_close(q);
	pthread_join(thread, NULL);
}
