/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "harness/wire/frame.h"

static size_t put(char *out, enum fl_frame_type type, const char *name, const char *text)
{
	size_t n = strlen(name), t = strlen(text);

	fl_frame_head((uint8_t *)out, type, 0, 123456789012345ull, n, t);
	memcpy(out + FL_FRAME_HEAD, name, n);
	memcpy(out + FL_FRAME_HEAD + n, text, t);
	return FL_FRAME_HEAD + n + t;
}

/* Every way of cutting the stream gives the same frames. */
Test(frame, comes_in_any_pieces)
{
	char stream[512];
	size_t len = put(stream, FL_TEXT, "/proc/vmstat", "pgfault 1\n");

	len += put(stream + len, FL_BEAT, "", "");
	len += put(stream + len, FL_EXIT, "", "exited 0\n");
	for (size_t piece = 1; piece <= len; piece++) {
		struct fl_frame_reader r = { 0 };
		struct fl_frame f;
		int seen = 0;

		for (size_t at = 0; at < len; at += piece) {
			size_t room, n = len - at < piece ? len - at : piece;

			memcpy(fl_frame_reader_room(&r, &room), stream + at, n);
			cr_assert_geq(room, n);
			fl_frame_reader_fed(&r, n);
			while (fl_frame_reader_next(&r, &f) == 1) {
				cr_expect_eq(f.time_ns, 123456789012345ull);
				if (seen == 0) {
					cr_expect_str_eq(f.name, "/proc/vmstat");
					cr_expect_str_eq(f.text, "pgfault 1\n");
				}
				if (seen == 2)
					cr_expect_str_eq(f.text, "exited 0\n");
				seen++;
			}
		}
		cr_expect_eq(seen, 3, "pieces of %zu", piece);
		fl_frame_reader_release(&r);
	}
}

static int feed(const void *bytes, size_t n)
{
	struct fl_frame_reader r = { 0 };
	struct fl_frame f;
	size_t room;
	int got;

	memcpy(fl_frame_reader_room(&r, &room), bytes, n);
	fl_frame_reader_fed(&r, n);
	got = fl_frame_reader_next(&r, &f);
	fl_frame_reader_release(&r);
	return got;
}

Test(frame, what_is_not_ours_is_refused)
{
	char head[FL_FRAME_HEAD];

	cr_expect_eq(feed("HTTP/1.1 200 OK\r\n\r\n..", 20), -EPROTO);
	cr_expect_eq(feed("HT", 2), -EPROTO, "two bytes tell already");
	fl_frame_head((uint8_t *)head, FL_TEXT, 0, 0, FL_FRAME_NAME_MAX + 1, 0);
	cr_expect_eq(feed(head, sizeof(head)), -EPROTO, "name too long");
	fl_frame_head((uint8_t *)head, FL_TEXT, 0, 0, 0, FL_FRAME_TEXT_MAX + 1);
	cr_expect_eq(feed(head, sizeof(head)), -EPROTO, "text too long");
	fl_frame_head((uint8_t *)head, (enum fl_frame_type)31, 0, 0, 0, 0);
	cr_expect_eq(feed(head, sizeof(head)), -EPROTO, "unknown type");
	fl_frame_head((uint8_t *)head, FL_TEXT, 0, 0, 0, 10);
	cr_expect_eq(feed(head, sizeof(head)), 0, "more is to come");
}

/* Room for the largest frame; and many small ones in one read are not moved for each. */
Test(frame, a_full_buffer, .timeout = 5)
{
	struct fl_frame_reader r = { 0 };
	struct fl_frame f;
	size_t room, frames = 0;
	char *to = fl_frame_reader_room(&r, &room);

	cr_assert_geq(room, FL_FRAME_HEAD + FL_FRAME_NAME_MAX + FL_FRAME_TEXT_MAX);
	for (size_t at = 0; at + FL_FRAME_HEAD <= room; at += FL_FRAME_HEAD, frames++)
		put(to + at, FL_BEAT, "", "");
	fl_frame_reader_fed(&r, frames * FL_FRAME_HEAD);
	for (size_t i = 0; i < frames; i++)
		cr_assert_eq(fl_frame_reader_next(&r, &f), 1, "frame %zu", i);
	cr_expect_eq(fl_frame_reader_next(&r, &f), 0);

	to = fl_frame_reader_room(&r, &room);
	fl_frame_head((uint8_t *)to, FL_TEXT, 1, 0, FL_FRAME_NAME_MAX, FL_FRAME_TEXT_MAX);
	memset(to + FL_FRAME_HEAD, 'n', FL_FRAME_NAME_MAX + FL_FRAME_TEXT_MAX);
	fl_frame_reader_fed(&r, FL_FRAME_HEAD + FL_FRAME_NAME_MAX + FL_FRAME_TEXT_MAX);
	cr_expect_eq(fl_frame_reader_next(&r, &f), 1);
	cr_expect_eq(f.len, FL_FRAME_TEXT_MAX);
	cr_expect_eq(f.text[f.len], '\0');
	cr_expect_eq(strlen(f.name), FL_FRAME_NAME_MAX);
	fl_frame_reader_release(&r);
}
