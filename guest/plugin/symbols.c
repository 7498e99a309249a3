/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAIL_BYTES 65536 /* how far the last function may reach */

struct symbol {
	uint64_t address;
	const char *name; /* in text */
	char type;
	uint32_t function;
};

struct prof_symbols {
	char *text;
	struct symbol *symbols; /* by address; of equal ones the best name last */
	size_t n;
	const char **names; /* by function */
	bool *marked;       /* by function */
};

/* Of several names of an address: no mark of a section, no alias with underscores, no weak one. */
static int badness(const struct symbol *s)
{
	size_t underscores = strspn(s->name, "_");

	if (underscores && strstr(s->name, "text"))
		return 3000;
	return (s->type == 'w' || s->type == 'W' ? 2000 : 0) + (int)underscores * 100 +
	       (int)(strlen(s->name) < 99 ? strlen(s->name) : 99);
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	int bx, by;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	bx = badness(x);
	by = badness(y);
	return bx != by ? by - bx : strcmp(y->name, x->name);
}

static int by_name(const void *a, const void *b)
{
	const struct symbol *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* One line, NUL-terminated, which is cut up. */
static bool take_line(char *line, struct symbol *s)
{
	char *end, *cold;

	s->address = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ' || !strchr("tTwW", end[1]))
		return false;
	s->type = end[1];
	s->name = end + 3;
	cold = strstr(end + 3, ".cold");
	if (cold)
		*cold = '\0';
	return s->address >= PROF_KERNEL_BASE && s->name[0] && !strpbrk(s->name, " ;\t\r");
}

static bool number_functions(struct prof_symbols *s)
{
	struct symbol **sorted = calloc(s->n, sizeof(struct symbol *));
	uint32_t function = PROF_UNKNOWN;

	s->names = calloc(s->n + 1, sizeof(*s->names));
	s->marked = calloc(s->n + 1, sizeof(*s->marked));
	if (!sorted || !s->names || !s->marked) {
		free(sorted);
		return false;
	}
	for (size_t i = 0; i < s->n; i++)
		sorted[i] = &s->symbols[i];
	qsort(sorted, s->n, sizeof(struct symbol *), by_name);
	s->names[PROF_UNKNOWN] = "[unknown]";
	for (size_t i = 0; i < s->n; i++) {
		if (!i || strcmp(sorted[i]->name, sorted[i - 1]->name) != 0)
			s->names[++function] = sorted[i]->name;
		sorted[i]->function = function;
	}
	free(sorted);
	return true;
}

struct prof_symbols *prof_symbols_parse(const char *text, size_t len)
{
	struct prof_symbols *s = calloc(1, sizeof(*s));
	size_t lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	if (!s)
		return NULL;
	s->text = calloc(1, len + 1);
	s->symbols = calloc(lines, sizeof(*s->symbols));
	if (!s->text || !s->symbols)
		goto fail;
	memcpy(s->text, text, len);
	for (char *at = s->text, *line; (line = strsep(&at, "\n"));)
		s->n += take_line(line, &s->symbols[s->n]);
	if (!s->n || !number_functions(s))
		goto fail;
	qsort(s->symbols, s->n, sizeof(*s->symbols), by_address);
	return s;
fail:
	prof_symbols_free(s);
	return NULL;
}

struct prof_symbols *prof_symbols_read(const char *path)
{
	struct prof_symbols *s = NULL;
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t len = 0;

	if (!f)
		return NULL;
	if (getdelim(&text, &len, '\0', f) > 0)
		s = prof_symbols_parse(text, strlen(text));
	free(text);
	fclose(f);
	if (!s)
		errno = EPROTO;
	return s;
}

void prof_symbols_free(struct prof_symbols *s)
{
	if (!s)
		return;
	free(s->names);
	free(s->marked);
	free(s->symbols);
	free(s->text);
	free(s);
}

uint32_t prof_symbols_at(const struct prof_symbols *s, uint64_t address, bool *starts)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->symbols[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	*starts = false;
	if (!low || (low == s->n && address - s->symbols[low - 1].address >= TAIL_BYTES))
		return PROF_UNKNOWN;
	*starts = s->symbols[low - 1].address == address;
	return s->symbols[low - 1].function;
}

const char *prof_symbols_name(const struct prof_symbols *s, uint32_t function)
{
	return s->names[function];
}

uint64_t prof_symbols_find(const struct prof_symbols *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->symbols[i].name, name))
			return s->symbols[i].address;
	return 0;
}

bool prof_symbols_mark(struct prof_symbols *s, const char *name)
{
	size_t len = strlen(name);
	bool any = false, starts;

	for (size_t i = 0; i < s->n; i++) {
		const struct symbol *symbol = &s->symbols[i];

		if (strncmp(symbol->name, name, len) || !strchr(".", symbol->name[len]))
			continue;
		s->marked[prof_symbols_at(s, symbol->address, &starts)] = true;
		any = true;
	}
	return any;
}

bool prof_symbols_marked(const struct prof_symbols *s, uint32_t function)
{
	return s->marked[function];
}

uint32_t prof_symbols_next_marked(const struct prof_symbols *s, uint32_t function)
{
	for (; function <= s->n; function++)
		if (s->marked[function])
			return function;
	return PROF_UNKNOWN;
}
