/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/walk.h"

#define unlikely(x) __builtin_expect(!!(x), 0)

/* The last block when there is none to look at: it ends in no particular way. */
static struct prof_block none = { .end = PROF_GO };

int prof_walk_init(struct prof_walk *w, struct prof_parking *parking)
{
	*w = (struct prof_walk){ .last = &none, .parking = parking };
	return prof_tree_init(&w->tree);
}

void prof_walk_release(struct prof_walk *w)
{
	prof_tree_release(&w->tree);
}

/* b was left: only what lies before address has run. */
static void take_back(struct prof_walk *w, const struct prof_block *b, struct prof_node *at,
		      uint64_t address)
{
	uint64_t rest = b->insns - prof_block_before(b, address);

	*(b->flags & PROF_USER ? &w->user : &w->kernel) -= rest;
	if (at)
		at->self -= rest;
}

static bool left_early(const struct prof_block *last, const struct prof_block *b)
{
	return b->address - last->address - 1 < last->inner;
}

static struct prof_node *base(const struct prof_walk *w)
{
	return w->place.frames[w->place.depth - 1].base;
}

static void begin(struct prof_node *n, const struct prof_block *b)
{
	n->calls++;
	n->entry |= b->flags & (PROF_ARRIVES | PROF_CALLED | PROF_APART);
	n->wanted |= !!(b->flags & PROF_WANTED);
}

static struct prof_node *call(struct prof_walk *w, struct prof_block *b)
{
	struct prof_node *child = NULL;

	if (!w->place.over)
		child = prof_tree_child(&w->tree, w->place.at, b->function);
	if (!child) {
		w->place.over++;
		return w->place.at;
	}
	b->child = child;
	begin(child, b);
	return child;
}

static struct prof_node *jump(struct prof_walk *w, const struct prof_block *b, bool tail)
{
	struct prof_node *bottom = base(w), *n = w->place.at;

	while (!tail && n != bottom) {
		n = n->parent;
		if (n->function == b->function)
			return n;
	}
	n = prof_tree_child(&w->tree, w->place.at == bottom ? bottom : w->place.at->parent,
			    b->function);
	if (n && tail)
		begin(n, b);
	return n ? n : w->place.at;
}

/* The fault or system call is over. */
static void leave(struct prof_walk *w)
{
	const struct prof_frame *f = &w->place.frames[0];

	bool cut = f->exception && f->last->flags & PROF_USER;

	w->place = (struct prof_place){ .cut = cut ? f->last : f->cut };
	w->last = &none;
}

/* Of a system call, or of what it went to by a tail call: back to whoever called it. */
static bool returns_from_call(const struct prof_place *p, const struct prof_block *b)
{
	const struct prof_node *bottom = p->frames[0].base;

	return p->depth == 1 && p->frames[0].called && !(b->flags & PROF_STARTS) &&
	       (p->at == bottom || (p->at->parent == bottom && b->function != bottom->function));
}

static struct prof_node *ret(struct prof_walk *w, const struct prof_block *b)
{
	if (w->place.over) {
		w->place.over--;
		return w->place.at;
	}
	if (returns_from_call(&w->place, b)) {
		leave(w);
		return NULL;
	}
	if (w->place.at != base(w) && w->place.at->parent->function == b->function)
		return w->place.at->parent;
	return jump(w, b, false);
}

static struct prof_node *next(struct prof_walk *w, struct prof_block *b)
{
	switch (w->last->end) {
	case PROF_CALL:
		return call(w, b);
	case PROF_RET:
		return ret(w, b);
	default:
		if (b->function == w->place.at->function || w->place.over)
			return w->place.at;
		return jump(w, b, b->flags & PROF_STARTS);
	}
}

static bool holds(const struct prof_block *b, uint64_t address)
{
	return address - b->address < b->bytes;
}

/* An iret has run within an entry; b comes behind it. */
static void unwind(struct prof_walk *w, const struct prof_block *b)
{
	struct prof_frame f = w->place.frames[w->place.depth - 1];

	if (w->place.depth == 1) {
		leave(w);
	} else {
		w->place.depth--;
		w->place.at = f.at;
		w->place.over = f.over;
		w->last = f.exception ? &none : f.last;
	}
	if (f.exception && !(f.last->flags & PROF_USER) && holds(f.last, b->address))
		take_back(w, f.last, f.at, b->address);
}

/* Does it begin an entry where none is followed? */
static bool begins(const struct prof_walk *w, const struct prof_block *b)
{
	return w->all || b->flags & (PROF_ENTRY | PROF_CALLED | PROF_WANTED);
}

static void arrive(struct prof_walk *w, const struct prof_block *b)
{
	struct prof_frame *f = &w->place.frames[w->place.depth];
	struct prof_node *n;

	w->faults += !!(b->flags & PROF_ENTRY);
	if (!w->place.at && !begins(w, b))
		return;
	if (w->place.depth == PROF_FRAMES_MAX) {
		w->lost++;
		leave(w);
		return;
	}
	n = w->place.over ? NULL : prof_tree_child(&w->tree, w->place.at, b->function);
	*f = (struct prof_frame){
		.base = n ? n : w->place.at,
		.at = w->place.at,
		.last = w->last,
		.cut = w->place.cut,
		.over = w->place.over,
		.exception = b->flags & (PROF_ENTRY | PROF_EXCEPTION),
		.called = !(b->flags & PROF_ARRIVES),
		.fault = b->flags & PROF_ENTRY,
	};
	if (n && b->flags & (PROF_ARRIVES | PROF_STARTS))
		begin(n, b);
	w->place.depth++;
	w->place.over = !n;
	w->place.at = f->base;
}

static void count(struct prof_walk *w, struct prof_block *b, struct prof_node *at)
{
	w->kernel += b->insns;
	if (at)
		at->self += b->insns;
	w->place.at = at;
	w->last = b;
}

static __attribute__((noinline)) void walk_any(struct prof_walk *w, struct prof_block *b)
{
	if (w->last->end == PROF_IRET && w->place.at)
		unwind(w, b);
	if (b->flags & PROF_ARRIVES) {
		arrive(w, b);
	} else {
		if (left_early(w->last, b)) {
			take_back(w, w->last, w->place.at, b->address);
			w->last = &none;
		}
		if (b->flags & PROF_ENDS)
			w->place = (struct prof_place){ 0 };
		else if (w->place.at)
			w->place.at = next(w, b);
		if (!w->place.at && !(b->flags & PROF_ENDS) && begins(w, b))
			arrive(w, b);
	}
	count(w, b, w->place.at);
}

/* walk_any() for the usual blocks: it takes a quarter off what the plugin costs. */
void prof_walk_kernel(struct prof_walk *w, struct prof_block *b)
{
	struct prof_node *at = w->place.at, *parent;
	const struct prof_block *last = w->last;

	if (unlikely(b->flags & (PROF_ARRIVES | PROF_CALLED | PROF_ENDS) || left_early(last, b)))
		goto any;
	if (!at) {
		if (unlikely(begins(w, b)))
			goto any;
		count(w, b, NULL);
		return;
	}
	if (last->end == PROF_GO) {
		if (unlikely(at->function != b->function))
			goto any;
	} else if (last->end == PROF_CALL) {
		/* A node's parent never changes: a cache that is wrong, or raced for, is seen. */
		if (unlikely(!b->child || b->child->parent != at || w->place.over))
			goto any;
		at = b->child;
		at->calls++;
	} else {
		parent = at->parent;
		if (unlikely(last->end != PROF_RET || w->place.over || at == base(w) ||
			     parent->function != b->function))
			goto any;
		at = parent;
	}
	count(w, b, at);
	return;
any:
	walk_any(w, b);
}

void prof_walk_user(struct prof_walk *w, struct prof_block *b)
{
	if (unlikely(w->place.at != NULL))
		leave(w);
	if (unlikely(w->place.cut != NULL)) {
		if (holds(w->place.cut, b->address))
			take_back(w, w->place.cut, NULL, b->address);
		w->place.cut = NULL;
	} else if (unlikely(left_early(w->last, b))) {
		take_back(w, w->last, NULL, b->address);
	}
	w->user += b->insns;
	w->last = b;
}

void prof_walk_push(struct prof_walk *w, uint64_t address)
{
	w->pushed = address;
}

void prof_walk_pop(struct prof_walk *w, uint64_t address)
{
	uint64_t left = w->pushed;

	w->pushed = 0;
	if (!left || left == address)
		return;
	if ((w->place.at || w->place.cut) && !prof_park(w->parking, left, &w->place))
		w->lost++;
	w->place = prof_unpark(w->parking, address, &w->tree);
}
