/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/html.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"

void fl_html_begin(FILE *out, const char *title)
{
	fputs("<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
	      "<meta name=viewport content='width=device-width,initial-scale=1'>\n",
	      out);
	fl_html_element(out, "title", title);
	fprintf(out, "<style>\n%s</style></head><body>\n", fl_page_css);
}

void fl_html_end(FILE *out)
{
	fprintf(out, "<script>\n%s</script>\n</body></html>\n", fl_page_js);
}

/* A guest's console may hold any byte. */
void fl_html(FILE *out, const char *given)
{
	cleanup_free char *plain = fl_plain_copy(given);

	for (const char *text = plain; text && *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

void fl_html_element(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "<%s>", tag);
	fl_html(out, text);
	fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

char *fl_html_id(const char *text)
{
	char *id = fl_strdup(text);

	for (char *p = id; *p; p++)
		*p = isalnum((unsigned char)*p) || strchr("_.", *p) ? *p : '-';
	return id;
}

void fl_html_details(FILE *out, const char *summary, bool open)
{
	fprintf(out, "<details%s><summary>", open ? " open" : "");
	fl_html(out, summary);
	fputs("</summary>\n", out);
}

/* "2026-11-20T20:15:00Z" is 2026-11-20 20:15 UTC for a reader. */
void fl_html_created(FILE *out, const char *created)
{
	cleanup_free char *text = fl_strdup(created ? created : "");

	if (strlen(text) >= 16 && text[10] == 'T') {
		text[10] = ' ';
		text[16] = '\0';
	}
	fl_html(out, text);
	fputs(" UTC", out);
}

/* From the page's folder: "plots/tail", or "../RUN/plots/tail" of another run. */
static void print_link(FILE *out, const struct fl_drawing *d, const char *folder)
{
	size_t len = strlen(folder);
	bool inside = !strncmp(d->path, folder, len) && d->path[len] == '/';
	const char *up = strrchr(folder, '/');
	size_t above = up ? (size_t)(up - folder) + 1 : 0;

	fputs(inside ? "<figcaption><b><a href=\"" : "<figcaption><b><a href=\"../", out);
	fl_html(out, d->path + (inside ? len + 1 : above));
	fputs(".svg\">", out);
	fl_html(out, d->title);
	fputs("</a></b> ", out);
}

/* The SVG of that kind as it goes into a page; *bytes is 0 where there is none. */
static char *drawing_text(const struct fl_drawing *d, const char *kind, struct fl_html_room *room,
			  size_t *bytes)
{
	cleanup_free char *path = fl_asprintf("%s%s.svg", d->path, kind);
	char *text = NULL;
	size_t len = 0;
	FILE *in = open_memstream(&text, &len);

	if (!in)
		abort();
	*bytes = fl_html_svg(in, path, room->number++);
	fclose(in);
	return text;
}

/* false: it takes more than `most` bytes, and is not written. */
static bool print_drawing(FILE *out, const struct fl_drawing *d, struct fl_html_room *room,
			  size_t most)
{
	size_t wide, narrow;
	cleanup_free char *text = drawing_text(d, "", room, &wide);
	cleanup_free char *phone = drawing_text(d, FL_DRAWING_NARROW, room, &narrow);
	bool both = narrow && (most == SIZE_MAX || narrow <= room->narrow);

	if (wide > most)
		return false;
	room->bytes -= wide < room->bytes ? wide : room->bytes;
	if (both)
		room->narrow -= narrow < room->narrow ? narrow : room->narrow;
	fprintf(out, "<figure class=plot>\n<div class=\"wide%s\">%s</div>\n", both ? " two" : "",
		text);
	if (both)
		fprintf(out, "<div class=narrow>%s</div>\n", phone);
	fputs("<figcaption>", out);
	return true;
}

void fl_html_drawing(FILE *out, const struct fl_drawing *d, struct fl_html_room *room)
{
	print_drawing(out, d, room, SIZE_MAX);
	fl_html(out, d->figure->caption);
	fputs("</figcaption></figure>\n", out);
}

void fl_html_drawings(FILE *out, const struct fl_drawings *d, const struct fl_drawing *above,
		      struct fl_html_room *room)
{
	for (size_t i = 0; i < d->n; i++) {
		if (&d->v[i] == above || !print_drawing(out, &d->v[i], room, room->bytes)) {
			fputs("<figure class=plot>\n", out);
			print_link(out, &d->v[i], room->folder);
			fputs(&d->v[i] == above ? "is the picture above as a file of its own. "
						: "lies beside this page, which it would make too "
						  "large. ",
			      out);
		}
		fl_html(out, d->v[i].figure->caption);
		fputs("</figcaption></figure>\n", out);
	}
}
