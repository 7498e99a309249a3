/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/print.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/live.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"

/* A filtered descriptor, and the first bytes of a character that is still incomplete. */
struct stream {
	int fd;
	char held[5]; /* and a NUL */
	size_t n;
	bool colours;
	const char *colour; /* colour of the text being written; NULL: none */
};

static struct stream output = { .fd = STDOUT_FILENO }, error = { .fd = STDERR_FILENO };

static bool write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* Flushes the incomplete character: as it is, or a '?' for each of its bytes. */
static char *give(struct stream *s, char *out)
{
	size_t bad;
	bool good;

	s->held[s->n] = '\0';
	good = s->n && fl_plain_length(s->held, &bad) == s->n;
	for (size_t i = 0; i < s->n; i++)
		*out++ = good ? s->held[i] : '?';
	s->n = 0;
	return out;
}

static bool write_coloured(const struct stream *s, const char *text, size_t len)
{
	bool good = !s->colour || write_all(s->fd, s->colour, strlen(s->colour));

	good = write_all(s->fd, text, len) && good;
	return (!s->colour || write_all(s->fd, "\033[m", 3)) && good;
}

static ssize_t write_harmless(void *cookie, const char *text, size_t len)
{
	struct stream *s = cookie;
	char *clean = fl_alloc(len + sizeof(s->held)), *out = clean;
	bool good;

	for (size_t i = 0; i < len; i++) {
		if (s->n && ((unsigned char)text[i] & 0xc0) != 0x80)
			out = give(s, out);
		s->held[s->n++] = text[i];
		if (s->n >= fl_plain_wanted(s->held[0]))
			out = give(s, out);
	}
	if (s == &error)
		fl_live_above();
	good = write_coloured(s, clean, (size_t)(out - clean));
	if (s == &error)
		fl_live_below(out == clean || out[-1] == '\n');
	free(clean);
	return good ? (ssize_t)len : 0;
}

static int end(void *cookie)
{
	struct stream *s = cookie;
	char rest[sizeof(s->held)];
	bool good = write_all(s->fd, rest, (size_t)(give(s, rest) - rest));

	return close(s->fd) || !good ? -1 : 0;
}

static FILE *open_harmless(struct stream *s, int mode)
{
	FILE *f = fopencookie(s, "w",
			      (cookie_io_functions_t){ .write = write_harmless, .close = end });

	if (f)
		setvbuf(f, NULL, mode, BUFSIZ);
	return f;
}

void fl_print_harmless(void)
{
	FILE *f = open_harmless(&output, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);

	stdout = f ? f : stdout;
	f = open_harmless(&error, _IONBF);
	stderr = f ? f : stderr;
}

void fl_print_colours(enum fl_colours when)
{
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
	bool wanted = !(none && *none) && term && strcmp(term, "dumb") != 0;

	output.colours = when == FL_COLOURS_ALWAYS ||
			 (when == FL_COLOURS_AUTO && wanted && isatty(STDOUT_FILENO));
	error.colours = when == FL_COLOURS_ALWAYS ||
			(when == FL_COLOURS_AUTO && wanted && isatty(STDERR_FILENO));
}

static struct stream *stream_of(FILE *out)
{
	if (out == stdout)
		return &output;
	return out == stderr ? &error : NULL;
}

void fl_print_colour(FILE *out, enum fl_colour colour, const char *text)
{
	static const char *const sequences[] = {
		[FL_GREEN] = "\033[32m",
		[FL_YELLOW] = "\033[33m",
		[FL_RED] = "\033[1;31m",
	};
	struct stream *s = stream_of(out);

	if (!s || !s->colours) {
		fputs(text, out);
		return;
	}
	flockfile(out);
	fflush(out);
	s->colour = sequences[colour];
	fputs(text, out);
	fflush(out);
	s->colour = NULL;
	funlockfile(out);
}

void fl_print_raw(FILE *out, const char *sequence)
{
	const struct stream *s = stream_of(out);

	fflush(out);
	if (s)
		write_all(s->fd, sequence, strlen(sequence));
}

unsigned int fl_terminal_width(int fd)
{
	struct winsize w = { 0 };

	return ioctl(fd, TIOCGWINSZ, &w) ? 0 : w.ws_col;
}

unsigned int fl_terminal_columns(void)
{
	unsigned int columns = fl_terminal_width(STDOUT_FILENO);
	const char *text = getenv("COLUMNS");
	uint64_t n;

	if (!columns && text && !fl_parse_u64(text, 1, 10000, &n))
		columns = (unsigned int)n;
	return columns ? columns : 80;
}
