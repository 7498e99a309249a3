/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/folded.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct line {
	char *stack;
	uint64_t insns, calls;
};

struct lines {
	struct line *lines;
	size_t n;
};

static char *stack_of(const struct prof_node *node, const struct prof_symbols *symbols, bool all)
{
	const char *names[PROF_DEPTH_MAX];
	size_t n = 0, len = 1, kept = 1;
	char *stack, *at;

	for (unsigned int entry = 0; node && !entry; node = node->parent) {
		entry = node->entry;
		if (n > kept && entry && !(entry & PROF_ENTRY) && !node->wanted && !all)
			n = kept;
		names[n++] = prof_symbols_name(symbols, node->function);
		if (node->wanted)
			kept = n;
	}
	for (size_t i = 0; i < n; i++)
		len += strlen(names[i]) + 1;
	stack = at = malloc(len);
	if (!stack)
		return NULL;
	while (n) {
		at = stpcpy(at, names[--n]);
		if (n)
			*at++ = ';';
	}
	return stack;
}

static int add_tree(struct lines *l, const struct prof_walk *w, const struct prof_symbols *symbols)
{
	const struct prof_tree *t = &w->tree;
	struct line *grown = realloc(l->lines, (l->n + t->n + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	l->lines = grown;
	for (size_t i = 0; i < t->n; i++) {
		struct line *line = &l->lines[l->n];

		if (!t->nodes[i].self)
			continue;
		line->insns = t->nodes[i].self;
		line->calls = t->nodes[i].calls;
		line->stack = stack_of(&t->nodes[i], symbols, w->all);
		if (!line->stack)
			return -ENOMEM;
		l->n++;
	}
	return 0;
}

/* Whoever reads it knows by these which functions' stacks are whole. */
static int add_asked(struct lines *l, const struct prof_symbols *symbols, bool all)
{
	uint32_t f = prof_symbols_next_marked(symbols, 1);

	while (f || all) {
		struct line *grown = realloc(l->lines, (l->n + 1) * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		l->lines = grown;
		l->lines[l->n] = (struct line){
			.stack = strdup(all ? "[all]" : prof_symbols_name(symbols, f))
		};
		if (!l->lines[l->n++].stack)
			return -ENOMEM;
		if (!all)
			f = prof_symbols_next_marked(symbols, f + 1);
		all = false;
	}
	return 0;
}

static int by_stack(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return strcmp(x->stack, y->stack);
}

/* The same stack comes once from each vCPU, and an entry's from all that it came from. */
static void print(FILE *f, const struct lines *l)
{
	for (size_t i = 0, j; i < l->n; i = j) {
		uint64_t insns = 0, calls = 0;

		for (j = i; j < l->n && !strcmp(l->lines[i].stack, l->lines[j].stack); j++) {
			insns += l->lines[j].insns;
			calls += l->lines[j].calls;
		}
		fprintf(f, "%s %" PRIu64 "\n# calls %" PRIu64 "\n", l->lines[i].stack, insns,
			calls);
	}
}

int prof_folded_write(FILE *f, struct prof_walk *const *walks, size_t n,
		      const struct prof_parking *parking, const struct prof_symbols *symbols)
{
	uint64_t faults = 0, open = prof_parked(parking), user = 0, kernel = 0, sum = 0;
	struct lines l = { 0 };
	bool all = false;
	int error = 0;

	for (size_t i = 0; i < n && !error; i++) {
		if (!walks[i])
			continue;
		faults += walks[i]->faults;
		open += walks[i]->lost + prof_in_fault(&walks[i]->place);
		user += walks[i]->user;
		kernel += walks[i]->kernel;
		all |= walks[i]->all;
		error = add_tree(&l, walks[i], symbols);
	}
	if (!error)
		error = add_asked(&l, symbols, all);
	for (size_t i = 0; i < l.n; i++)
		sum += l.lines[i].insns;
	if (!error && l.n)
		qsort(l.lines, l.n, sizeof(*l.lines), by_stack);
	if (!error) {
		fprintf(f, "# faults %" PRIu64 "\n# faults_open %" PRIu64 "\n", faults, open);
		fprintf(f, "# instructions %" PRIu64 "\n", sum);
		fprintf(f, "# insn_user %" PRIu64 "\n# insn_kernel %" PRIu64 "\n", user, kernel);
		print(f, &l);
	}
	for (size_t i = 0; i < l.n; i++)
		free(l.lines[i].stack);
	free(l.lines);
	return error ? error : ferror(f) ? -EIO : 0;
}
