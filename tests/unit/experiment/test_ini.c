/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/experiment/ini.h"

/* "section.key=value:line " one after another; a key "bad" is refused. */
static int note(void *arg, const char *section, const char *key, const char *value,
		unsigned int line, struct fl_error *err)
{
	char *seen = arg;

	if (!strcmp(key, "bad"))
		return fl_fail(err, FL_USAGE, "it is bad");
	sprintf(seen + strlen(seen), "%s.%s=%s:%u ", section, key, value, line);
	return 0;
}

Test(ini, a_text_in_memory_gives_its_keys)
{
	struct fl_error err = { 0 };
	char seen[256] = "";

	cr_assert_eq(
		fl_ini_read_text("[a]\nx = 1\n  2\n# no\n[b c]\ny = 3", "it", note, seen, &err), 0,
		"%s", err.text);
	cr_expect_str_eq(seen, "a.x=1 2:2 b c.y=3:6 ");
}

Test(ini, no_text_has_no_keys)
{
	struct fl_error err = { 0 };
	char seen[256] = "";

	cr_expect_eq(fl_ini_read_text(NULL, "it", note, seen, &err), 0);
	cr_expect_eq(fl_ini_read_text("", "it", note, seen, &err), 0);
	cr_expect_str_eq(seen, "");
}

Test(ini, an_error_says_the_text_and_the_line)
{
	struct fl_error err = { 0 };
	char seen[256] = "";

	cr_expect_eq(fl_ini_read_text("[a]\nx = 1\nbad = 2\ny = 3\n", "it", note, seen, &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_str_eq(err.text, "it:3: it is bad");
	cr_expect_str_eq(seen, "a.x=1:2 ");
}

static void expect_seen(const char *text, const char *wanted)
{
	struct fl_error err = { 0 };
	char seen[512] = "";

	cr_assert_eq(fl_ini_read_text(text, "it", note, seen, &err), 0, "%s", err.text);
	cr_expect_str_eq(seen, wanted);
}

static void expect_refused(const char *text, const char *why)
{
	struct fl_error err = { 0 };
	char seen[512] = "";

	cr_assert_eq(fl_ini_read_text(text, "it", note, seen, &err), -1, "%s", text);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_str_eq(err.text, why);
}

Test(ini, comments_end_at_quotes)
{
	expect_seen("[a]\nx = sh -c 'a ; b' ; c\n", "a.x=sh -c 'a ; b':2 ");
	expect_seen("[a]\nx = it's ; c\n", "a.x=it's:2 ");
	expect_seen("[a]\nx = a;b #c\n;y = 1\n", "a.x=a;b:2 ");
	expect_seen("[a] ; c\nx = --y='a ; b'\n", "a.x=--y='a ; b':2 ");
}

Test(ini, open_quotes_go_on_in_the_next_line)
{
	expect_seen("[a]\nx = sh -c 'a ; b\n  ; c' ; d\n  e\n", "a.x=sh -c 'a ; b ; c' e:2 ");
	expect_seen("[a]\nx = sh -c 'a\ny = b ; c\n", "a.x=sh -c 'a:2 a.y=b:3 ");
}

Test(ini, sections_and_keys_as_editors_leave_them)
{
	expect_seen("\xef\xbb\xbf[ a b ]\r\nx:1\r\n\ty = 2 \r\n", "a b.x=1 y = 2:2 ");
	expect_seen("x = 1\n[a]\n  y = 2\n\n  3\n", ".x=1:1 a.y=2 3:3 ");
	expect_seen("[a]\nx =\n  1\n", "a.x=1:2 ");
	expect_refused("[a]\nx =\ny = 1\n", "it:2: x has no value");
	expect_refused("[a]\nx = 1\n[b\n", "it:3: a section is [NAME] with nothing after it");
	expect_refused("[a] x = 1\n", "it:1: a section is [NAME] with nothing after it");
	expect_refused("[a]\nx = 1\ny\n", "it:3: neither [section] nor key = value");
}

Test(ini, what_is_wrong_first_is_said_first)
{
	expect_refused("[a]\nbad = 1\nneither\n", "it:2: it is bad");
	expect_refused("[a]\nbad = 1\n  2\n", "it:2: it is bad");
}

static unsigned int long_line;

static int measure(void *arg, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err)
{
	size_t *len = arg;

	(void)section;
	if (!strcmp(key, "bad"))
		return fl_fail(err, FL_USAGE, "it is bad");
	*len = strlen(value);
	long_line = line;
	return 0;
}

Test(ini, a_line_may_be_as_long_as_it_is)
{
	static const size_t lengths[] = { 197, 198, 199, 1000, 5000, 60000, 1000000 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t n = lengths[i], len = 0;
		char *value = fl_alloc(n + 1), *text;
		struct fl_error err = { 0 };

		memset(value, 'v', n);
		value[n] = '\0';
		text = fl_asprintf("[a]\nx = %s\n  %s\n# no\nbad = 2\n", value, value);
		cr_expect_eq(fl_ini_read_text(text, "it", measure, &len, &err), -1);
		cr_expect_str_eq(err.text, "it:5: it is bad");
		cr_expect_eq(len, 2 * n + 1);
		cr_expect_eq(long_line, 2);
		free(text);
		free(value);
	}
}

static void expect_no_text(const char *text, size_t len, const char *wanted)
{
	struct fl_error err = { 0 };
	char seen[256] = "";
	FILE *in = fmemopen((void *)(uintptr_t)text, len, "r");

	cr_expect_eq(fl_ini_read(in, "it", note, seen, &err), -1, "%s", wanted);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect(strstr(err.text, wanted) == err.text, "%s", err.text);
	fclose(in);
}

Test(ini, a_file_is_text)
{
	static const char nul[] = "[a]\nx = 1\0 2\n";

	expect_no_text(nul, sizeof(nul) - 1, "it:2: byte 0x00, the 6th");
	expect_no_text("[a]\n# \033[2J\n", 11, "it:2: byte 0x1b");
	expect_no_text("[a]\nx = \xfc\n", 10, "it:2: byte 0xfc");
	expect_no_text("[a]\nx = 1\r2\n", 12, "it:2: byte 0x0d");
	expect_no_text("[a\tb]\nx = 1\n", 12, "it:1: a section");
}

Test(ini, what_a_run_has_stored_stays_readable)
{
	expect_seen("[a]\nx = \xfc\n", "a.x=\xfc:2 ");
}
