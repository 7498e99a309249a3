/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/wrap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes of text fit into a line of `room`; at least one word. */
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

char *fl_wrapped(const char *head, const char *text, unsigned int columns)
{
	char *wrapped = NULL;
	size_t len;
	FILE *out = open_memstream(&wrapped, &len);

	if (!out)
		abort();
	fl_wrap(out, head, text, columns);
	fclose(out);
	return wrapped;
}

/* Length of a command up to the end of its next word, with blanks in quotes and after a \. */
static size_t word_end(const char *command, size_t from)
{
	size_t n = from + strspn(command + from, " ");
	char quote = '\0';

	for (; command[n] && (quote || command[n] != ' '); n++) {
		if (command[n] == '\\' && quote != '\'' && command[n + 1])
			n++;
		else if (quote)
			quote = command[n] == quote ? '\0' : quote;
		else if (command[n] == '\'' || command[n] == '"')
			quote = command[n];
	}
	return n;
}

void fl_wrap_command(FILE *out, const char *head, const char *command, unsigned int columns)
{
	size_t indent = strlen(head), room = columns > indent + 20 ? columns - indent : 20;
	size_t all = strlen(command);

	for (bool first = true; first || *command; first = false) {
		size_t n = word_end(command, 0);

		while (n < all &&
		       word_end(command, n) <= room - (word_end(command, n) < all ? 2 : 0))
			n = word_end(command, n);
		fprintf(out, "%*s%.*s%s\n", (int)indent, first ? head : "", (int)n, command,
			n < all ? " \\" : "");
		command += n;
		command += strspn(command, " ");
		all = strlen(command);
	}
}

unsigned int fl_lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}
