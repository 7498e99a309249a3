/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct symbols *s, uint64_t address, const char *name)
{
	if (!(s->n & (s->n - 1))) {
		s->v = realloc(s->v, (s->n ? 2 * (size_t)s->n : 1) * sizeof(*s->v));
		if (!s->v)
			abort();
	}
	s->v[s->n] = (struct symbol){ address, strdup(name) };
	if (!s->v[s->n++].name)
		abort();
}

/* Of several names the one without an underscore first: others are marks of the linker's. */
static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if ((x->name[0] == '_') != (y->name[0] == '_'))
		return x->name[0] == '_' ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Of the names of one address the first is kept; __pfx_ is the padding before a function. */
static void drop_doubles(struct symbols *s)
{
	unsigned int n = 1;

	for (unsigned int i = 1; i < s->n; i++) {
		if (s->v[i].address == s->v[n - 1].address)
			free(s->v[i].name);
		else
			s->v[n++] = s->v[i];
	}
	s->n = n;
}

bool symbols_read(struct symbols *s, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[512], name[256], type;
	uint64_t address;

	*s = (struct symbols){ 0 };
	if (!f)
		return false;
	add(s, 0, "?");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%" SCNx64 " %c %255s", &address, &type, name) == 3 && address &&
		    strchr("tTwW", type) && strncmp(name, "__pfx_", 6) != 0)
			add(s, address, name);
	fclose(f);
	qsort(s->v, s->n, sizeof(*s->v), by_address);
	drop_doubles(s);
	return s->n > 1;
}

void symbols_release(struct symbols *s)
{
	for (unsigned int i = 0; i < s->n; i++)
		free(s->v[i].name);
	free(s->v);
	*s = (struct symbols){ 0 };
}

unsigned int symbols_find(const struct symbols *s, uint64_t address)
{
	unsigned int low = 0, high = s->n;

	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;

		if (s->v[middle].address <= address)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint64_t symbols_address(const struct symbols *s, const char *name)
{
	for (unsigned int i = 1; i < s->n; i++)
		if (!strcmp(s->v[i].name, name))
			return s->v[i].address;
	return 0;
}
