/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/printable.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/strv.h"

/* Length of a sequence by its first byte; 0: none begins so (RFC 3629). */
static size_t length_of(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/* Of a second byte, what overlong forms, surrogates and the end of Unicode leave. */
static bool second_fits(unsigned char lead, unsigned char second)
{
	switch (lead) {
	case 0xc2:
		return second >= 0xa0; /* C1 controls are below */
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second < 0xa0;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second < 0x90;
	default:
		return true;
	}
}

size_t fl_printable(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = len ? length_of(*p) : 0;

	if (!n || n > len)
		return 0;
	if (n == 1)
		return *p >= ' ' && *p != 0x7f;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return second_fits(p[0], p[1]) ? n : 0;
}

/* A descriptor that is written to harmlessly, and the beginning of a character that is not whole.
 */
struct stream {
	int fd;
	char held[4];
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
	bool good = fl_printable(s->held, s->n) == s->n ||
		    (s->n == 1 && (s->held[0] == '\n' || s->held[0] == '\t'));

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
		if (s->n >= length_of((unsigned char)s->held[0]))
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
