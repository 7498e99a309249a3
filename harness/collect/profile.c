/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/profile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

#define STACKS_MAX 100000
#define LINE_MAX_LEN 16384

void fl_profile_release(struct fl_profile *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->stacks[i].stack);
	free(p->stacks);
	memset(p, 0, sizeof(*p));
}

static void take_fact(struct fl_profile *p, const char *line)
{
	sscanf(line, "# faults %" SCNu64, &p->faults);
	sscanf(line, "# instructions %" SCNu64, &p->instructions);
	sscanf(line, "# user %" SCNu64, &p->user);
	sscanf(line, "# kernel %" SCNu64, &p->kernel);
}

static int take_stack(struct fl_profile *p, const char *line, size_t len)
{
	const char *blank = memrchr(line, ' ', len);
	uint64_t insns;

	if (!blank || blank == line || p->n == STACKS_MAX ||
	    sscanf(blank, " %" SCNu64, &insns) != 1)
		return -EPROTO;
	p->stacks = fl_realloc(p->stacks, (p->n + 1) * sizeof(*p->stacks));
	p->stacks[p->n].stack = strndup(line, (size_t)(blank - line));
	p->stacks[p->n++].insns = insns;
	return 0;
}

int fl_profile_parse(struct fl_profile *p, const char *text)
{
	int bad = 0;

	memset(p, 0, sizeof(*p));
	while (*text && !bad) {
		size_t len = strcspn(text, "\n");

		if (len > LINE_MAX_LEN)
			bad = -EPROTO;
		else if (*text == '#')
			take_fact(p, text);
		else if (len)
			bad = take_stack(p, text, len);
		text += len + (text[len] == '\n');
	}
	if (bad)
		fl_profile_release(p);
	return bad;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct fl_profile_function *)a)->name,
		      ((const struct fl_profile_function *)b)->name);
}

static int by_self(const void *a, const void *b)
{
	const struct fl_profile_function *x = a, *y = b;

	if (x->self != y->self)
		return x->self < y->self ? 1 : -1;
	return by_name(a, b);
}

/* Has a function of this name come before in the stack? */
static bool came_before(const char *stack, const char *at, size_t len)
{
	for (const char *s = stack; s < at; s += strcspn(s, ";") + 1)
		if (strcspn(s, ";") == len && !memcmp(s, at, len))
			return true;
	return false;
}

/* One entry for each function of each stack; equal names are put together after. */
static struct fl_profile_function *list(const struct fl_profile *p, size_t *n)
{
	struct fl_profile_function *f = NULL;

	*n = 0;
	for (size_t i = 0; i < p->n; i++) {
		const char *stack = p->stacks[i].stack, *s = stack;

		for (;;) {
			size_t len = strcspn(s, ";");
			bool last = !s[len];

			if (!(*n & (*n - 1)))
				f = fl_realloc(f, (*n ? 2 * *n : 1) * sizeof(*f));
			f[(*n)++] = (struct fl_profile_function){
				.name = strndup(s, len),
				.self = last ? p->stacks[i].insns : 0,
				.total = came_before(stack, s, len) ? 0 : p->stacks[i].insns,
			};
			if (last)
				break;
			s += len + 1;
		}
	}
	return f;
}

struct fl_profile_function *fl_profile_functions(const struct fl_profile *p, size_t *n)
{
	size_t all, kept = 0;
	struct fl_profile_function *f = list(p, &all);

	if (all)
		qsort(f, all, sizeof(*f), by_name);
	for (size_t i = 0; i < all; i++) {
		if (kept && !strcmp(f[kept - 1].name, f[i].name)) {
			f[kept - 1].self += f[i].self;
			f[kept - 1].total += f[i].total;
			free(f[i].name);
		} else {
			f[kept++] = f[i];
		}
	}
	if (kept)
		qsort(f, kept, sizeof(*f), by_self);
	*n = kept;
	return f;
}

void fl_profile_functions_free(struct fl_profile_function *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(f[i].name);
	free(f);
}
