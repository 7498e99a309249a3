/* SPDX-License-Identifier: GPL-2.0 */
/*
 * terminal COLUMNS [-r MS:COLUMNS]... [-f FILE] COMMAND [ARG...]
 *
 * Runs a command in a pseudo-terminal of that width, resized after so many milliseconds, and shows
 * what stays there, escape sequences carried out.  FILE gets every text that was drawn over:
 * "WIDTH TEXT", WIDTH being the terminal's.  A line wider than the terminal is said on standard
 * error, and the exit status is 99; else it is the command's.
 *
 * The terminal is one that wraps lines anew when it is resized: a line is kept whole, the cursor is
 * in a line and a column of it.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_LEN 4096
#define LINES_MAX 20000
#define RESIZES_MAX 16
#define GRACE_MS 400 /* what was drawn just before a resize may come just after it */

static char *lines[LINES_MAX];
static int n_lines = 1, line, column;
static int width, width_before;
static long resized_ms = -GRACE_MS;
static int too_wide;
static FILE *frames;

static struct {
	long at_ms;
	int columns;
} resizes[RESIZES_MAX];
static int n_resizes;

static long now_ms(void)
{
	static struct timespec began;
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	if (!began.tv_sec)
		began = t;
	return (t.tv_sec - began.tv_sec) * 1000 + (t.tv_nsec - began.tv_nsec) / 1000000;
}

static char *at(int i)
{
	if (!lines[i])
		lines[i] = calloc(1, LINE_MAX_LEN);
	return lines[i];
}

/* Columns of UTF-8. */
static int columns_of(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static int allowed(void)
{
	int recently = now_ms() - resized_ms < GRACE_MS;

	return recently && width_before > width ? width_before : width;
}

static void check(const char *text)
{
	if (columns_of(text) <= allowed())
		return;
	fprintf(stderr, "terminal: %d columns in %d: %s\n", columns_of(text), allowed(), text);
	too_wide = 1;
}

static void to_line(int next)
{
	line = next < LINES_MAX ? next : LINES_MAX - 1;
	if (line >= n_lines)
		n_lines = line + 1;
}

static void put(char c)
{
	char *text = at(line);

	for (int i = (int)strlen(text); i < column && i < LINE_MAX_LEN - 1; i++)
		text[i] = ' ';
	if (column < LINE_MAX_LEN - 1)
		text[column++] = c;
}

/* The end of a CSI sequence: K, J and colours are all that we may be sent. */
static void obey(const char *arguments, char last)
{
	if (last == 'K' || last == 'J')
		memset(at(line) + column, 0, (size_t)(LINE_MAX_LEN - column));
	if (last == 'J')
		for (int i = line + 1; i < n_lines; i++)
			*at(i) = '\0';
	if (last == 'J')
		n_lines = line + 1;
	if (!strchr("KJm", last)) {
		fprintf(stderr, "terminal: unknown sequence %s%c\n", arguments, last);
		too_wide = 1;
	}
}

static void take(char c)
{
	static char sequence[32];
	static size_t len;
	static int inside; /* 1: behind ESC, 2: behind ESC [ */

	if (inside == 1) {
		inside = c == '[' ? 2 : 0;
		len = 0;
	} else if (inside == 2 && (c < '@' || c > '~')) {
		sequence[len < sizeof(sequence) - 1 ? len++ : len] = c;
	} else if (inside == 2) {
		sequence[len] = '\0';
		obey(sequence, c);
		inside = 0;
	} else if (c == '\033') {
		inside = 1;
	} else if (c == '\n') {
		check(at(line));
		to_line(line + 1);
	} else if (c == '\r') {
		check(at(line));
		if (frames && column)
			fprintf(frames, "%d %s\n", allowed(), at(line));
		column = 0;
	} else {
		put(c);
	}
}

static void resize(int fd)
{
	struct winsize w = { .ws_row = 24 };

	for (int i = 0; i < n_resizes; i++) {
		if (!resizes[i].columns || now_ms() < resizes[i].at_ms)
			continue;
		width_before = width;
		width = resizes[i].columns;
		resized_ms = now_ms();
		resizes[i].columns = 0;
		w.ws_col = (unsigned short)width;
		ioctl(fd, TIOCSWINSZ, &w);
	}
}

static void show(int fd)
{
	char buf[4096];
	ssize_t n;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		resize(fd);
		if (poll(&p, 1, 20) < 0 && errno != EINTR)
			return;
		if (!(p.revents & (POLLIN | POLLHUP)))
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			return; /* EIO: the last one who had it open is gone */
		for (ssize_t i = 0; i < n; i++)
			take(buf[i]);
	}
}

static int usage(void)
{
	fprintf(stderr, "terminal COLUMNS [-r MS:COLUMNS]... [-f FILE] COMMAND [ARG...]\n");
	return 2;
}

static int options(int argc, char **argv)
{
	int o;

	while ((o = getopt(argc, argv, "+r:f:")) >= 0) {
		if (o == 'f')
			frames = fopen(optarg, "w");
		else if (o != 'r' || n_resizes == RESIZES_MAX ||
			 sscanf(optarg, "%ld:%d", &resizes[n_resizes].at_ms,
				&resizes[n_resizes].columns) != 2)
			return -1;
		else
			n_resizes++;
	}
	return optind < argc ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct winsize w = { .ws_row = 24 };
	int fd, status;
	pid_t pid;

	width = argc > 1 ? atoi(argv[1]) : 0;
	if (width < 1 || options(argc - 1, argv + 1))
		return usage();
	w.ws_col = (unsigned short)width;
	setenv("TERM", "xterm-256color", 1);
	pid = forkpty(&fd, NULL, NULL, &w);
	if (pid < 0)
		return usage();
	if (!pid) {
		execvp(argv[1 + optind], argv + 1 + optind);
		_exit(127);
	}
	show(fd);
	waitpid(pid, &status, 0);
	for (int i = 0; i < n_lines; i++)
		if (i + 1 < n_lines || *at(i))
			puts(at(i));
	if (frames)
		fclose(frames);
	if (too_wide)
		return 99;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
