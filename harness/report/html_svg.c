/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What gnuplot writes is for a file of its own and twice as large as it need be: groups that hold
 * nothing, defaults in full, tabs.  In a page its ids (gpPt1) would clash with another figure's.
 */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/html.h"

static const char *const defaults[] = {
	" stroke-linecap=\"butt\"",
	" stroke-linejoin=\"miter\"",
	" stroke-width=\"1.00\"",
	" class=\"gridline\"",
	"<tspan font-size=\"13.0\" dy=\"0.00\"></tspan>",
};

static void cut(char *line, const char *what)
{
	size_t len = strlen(what);

	for (char *at = line; (at = strstr(at, what));)
		memmove(at, at + len, strlen(at + len) + 1);
}

/* Nothing refers to ids but markers. */
static void own_ids(FILE *out, const char *at, unsigned int number)
{
	for (const char *mark; (mark = strstr(at, "gp")); at = mark + 2) {
		fwrite(at, 1, (size_t)(mark - at), out);
		if (!strncmp(mark, "gpDot", 5) || !strncmp(mark, "gpPt", 4))
			fprintf(out, "f%u", number);
		fputs("gp", out);
	}
	fputs(at, out);
}

/* A line without blanks around it; "" for one that says nothing. */
static char *trimmed(char *line)
{
	size_t n;

	line += strspn(line, " \t\n");
	for (n = strlen(line); n && strchr(" \t\n", line[n - 1]); n--)
		line[n - 1] = '\0';
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		cut(line, defaults[i]);
	if (!strncmp(line, "<title>", 7) || !strncmp(line, "<desc>", 6))
		*line = '\0';
	return line;
}

size_t fl_html_svg(FILE *out, const char *path, unsigned int number)
{
	cleanup_file FILE *in = fopen(path, "re");
	cleanup_free char *line = NULL, *held = NULL; /* a <g> that may hold nothing */
	long before = ftell(out);
	size_t room = 0;
	bool body = false;

	while (in && getline(&line, &room, in) > 0) {
		char *text;

		body |= !strncmp(line, "<svg", 4);
		text = trimmed(line);
		if (!body || !*text)
			continue;
		if (held && !strcmp(text, "</g>")) {
			free(held);
			held = NULL;
			continue;
		}
		if (held) {
			own_ids(out, held, number);
			fputc('\n', out);
			free(held);
			held = NULL;
		}
		if (!strncmp(text, "<g ", 3) && strchr(text, '>') == text + strlen(text) - 1) {
			held = fl_strdup(text);
			continue;
		}
		own_ids(out, text, number);
		fputc('\n', out);
	}
	return (size_t)(ftell(out) - before);
}
