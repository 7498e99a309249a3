/* SPDX-License-Identifier: GPL-2.0 */
/*
 * boxes FILE.svg...: does a text of a picture lie on another, or outside the picture?  Texts are
 * measured with the font's own outlines, not with the table by which the picture was laid out.
 * Prints each fault; exit status 1 when there is one, 2 when a file holds no text at all.
 */
#include <ft2build.h>
#include FT_FREETYPE_H
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FONTS "/usr/share/fonts/truetype/dejavu/"
#define TEXTS_MAX 4096
#define SLACK                                                                              \
	1.0 /* pixels that two boxes may share: they hold the room around the letters, too \
	     */

struct text {
	double left, right, top, bottom;
	char words[96];
};

struct picture {
	const char *file;
	double width, height;
	struct text v[TEXTS_MAX];
	size_t n;
	unsigned int faults;
};

static FT_Face faces[3];

static void open_fonts(void)
{
	static const char *const names[] = { FONTS "DejaVuSans.ttf", FONTS "DejaVuSans-Bold.ttf",
					     FONTS "DejaVuSansMono.ttf" };
	FT_Library lib;

	if (FT_Init_FreeType(&lib))
		exit(3);
	for (size_t i = 0; i < 3; i++)
		if (FT_New_Face(lib, names[i], 0, &faces[i])) {
			fprintf(stderr, "boxes: no font %s\n", names[i]);
			exit(3);
		}
}

static unsigned int next_letter(const char **p)
{
	unsigned char c = (unsigned char)*(*p)++;
	unsigned int n = c < 0xc0 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
	unsigned int letter = n ? c & (0x3fu >> n) : c;
	static const struct {
		const char *name;
		char is;
	} entities[] = {
		{ "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' }, { "quot;", '"' }, { "apos;", '\'' }
	};

	for (; n && (**p & 0xc0) == 0x80; n--)
		letter = letter << 6 | ((unsigned char)*(*p)++ & 0x3f);
	for (size_t i = 0; letter == '&' && i < sizeof(entities) / sizeof(entities[0]); i++)
		if (!strncmp(*p, entities[i].name, strlen(entities[i].name))) {
			*p += strlen(entities[i].name);
			letter = (unsigned char)entities[i].is;
			break;
		}
	return letter;
}

static double advance(const char *words, double size, FT_Face face)
{
	double sum = 0;

	while (*words) {
		if (*words == '<' && strchr(words, '>')) {
			words = strchr(words, '>') + 1;
			continue;
		}
		if (!FT_Load_Char(face, next_letter(&words), FT_LOAD_NO_SCALE))
			sum += (double)face->glyph->metrics.horiAdvance / face->units_per_EM;
	}
	return sum * size;
}

/* A number behind NAME= in a tag, whatever the quotes. */
static double number(const char *tag, const char *name, double otherwise)
{
	const char *at = strstr(tag, name);

	return at ? strtod(at + strlen(name) + 1, NULL) : otherwise;
}

static void add(struct picture *p, const char *group, const char *tag, const char *words)
{
	double size = number(tag, " font-size=", number(group, " font-size=", 11));
	bool bold = strstr(tag, "bold") || strstr(group, "font-weight=\"bold\"");
	bool mono = strstr(tag, " x=") != NULL;
	double width = advance(words, size, faces[mono ? 2 : bold ? 1 : 0]);
	const char *at = strstr(group, "translate(");
	double x = at ? strtod(at + 10, NULL) : 0, y = at ? strtod(strchr(at, ',') + 1, NULL) : 0;
	struct text *t = &p->v[p->n];

	if (p->n + 1 >= TEXTS_MAX || !width)
		return;
	if (mono) {
		x = number(tag, " x=", 0);
		y = number(tag, " y=", 0);
	} else if (strstr(group, "rotate(") || strstr(group, "matrix(")) {
		printf("%s: \"%s\" is set at an angle\n", p->file, words);
		p->faults++;
	}
	x -= strstr(group, "\"middle\"") ? width / 2 : strstr(group, "\"end\"") ? width : 0;
	*t = (struct text){ x, x + width, y - 0.76 * size, y + 0.2 * size, "" };
	snprintf(t->words, sizeof(t->words), "%s", words);
	p->n++;
}

/* gnuplot's <g transform=...>, a line, then <text>WORDS</text>; or <text x= y=>WORDS</text>. */
static void read_texts(struct picture *p, char *text)
{
	char *group = strdup("");

	for (char *save = NULL, *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *at = strstr(line, "<text");

		if (strstr(line, "transform=\"")) {
			free(group);
			group = strdup(strstr(line, "<g transform") ? strstr(line, "<g transform")
								    : line);
		}
		for (char *end; at; at = strstr(end + 1, "<text")) {
			char *words = strchr(at, '>');

			end = words ? strstr(words, "</text>") : NULL;
			if (!end)
				break;
			*words++ = *end = '\0';
			add(p, group, at, words);
		}
	}
	free(group);
}

static void check(struct picture *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct text *a = &p->v[i];

		if (a->left < -SLACK || a->right > p->width + SLACK || a->top < -SLACK ||
		    a->bottom > p->height + SLACK) {
			printf("%s: \"%s\" stands outside: %.0f..%.0f of %.0f, %.0f..%.0f of "
			       "%.0f\n",
			       p->file, a->words, a->left, a->right, p->width, a->top, a->bottom,
			       p->height);
			p->faults++;
		}
		for (size_t k = i + 1; k < p->n; k++) {
			const struct text *b = &p->v[k];

			if (a->left + SLACK >= b->right || b->left + SLACK >= a->right ||
			    a->top + SLACK >= b->bottom || b->top + SLACK >= a->bottom)
				continue;
			printf("%s: \"%s\" lies on \"%s\"\n", p->file, a->words, b->words);
			p->faults++;
		}
	}
}

static int look(const char *file)
{
	static struct picture p;
	FILE *in = fopen(file, "re");
	char *text = NULL, *box;
	size_t room = 0;

	p = (struct picture){ .file = file };
	if (!in || getdelim(&text, &room, '\0', in) <= 0 || !(box = strstr(text, "viewBox="))) {
		fprintf(stderr, "boxes: %s: no picture\n", file);
		exit(2);
	}
	fclose(in);
	sscanf(box + 9, "%*f %*f %lf %lf", &p.width, &p.height);
	read_texts(&p, text);
	free(text);
	check(&p);
	if (!p.n) {
		fprintf(stderr, "boxes: %s: no text\n", file);
		return 2;
	}
	return p.faults > 0;
}

int main(int argc, char **argv)
{
	int worst = argc > 1 ? 0 : 2;

	open_fonts();
	for (int i = 1; i < argc; i++) {
		int status = look(argv[i]);

		worst = status > worst ? status : worst;
	}
	return worst;
}
