/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/letters.h"

#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

/* Advances of ' ' to '~', thousandths of the size; from DejaVuSans.ttf. */
static const unsigned short advances[] = {
	317,  400, 459, 837, 636, 950, 779, 274, 390, 390, 500, 837, 317, 360, 317, 336,
	636,  636, 636, 636, 636, 636, 636, 636, 636, 636, 336, 336, 837, 837, 837, 530,
	1000, 684, 686, 698, 770, 631, 575, 774, 751, 294, 294, 655, 557, 862, 748, 787,
	603,  787, 694, 634, 610, 731, 684, 988, 685, 610, 685, 390, 336, 390, 837, 500,
	500,  612, 634, 549, 634, 615, 352, 634, 633, 277, 277, 579, 277, 974, 633, 611,
	634,  634, 411, 520, 392, 633, 591, 817, 591, 591, 524, 636, 336, 636, 837,
};
#define OTHER 1000
#define BOLD 1.14 /* of a text; single letters are up to 1.23 times as wide */
#define ELLIPSIS "…"

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static double advance(const char *at)
{
	unsigned char c = (unsigned char)*at;

	if (continues(*at))
		return 0;
	return c < ' ' ? advances[0] : c > '~' ? OTHER : advances[c - ' '];
}

static double width(const char *text, size_t len, double size, bool bold)
{
	double sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += advance(text + i);
	return sum * size / 1000 * (bold ? BOLD : 1);
}

double fl_letters(const char *text, double size, bool bold)
{
	return text ? width(text, strlen(text), size, bold) : 0;
}

char *fl_letters_cut(const char *text, double size, bool bold, double most)
{
	size_t len = strlen(text);

	if (fl_letters(text, size, bold) <= most)
		return fl_strdup(text);
	most -= fl_letters(ELLIPSIS, size, bold);
	while (len && (continues(text[len]) || width(text, len, size, bold) > most))
		len--;
	return fl_asprintf("%.*s%s", (int)len, text, ELLIPSIS);
}

/* Length of the first line: up to the last blank that fits, or of a word that fits nowhere. */
static size_t line_of(const char *text, double size, bool bold, double most)
{
	size_t fits = strcspn(text, " ");

	for (size_t i = fits; text[i]; i += 1 + strcspn(text + i + 1, " ")) {
		if (width(text, i, size, bold) > most)
			return fits;
		fits = i;
	}
	return fl_letters(text, size, bold) <= most ? strlen(text) : fits;
}

char *fl_letters_wrap(const char *text, double size, bool bold, double most, unsigned int lines)
{
	char *out = fl_strdup("");

	for (unsigned int i = 1; *text && i <= lines; i++) {
		size_t len = i < lines ? line_of(text, size, bold, most) : strlen(text);
		cleanup_free char *line = strndup(text, len), *old = out;
		cleanup_free char *cut = fl_letters_cut(line, size, bold, most);

		out = fl_asprintf("%s%s%s", old, i > 1 ? "\n" : "", cut);
		text += len;
		text += strspn(text, " ");
	}
	return out;
}
