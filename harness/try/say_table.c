/* SPDX-License-Identifier: GPL-2.0 */
/* On a terminal, and as plain text for a mail. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/wrap.h"
#include "harness/judge/provenance.h"
#include "harness/report/room.h"
#include "harness/try/say.h"

#define HEAD 9
#define MAIL 72

static void print_line(FILE *out, const struct fl_try_said *s, unsigned int columns)
{
	cleanup_free char *head = fl_asprintf("%-*s", HEAD, s->head);

	if (s->raw) {
		cleanup_free char *quoted = fl_asprintf("%s| ", head);

		fl_wrap(out, quoted, s->text + strspn(s->text, " "), columns);
	} else if (s->coloured && strlen(s->text) + HEAD <= columns) {
		fputs(head, out);
		fl_print_colour(out, s->colour, s->text);
		fputc('\n', out);
	} else {
		fl_wrap(out, head, s->text, columns);
	}
}

static void print_title(FILE *out, const struct fl_try *t, unsigned int columns)
{
	cleanup_free char *touches = fl_try_touches(t), *base = fl_try_base_text(t);

	fl_wrap(out, "try      ", t->series->title, columns);
	fl_wrap(out, "         ", touches, columns);
	fl_wrap(out, "on       ", base, columns);
	fputc('\n', out);
}

static void print_seconds(FILE *out, const struct fl_try *t, unsigned int columns)
{
	struct fl_strv texts = { 0 };
	cleanup_free char *text = NULL;

	for (int i = 0; i < FL_TRY_STAGES; i++)
		if (t->stages[i].seconds >= 0.5)
			fl_strv_pushf(&texts, "%s %.0f s",
				      i == FL_TRY_BUILDS ? "build" : fl_try_names[i],
				      t->stages[i].seconds);
	text = fl_strv_join(&texts, ", ");
	if (texts.n)
		fl_wrap(out, "took     ", text, columns);
	fl_strv_release(&texts);
}

static void print_more(FILE *out, const struct fl_try *t)
{
	if (t->compared)
		fprintf(out, "more     faultline compare %s %s\n", t->base_run,
			t->stages[FL_TRY_COST].run);
	for (int i = 0; i < FL_TRY_STAGES; i++)
		if (t->stages[i].run && t->stages[i].state == FL_TRY_BROKEN)
			fprintf(out, "more     faultline show %s\n", t->stages[i].run);
	for (size_t i = 0; i < t->extra.n; i++)
		fprintf(out, "more     faultline show %s\n", t->extra.v[i]);
}

static void print_table(FILE *out, const struct fl_try *t, const char *line, unsigned int columns,
			size_t most)
{
	cleanup_free char *command = fl_asprintf("faultline %s", line);
	struct fl_try_lines lines = { 0 };

	fl_try_say(&lines, t, most);
	fputc('\n', out);
	print_title(out, t, columns);
	for (size_t i = 0; i < lines.n; i++)
		print_line(out, &lines.v[i], columns);
	fputc('\n', out);
	print_seconds(out, t, columns);
	fl_wrap_command(out, "repeat   ", command, columns);
	print_more(out, t);
	fl_try_lines_release(&lines);
}

static unsigned int lines_of_table(const struct fl_try *t, const char *line, unsigned int columns,
				   size_t most)
{
	char *text = NULL;
	unsigned int lines;
	size_t len;
	FILE *aside = open_memstream(&text, &len);

	if (!aside)
		abort();
	print_table(aside, t, line, columns, most);
	fclose(aside);
	lines = fl_lines(text);
	free(text);
	return lines;
}

/* As many paths and measures as there is room for. */
void fl_try_table(FILE *out, const struct fl_try *t, const char *line, unsigned int columns)
{
	size_t most = FL_TRY_MOST;

	while (most > 1 && lines_of_table(t, line, columns, most) > FL_END_LINES)
		most--;
	print_table(out, t, line, columns, most);
}

static void print_origin(FILE *out, const struct fl_try *t, const char *line)
{
	cleanup_free char *machine = t->compared ? fl_summary_machine(&t->comparison.b) : NULL;

	fputc('\n', out);
	if (machine)
		fl_wrap(out, "Machine: ", machine, MAIL);
	fl_wrap(out, "Patch:   ", t->series->hash, MAIL);
	fl_wrap(out, "Repeat:  ", line, MAIL);
}

void fl_try_mail(FILE *out, const struct fl_try *t, const char *line)
{
	struct fl_try_lines lines = { 0 };

	fl_try_say(&lines, t, FL_TRY_MOST);
	print_title(out, t, MAIL);
	for (size_t i = 0; i < lines.n; i++)
		print_line(out, &lines.v[i], MAIL);
	print_origin(out, t, line);
	fl_try_lines_release(&lines);
}

void fl_try_markdown(FILE *out, const struct fl_try *t, const char *line)
{
	cleanup_free char *touches = fl_try_touches(t), *base = fl_try_base_text(t);
	cleanup_free char *verdict = fl_try_sentence(t);
	struct fl_try_lines lines = { 0 };

	fl_try_say(&lines, t, FL_TRY_MOST);
	fprintf(out, "### %s\n\n%s, on %s.\n\n**%s**\n\n| | |\n|---|---|\n", t->series->title,
		touches, base, verdict);
	for (size_t i = 0; i < lines.n; i++) {
		const char *text = lines.v[i].text;

		if (!strcmp(lines.v[i].head, "verdict"))
			continue;
		fprintf(out, "| %s | %s", lines.v[i].head, lines.v[i].raw ? "`" : "");
		for (; *text; text++)
			fprintf(out, *text == '|' ? "\\|" : "%c", *text);
		fprintf(out, "%s |\n", lines.v[i].raw ? "`" : "");
	}
	fprintf(out, "\n`faultline %s`\n", line);
	fl_try_lines_release(&lines);
}
