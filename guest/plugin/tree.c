/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/tree.h"

#include <errno.h>
#include <stdlib.h>

int prof_tree_init(struct prof_tree *t)
{
	*t = (struct prof_tree){ .nodes = calloc(PROF_NODES_MAX, sizeof(*t->nodes)) };
	return t->nodes ? 0 : -ENOMEM;
}

void prof_tree_release(struct prof_tree *t)
{
	free(t->nodes);
	*t = (struct prof_tree){ 0 };
}

struct prof_node *prof_tree_child(struct prof_tree *t, struct prof_node *parent, uint32_t function)
{
	struct prof_node **first = parent ? &parent->child : &t->roots, *n;

	for (n = *first; n; n = n->sibling)
		if (n->function == function)
			return n;
	if (t->n == PROF_NODES_MAX || (parent && parent->depth == PROF_DEPTH_MAX))
		return NULL;
	n = &t->nodes[t->n++];
	*n = (struct prof_node){
		.parent = parent,
		.sibling = *first,
		.function = function,
		.depth = (uint16_t)(parent ? parent->depth + 1 : 1),
	};
	*first = n;
	return n;
}
