/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/wire/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One frame of the largest size, and the NUL that follows its text. */
#define BUFFER_SIZE (FL_FRAME_HEAD + FL_FRAME_NAME_MAX + FL_FRAME_TEXT_MAX + 1)

static void put_le(uint8_t *out, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get_le(const char *in, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)(uint8_t)in[i] << (8 * i);
	return value;
}

void fl_frame_head(uint8_t out[FL_FRAME_HEAD], enum fl_frame_type type, uint8_t flags,
		   uint64_t time_ns, size_t name_len, size_t text_len)
{
	memcpy(out, FL_FRAME_MAGIC, 4);
	out[4] = (uint8_t)type;
	out[5] = flags;
	put_le(out + 6, name_len, 2);
	put_le(out + 8, text_len, 4);
	put_le(out + 12, time_ns, 8);
}

static void drop_taken(struct fl_frame_reader *r)
{
	r->at += r->taken;
	r->used -= r->taken;
	r->taken = 0;
}

void *fl_frame_reader_room(struct fl_frame_reader *r, size_t *room)
{
	if (!r->buf) {
		r->buf = malloc(BUFFER_SIZE);
		if (!r->buf)
			abort();
		r->size = BUFFER_SIZE;
	}
	drop_taken(r);
	/*
	 * Moved once per read(2), not once per frame: a stream of small frames would be moved again
	 * and again.
	 */
	memmove(r->buf, r->buf + r->at, r->used);
	r->at = 0;
	*room = r->size - 1 - r->used;
	return r->buf + r->used;
}

void fl_frame_reader_fed(struct fl_frame_reader *r, size_t bytes)
{
	r->used += bytes;
}

static int known_type(uint8_t type)
{
	return (type >= FL_SYNC && type <= FL_FETCH) || (type >= FL_READY && type <= FL_PIECE);
}

int fl_frame_reader_next(struct fl_frame_reader *r, struct fl_frame *f)
{
	size_t name_len, text_len;
	char *p;

	drop_taken(r);
	if (!r->used)
		return 0;
	p = r->buf + r->at;
	if (memcmp(p, FL_FRAME_MAGIC, r->used < 4 ? r->used : 4))
		return -EPROTO;
	if (r->used < FL_FRAME_HEAD)
		return 0;
	name_len = get_le(p + 6, 2);
	text_len = get_le(p + 8, 4);
	if (!known_type((uint8_t)p[4]) || name_len > FL_FRAME_NAME_MAX ||
	    text_len > FL_FRAME_TEXT_MAX)
		return -EPROTO;
	if (r->used < FL_FRAME_HEAD + name_len + text_len)
		return 0;
	f->type = (enum fl_frame_type)(uint8_t)p[4];
	f->flags = (uint8_t)p[5];
	f->time_ns = get_le(p + 12, 8);
	memcpy(f->name, p + FL_FRAME_HEAD, name_len);
	f->name[name_len] = '\0';
	r->taken = FL_FRAME_HEAD + name_len + text_len;
	/*
	 * The text moves over the name, so that a NUL can follow it without
	 * touching the next frame's head.
	 */
	p += FL_FRAME_HEAD - 1;
	memmove(p, p + 1 + name_len, text_len);
	p[text_len] = '\0';
	f->text = p;
	f->len = text_len;
	return 1;
}

void fl_frame_reader_release(struct fl_frame_reader *r)
{
	free(r->buf);
	*r = (struct fl_frame_reader){ 0 };
}
