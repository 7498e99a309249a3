/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cursor rests in the first column of the line.  A terminal that rewraps when it gets narrower
 * keeps the cursor in the first row of that line, so the next redraw covers all of its rows.  A
 * terminal that cuts lines has a single row, and the cursor is in it.
 */
#include "harness/base/live.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/print.h"

#define EVERY_NS 250000000
#define TEXT_MAX 1024

static struct {
	fl_live_text *text; /* NULL: no line is shown */
	void *arg;
	char shown[TEXT_MAX];
	bool drawing, inside; /* other output has begun a line and not ended it */
	pthread_t thread;
	pthread_mutex_t lock; /* of stop */
	pthread_cond_t wake;
	bool stop;
} live = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool fl_live_can(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

size_t fl_live_fit(const char *text, unsigned int columns)
{
	unsigned int used = 0;
	size_t n = 0;

	while (text[n]) {
		unsigned char c = (unsigned char)text[n];

		if ((c & 0xc0) != 0x80)
			used += c < 0x80 ? 1 : 2;
		if (used > columns)
			break;
		n++;
	}
	return n;
}

/* A background job must not draw: the terminal belongs to the foreground process group. */
static bool in_front(void)
{
	pid_t group = tcgetpgrp(STDERR_FILENO);

	return group < 0 || group == getpgrp();
}

/* Leave the last column free: after writing to it, some terminals are in the next row already. */
static void draw(void)
{
	unsigned int columns = fl_terminal_width(STDERR_FILENO);
	size_t n = fl_live_fit(live.shown, columns ? columns - 1 : 79);

	if (live.inside || !*live.shown || !in_front())
		return;
	live.drawing = true;
	fl_print_raw(stderr, "\r");
	fprintf(stderr, "%.*s", (int)n, live.shown);
	fl_print_raw(stderr, "\033[J\r");
	live.drawing = false;
}

void fl_live_above(void)
{
	if (live.text && !live.drawing && !live.inside && *live.shown && in_front())
		fl_print_raw(stderr, "\r\033[J");
}

void fl_live_below(bool line_ended)
{
	if (!live.text || live.drawing)
		return;
	live.inside = !line_ended;
	draw();
}

/* Make the text before locking stderr: the callback may wait for a thread that prints. */
static void refresh(void)
{
	unsigned int columns = fl_terminal_width(STDERR_FILENO);
	char text[TEXT_MAX] = "";

	live.text(live.arg, columns ? columns - 1 : 79, text, sizeof(text));
	for (char *c = text; *c; c++) /* a tab or newline would leave the row */
		*c = (unsigned char)*c < ' ' ? ' ' : *c;
	flockfile(stderr);
	memcpy(live.shown, text, sizeof(text));
	draw();
	funlockfile(stderr);
}

static bool stopped(void)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += EVERY_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&live.lock);
	while (!live.stop &&
	       pthread_cond_clockwait(&live.wake, &live.lock, CLOCK_MONOTONIC, &until) != ETIMEDOUT)
		;
	stop = live.stop;
	pthread_mutex_unlock(&live.lock);
	return stop;
}

static void *keep(void *arg)
{
	(void)arg;
	do {
		refresh();
	} while (!stopped());
	return NULL;
}

void fl_live_begin(fl_live_text *text, void *arg)
{
	if (live.text || !fl_live_can())
		return;
	live.arg = arg;
	live.stop = live.inside = false;
	*live.shown = '\0';
	live.text = text;
	pthread_cond_init(&live.wake, NULL);
	if (pthread_create(&live.thread, NULL, keep, NULL))
		live.text = NULL;
}

void fl_live_end(void)
{
	if (!live.text)
		return;
	pthread_mutex_lock(&live.lock);
	live.stop = true;
	pthread_cond_signal(&live.wake);
	pthread_mutex_unlock(&live.lock);
	pthread_join(live.thread, NULL);
	flockfile(stderr);
	fl_live_above();
	live.text = NULL;
	funlockfile(stderr);
}
