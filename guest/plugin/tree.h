/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_TREE_H
#define GUEST_PLUGIN_TREE_H

#include <stddef.h>
#include <stdint.h>

#define PROF_DEPTH_MAX 64
#define PROF_NODES_MAX 65536

/* A place in the call graph: a function as called by these callers. */
struct prof_node {
	uint64_t self;  /* instructions */
	uint64_t calls; /* how often it began */
	struct prof_node *parent, *child, *sibling;
	uint32_t function;
	uint16_t depth; /* of a root: 1 */
	uint8_t entry;  /* PROF_..., where stacks begin anew: it is not its callers' doing */
	uint8_t wanted; /* it was asked for: stacks from here on are told in full */
};

struct prof_tree {
	struct prof_node *nodes; /* PROF_NODES_MAX; roots are the ones without a parent */
	size_t n;
	struct prof_node *roots;
};

/* 0 or -ENOMEM. */
int prof_tree_init(struct prof_tree *t);
void prof_tree_release(struct prof_tree *t);
/* Found or made; parent NULL for a root.  NULL: too deep, or too many nodes. */
struct prof_node *prof_tree_child(struct prof_tree *t, struct prof_node *parent, uint32_t function);

#endif
