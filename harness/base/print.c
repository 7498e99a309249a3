/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/print.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/plain.h"
#include "harness/base/strv.h"

/* A descriptor that is written to harmlessly, and the beginning of a character that is not whole.
 */
struct stream {
	int fd;
	char held[5]; /* and a NUL */
	size_t n;
};

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

/* Ends what is held: as it is, or a '?' for each of its bytes. */
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
	good = write_all(s->fd, clean, (size_t)(out - clean));
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
	static struct stream out = { .fd = STDOUT_FILENO }, err = { .fd = STDERR_FILENO };
	FILE *f = open_harmless(&out, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);

	stdout = f ? f : stdout;
	f = open_harmless(&err, _IONBF);
	stderr = f ? f : stderr;
}

void fl_erase_line(void)
{
	fflush(stderr);
	write_all(STDERR_FILENO, "\r\033[K", 4);
}

unsigned int fl_terminal_columns(void)
{
	struct winsize w = { 0 };

	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) && w.ws_col ? w.ws_col : 80;
}
