/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/places.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"

struct fl_places {
	struct fl_strv sections, keys; /* side by side with lines */
	unsigned int *lines;
};

struct fl_places *fl_places_new(void)
{
	return fl_calloc(1, sizeof(struct fl_places));
}

void fl_places_free(struct fl_places *p)
{
	if (!p)
		return;
	fl_strv_release(&p->sections);
	fl_strv_release(&p->keys);
	free(p->lines);
	free(p);
}

void fl_places_add(struct fl_places *p, const char *section, const char *key, unsigned int line)
{
	p->lines = fl_realloc(p->lines, (p->keys.n + 1) * sizeof(*p->lines));
	p->lines[p->keys.n] = line;
	fl_strv_push(&p->sections, section);
	fl_strv_push(&p->keys, key);
}

unsigned int fl_places_line(const struct fl_places *p, const char *section, const char *key)
{
	unsigned int line = 0;

	for (size_t i = 0; i < p->keys.n; i++) {
		if (strcmp(p->sections.v[i], section) != 0)
			continue;
		if (!strcmp(p->keys.v[i], key))
			return p->lines[i];
		line = line ? line : p->lines[i];
	}
	return line || !p->keys.n ? line : p->lines[p->keys.n - 1];
}
