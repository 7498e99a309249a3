/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A QEMU of the tests, found on PATH in the place of the real one: its guest says
 * READY, answers, runs a workload that ends well, and at one moment does what the
 * environment's LIAR names.  To add a lie: a function and a line of the table.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/wire/frame.h"

static int port = -1, qmp = -1;
static const char *console = "/dev/null";

static void put(int fd, const void *bytes, size_t len)
{
	for (const char *at = bytes; len;) {
		ssize_t n = write(fd, at, len);

		if (n < 0)
			exit(1);
		at += n;
		len -= (size_t)n;
	}
}

static void say(enum fl_frame_type type, const char *name, const void *text, size_t len)
{
	uint8_t head[FL_FRAME_HEAD];
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	fl_frame_head(head, type, 0, (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec,
		      strlen(name), len);
	put(port, head, sizeof(head));
	put(port, name, strlen(name));
	put(port, text, len);
}

static void say_text(enum fl_frame_type type, const char *name, const char *text)
{
	say(type, name, text, strlen(text));
}

static char page[65536];

/* --- the lies --- */

static void beats(void)
{
	for (;;)
		say_text(FL_BEAT, "", "");
}

static void texts(void)
{
	for (;;)
		say(FL_TEXT, "/proc/1/status", page, sizeof(page));
}

static void ticks(void)
{
	for (;;) {
		say_text(FL_TEXT, "/proc/meminfo", "MemFree: 1 kB\n");
		say_text(FL_TICK, "", "index 1 cost_ns 1 cause timer");
	}
}

static void output(void)
{
	for (;;)
		say(FL_OUT, "stdout", page, sizeof(page));
}

static void latencies(void)
{
	for (;;)
		say(FL_LATENCY, "", page, sizeof(page));
}

/* Of a frame that does not end, a byte at a time: no frame comes. */
static void pieces(void)
{
	uint8_t head[FL_FRAME_HEAD];

	fl_frame_head(head, FL_TEXT, 0, 0, 0, FL_FRAME_TEXT_MAX);
	put(port, head, sizeof(head));
	for (;;) {
		put(port, "x", 1);
		usleep(1000);
	}
}

static void fill(const char *path)
{
	FILE *f = fopen(path, "a");

	for (int i = 0; f && i < 1024; i++)
		fwrite(page, 1, sizeof(page), f);
	if (f)
		fclose(f);
}

static void fill_console(void)
{
	fill(console);
}

static void fill_log(void)
{
	fill("/dev/stderr");
}

static void host_file(void)
{
	say_text(FL_TEXT, "host:smaps", "7f0000000000-7f0001000000 rw-p 0 0:0 0\nRss: 77777 kB\n");
	say_text(FL_TICK, "", "index 1 cost_ns 1 cause timer");
}

static void qmp_answer(void)
{
	say_text(FL_TEXT, "qmp:query-balloon", "{\"actual\": 4096}");
}

static void interrupt_and_beat(void)
{
	kill(getppid(), SIGINT);
	beats();
}

static void events(void)
{
	static const char event[] = "{\"event\": \"ACPI_DEVICE_OST\", \"data\": {}}\n";

	for (;;)
		put(qmp, event, sizeof(event) - 1);
}

/* What QEMU 7.2 makes of a kernel that patches its code while another CPU runs it. */
static void int3(void)
{
	FILE *f = fopen(console, "a");

	if (f) {
		fputs("[    0.1] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI\n"
		      "[    0.1] Kernel panic - not syncing: Fatal exception in interrupt\n",
		      f);
		fclose(f);
	}
	sleep(1); /* the harness asks QMP first */
	exit(0);
}

static const struct lie {
	const char *name;
	enum fl_frame_type at; /* FL_READY: instead of it; else in answer to that */
	void (*tell)(void);
} lies[] = {
	{ "beats", FL_RUN, beats },
	{ "beats-at-boot", FL_READY, beats },
	{ "console", FL_RUN, fill_console },
	{ "events", FL_RUN, events },
	{ "host-file", FL_RUN, host_file },
	{ "int3", FL_RUN, int3 },
	{ "int3-at-boot", FL_READY, int3 },
	{ "interrupt", FL_RUN, interrupt_and_beat },
	{ "interrupt-at-boot", FL_READY, interrupt_and_beat },
	{ "interrupt-at-sync", FL_SYNC, interrupt_and_beat },
	{ "latency", FL_RUN, latencies },
	{ "log", FL_RUN, fill_log },
	{ "output", FL_RUN, output },
	{ "pieces", FL_RUN, pieces },
	{ "qmp-answer", FL_RUN, qmp_answer },
	{ "texts", FL_RUN, texts },
	{ "ticks", FL_RUN, ticks },
};

/* --- the guest --- */

static void lie_at(enum fl_frame_type type)
{
	const char *name = getenv("LIAR");

	for (size_t i = 0; name && i < sizeof(lies) / sizeof(lies[0]); i++)
		if (lies[i].at == type && !strcmp(lies[i].name, name))
			lies[i].tell();
}

static void run(void)
{
	say_text(FL_STARTED, "", "pid 10");
	lie_at(FL_RUN);
	say_text(FL_EXIT, "",
		 "exited 0\nmaxrss_kib 1 user_us 1 system_us 1 minflt 1 majflt 0 began_ns 1 "
		 "ended_ns 2\n");
}

static void answer(const struct fl_frame *f)
{
	switch (f->type) {
	case FL_SYNC:
		lie_at(FL_SYNC);
		say(FL_SYNCED, "", f->text, f->len);
		break;
	case FL_READ:
		say_text(FL_TEXT, f->name, "7.3.0\n");
		break;
	case FL_RUN:
		run();
		break;
	case FL_OFF:
		say_text(FL_END, "", "");
		exit(0);
	default:
		break;
	}
}

static void *serve_qmp(void *arg)
{
	static const char hello[] = "{\"QMP\": {\"version\": {}}}\n";
	char line[4096], text[128];
	unsigned int id = 0;
	FILE *in = fdopen(dup(qmp), "r");

	put(qmp, hello, sizeof(hello) - 1);
	while (in && fgets(line, sizeof(line), in)) {
		put(qmp, text,
		    (size_t)snprintf(text, sizeof(text), "{\"return\": {}, \"id\": %u}\n", ++id));
	}
	return arg;
}

static void take_argument(const char *arg)
{
	if (sscanf(arg, "socket,id=qmp,fd=%d", &qmp) == 1 ||
	    sscanf(arg, "socket,id=port,fd=%d", &port) == 1)
		return;
	if (!strncmp(arg, "file,id=console,path=", 21))
		console = arg + 21;
}

int main(int argc, char **argv)
{
	struct fl_frame_reader reader = { 0 };
	struct fl_frame f;
	pthread_t thread;
	ssize_t n = 1;

	for (int i = 1; i < argc; i++)
		take_argument(argv[i]);
	if (qmp < 0 || port < 0)
		return puts("QEMU emulator version 0 (liar)") < 0;
	memset(page, 'x', sizeof(page));
	pthread_create(&thread, NULL, serve_qmp, NULL);
	lie_at(FL_READY);
	say_text(FL_READY, "3", "cpus 1\nmemory_kib 1\nexact 0\n");
	while (n > 0) {
		size_t room;
		void *to = fl_frame_reader_room(&reader, &room);

		n = read(port, to, room);
		fl_frame_reader_fed(&reader, n > 0 ? (size_t)n : 0);
		while (fl_frame_reader_next(&reader, &f) == 1)
			answer(&f);
	}
	return 1;
}
