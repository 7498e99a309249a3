/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/wrap.h"

#include <string.h>

/* Bytes of text that a line of `room` takes; at least a word. */
static size_t line_of(const char *text, size_t room)
{
	size_t n = strlen(text);

	while (n && text[n - 1] == ' ')
		n--;
	if (n <= room)
		return n;
	for (n = room; n && text[n] != ' ';)
		n--;
	return n ? n : strcspn(text, " ");
}

void fl_wrap(FILE *out, const char *head, const char *text, unsigned int columns)
{
	size_t indent = strlen(head), room = columns > indent + 20 ? columns - indent : 20;
	size_t n = line_of(text, room);

	fprintf(out, "%s%.*s\n", head, (int)n, text);
	for (text += n; *text; text += n) {
		text += strspn(text, " ");
		n = line_of(text, room);
		if (n)
			fprintf(out, "%*s%.*s\n", (int)indent, "", (int)n, text);
	}
}
