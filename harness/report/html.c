/* SPDX-License-Identifier: GPL-2.0 */
/* What every page is made of: style, harmless text, figures inside it. */
#include "harness/report/html.h"

#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"

/* Figures take the ink of the page. */
const char fl_html_style[] =
	":root{color-scheme:light dark;--line:#ddd;--soft:#555;--warn:#fff6e0}"
	"@media(prefers-color-scheme:dark){:root{--line:#444;--soft:#aaa;--warn:#3a2f10}}"
	"body{font:15px/1.5 system-ui,'DejaVu Sans',sans-serif;max-width:92em;margin:2em auto;"
	"padding:0 1em}"
	"h1{font-size:1.5em;margin-bottom:0}"
	"h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid var(--line)}"
	"table{border-collapse:collapse;font-size:.82em;margin:.5em 0}"
	"td,th{padding:.2em .45em;text-align:right;border-bottom:1px solid var(--line)}"
	"td{white-space:nowrap;font-variant-numeric:tabular-nums}"
	"th{font-weight:600;vertical-align:bottom}"
	"td:first-child,th:first-child,.l{text-align:left}"
	".l{white-space:normal;overflow-wrap:anywhere}"
	"small{white-space:nowrap}p small{white-space:normal}"
	"small,figcaption{color:var(--soft)}figure{margin:1.5em 0}figcaption{max-width:60em}"
	"svg{max-width:100%;height:auto}"
	"pre,code{font:13px/1.4 'DejaVu Sans Mono',monospace;white-space:pre-wrap;"
	"overflow-wrap:anywhere}"
	".w{background:var(--warn);border-left:4px solid #e69f00;padding:.4em .8em}"
	".o{overflow-x:auto}.bad td{color:#c33}.good td{color:#178}"
	"@media print{body{font-size:9px;max-width:none;margin:0}figure{break-inside:avoid}"
	"tr{break-inside:avoid}.o{overflow:visible}}";

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

/* Ids inside an SVG of gnuplot (gnuplot_plot_1) would clash between figures; nothing refers to them
 * but markers. */
static void inline_svg(FILE *out, const struct fl_drawing *d, int64_t group, size_t number)
{
	cleanup_free char *path = fl_asprintf("%s.svg", d->path);
	cleanup_file FILE *in = fopen(path, "re");
	cleanup_free char *line = NULL;
	size_t room = 0;
	bool body = false;

	while (in && getline(&line, &room, in) > 0) {
		char *at = line, *mark;

		if (!body && !strncmp(line, "<svg", 4))
			body = true;
		if (!body)
			continue;
		while ((mark = strstr(at, "gp"))) {
			fwrite(at, 1, (size_t)(mark - at), out);
			if (!strncmp(mark, "gpDot", 5) || !strncmp(mark, "gpPt", 4))
				fprintf(out, "r%lldf%zu", (long long)group, number);
			fputs("gp", out);
			at = mark + 2;
		}
		fputs(at, out);
	}
}

void fl_html_drawings(FILE *out, const struct fl_drawings *d, int64_t group)
{
	for (size_t i = 0; i < d->n; i++) {
		fputs("<figure>\n", out);
		inline_svg(out, &d->v[i], group, i);
		fputs("<figcaption>", out);
		fl_html(out, d->v[i].figure->caption);
		fputs("</figcaption></figure>\n", out);
	}
}
