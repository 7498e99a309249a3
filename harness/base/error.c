/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence stays on one line, whatever the names it quotes contain. */
static void one_line(char *text)
{
	for (; (text = strpbrk(text, "\r\n")); text++)
		*text = '?';
}

int fl_fail(struct fl_error *err, enum fl_kind kind, const char *fmt, ...)
{
	va_list ap;

	err->kind = kind;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	one_line(err->text);
	return -1;
}

int fl_prefix(struct fl_error *err, const char *fmt, ...)
{
	char old[sizeof(err->text)];
	va_list ap;
	int n;

	memcpy(old, err->text, sizeof(old));
	va_start(ap, fmt);
	n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n + 3 < sizeof(err->text))
		snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %.*s",
			 (int)(sizeof(err->text) - (size_t)n) - 3, old);
	one_line(err->text);
	return -1;
}
