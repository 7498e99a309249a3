/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/stacks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64
#define NODES_MAX 65536

struct node {
	struct node *parent, *child, *next;
	uint64_t insns;
	unsigned int function, depth;
};

struct stacks {
	const struct symbols *symbols;
	struct node root, *at; /* NULL: outside */
	enum block_end last;
	unsigned int nodes;
	uint64_t faults, insns;
};

struct stacks *stacks_new(const struct symbols *symbols)
{
	struct stacks *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->symbols = symbols;
	return s;
}

static void free_children(struct node *n)
{
	struct node *next;

	for (struct node *c = n->child; c; c = next) {
		next = c->next;
		free_children(c);
		free(c);
	}
}

void stacks_free(struct stacks *s)
{
	free_children(&s->root);
	free(s);
}

/* Beyond the bounds a call counts for its caller. */
static struct node *child_of(struct stacks *s, struct node *n, unsigned int function)
{
	struct node *c;

	for (c = n->child; c; c = c->next)
		if (c->function == function)
			return c;
	if (s->nodes == NODES_MAX || n->depth == DEPTH_MAX)
		return n;
	c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	s->nodes++;
	*c = (struct node){
		.parent = n, .next = n->child, .function = function, .depth = n->depth + 1
	};
	n->child = c;
	return c;
}

static struct node *ancestor(struct node *n, unsigned int function)
{
	for (; n && n->parent; n = n->parent)
		if (n->function == function)
			return n;
	return NULL;
}

static void count(struct stacks *s, const struct block *b)
{
	s->at->insns += b->insns;
	s->insns += b->insns;
	s->last = b->end;
}

void stacks_enter(struct stacks *s, const struct block *b)
{
	s->faults++;
	s->at = child_of(s, s->at ? s->at : &s->root, b->function);
	count(s, b);
}

/* After a return, and after a jump. */
static struct node *elsewhere(struct stacks *s, const struct block *b)
{
	struct node *found = ancestor(s->last == END_RET ? s->at->parent : s->at, b->function);

	if (found)
		return found;
	if (s->last != END_RET && b->starts && b->handler)
		return child_of(s, s->at, b->function);
	return child_of(s, s->at->parent ? s->at->parent : &s->root, b->function);
}

bool stacks_block(struct stacks *s, const struct block *b)
{
	if (s->last == END_IRET && !ancestor(s->at, b->function)) {
		stacks_leave(s);
		return false;
	}
	if (s->last == END_CALL)
		s->at = child_of(s, s->at, b->function);
	else if (s->last == END_RET || b->function != s->at->function)
		s->at = elsewhere(s, b);
	count(s, b);
	return true;
}

void stacks_leave(struct stacks *s)
{
	s->at = NULL;
	s->last = END_OTHER;
}

bool stacks_inside(const struct stacks *s)
{
	return s->at != NULL;
}

uint64_t stacks_faults(const struct stacks *s)
{
	return s->faults;
}

uint64_t stacks_insns(const struct stacks *s)
{
	return s->insns;
}

struct lines {
	char **v;
	size_t n;
};

static void collect(const struct stacks *s, const struct node *n, const char *above,
		    struct lines *lines)
{
	for (const struct node *c = n->child; c; c = c->next) {
		char *stack, *line;

		if (asprintf(&stack, "%s%s%s", above, *above ? ";" : "",
			     s->symbols->v[c->function].name) < 0)
			abort();
		if (c->insns) {
			if (asprintf(&line, "%s %" PRIu64 "\n", stack, c->insns) < 0)
				abort();
			lines->v[lines->n++] = line;
		}
		collect(s, c, stack, lines);
		free(stack);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void stacks_print(const struct stacks *s, FILE *out)
{
	struct lines lines = { calloc(s->nodes + 1, sizeof(char *)), 0 };

	if (!lines.v)
		abort();
	collect(s, &s->root, "", &lines);
	qsort(lines.v, lines.n, sizeof(char *), by_text);
	for (size_t i = 0; i < lines.n; i++) {
		fputs(lines.v[i], out);
		free(lines.v[i]);
	}
	free(lines.v);
}
