/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"

Test(strv, a_text_is_added_once_and_found)
{
	struct fl_strv s = { 0 };

	cr_expect_not(fl_strv_has(&s, "a"));
	cr_expect_eq(fl_strv_find(&s, "a"), 0);
	cr_expect(fl_strv_add(&s, "a"));
	cr_expect(fl_strv_add(&s, "b"));
	cr_expect_not(fl_strv_add(&s, "a"));
	cr_assert_eq(s.n, 2);
	cr_expect_eq(fl_strv_find(&s, "b"), 1);
	cr_expect_eq(fl_strv_find(&s, "c"), 2);
	cr_expect(fl_strv_has(&s, "b"));
	fl_strv_release(&s);
}

static void expect_quoted(const char *word, const char *quoted)
{
	char *text = fl_strv_quote_word(word);

	cr_expect_str_eq(text, quoted);
	free(text);
}

Test(strv, a_word_is_quoted_as_little_as_it_needs)
{
	expect_quoted("--clock=real", "--clock=real");
	expect_quoted("", "''");
	expect_quoted("usemem 64m", "'usemem 64m'");
	expect_quoted("busybox sh -c 'sleep 1'", "\"busybox sh -c 'sleep 1'\"");
	expect_quoted("it's $HOME", "'it'\"'\"'s $HOME'");
	expect_quoted("a\\b", "'a\\b'");
}

/* Words of up to 11 characters, most of them ones that mean something to a shell. */
static void random_word(char *word)
{
	static const char of[] = "ab'\"'\"\\ \t\n\r$`!#;*~&|<>(){}[]?=-%\xc3\xa4";
	size_t n = (size_t)(random() % 12);

	for (size_t i = 0; i < n; i++)
		word[i] = of[(size_t)random() % (sizeof(of) - 1)];
	word[n] = '\0';
}

Test(strv, words_joined_are_split_into_the_same_words)
{
	srandom(15);
	for (int round = 0; round < 20000; round++) {
		struct fl_strv words = { 0 }, back = { 0 };
		size_t n = (size_t)(random() % 5);
		char word[12], *text;

		for (size_t i = 0; i < n; i++) {
			random_word(word);
			fl_strv_push(&words, word);
		}
		text = fl_strv_join_words((const char *const *)words.v, words.n);
		cr_assert_eq(fl_strv_split_words(&back, text), 0, "%s", text);
		cr_assert_eq(back.n, n, "%s", text);
		for (size_t i = 0; i < n; i++)
			cr_assert_str_eq(back.v[i], words.v[i], "%s", text);
		free(text);
		fl_strv_release(&words);
		fl_strv_release(&back);
	}
}

/* The second reader of a joined line is the shell that a user pastes it into. */
Test(strv, a_shell_reads_joined_words_as_the_same_words)
{
	srandom(16);
	for (int round = 0; round < 100; round++) {
		char words[8][12], *line = NULL, got[256] = "", want[256] = "";
		const char *v[8];
		char *text;
		FILE *in;

		for (int i = 0; i < 8; i++) {
			random_word(words[i]);
			v[i] = words[i];
			snprintf(want + strlen(want), sizeof(want) - strlen(want), "<%s>",
				 words[i]);
		}
		text = fl_strv_join_words(v, 8);
		line = fl_asprintf("printf '<%%s>' %s", text);
		in = popen(line, "r");
		cr_assert_not_null(in);
		got[fread(got, 1, sizeof(got) - 1, in)] = '\0';
		cr_assert_eq(pclose(in), 0, "%s", text);
		cr_assert_str_eq(got, want, "%s", text);
		free(line);
		free(text);
	}
}

Test(strv, one_is_dropped)
{
	struct fl_strv s = { 0 };

	fl_strv_push(&s, "a");
	fl_strv_push(&s, "b");
	fl_strv_push(&s, "c");
	fl_strv_drop(&s, 1);
	cr_assert_eq(s.n, 2);
	cr_expect_str_eq(s.v[1], "c");
	cr_expect_null(s.v[2]);
	fl_strv_drop(&s, 1);
	fl_strv_drop(&s, 0);
	cr_expect_eq(s.n, 0);
	cr_expect_null(s.v[0]);
	fl_strv_release(&s);
}
