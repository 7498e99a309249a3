/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/strv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *p)
{
	if (!p) {
		fputs("faultline: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *fl_alloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *fl_calloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1));
}

void *fl_realloc(void *p, size_t size)
{
	return checked(realloc(p, size ? size : 1));
}

char *fl_strdup(const char *text)
{
	return checked(strdup(text));
}

__attribute__((format(printf, 1, 0))) static char *format(const char *fmt, va_list ap)
{
	char *text;

	return checked(vasprintf(&text, fmt, ap) < 0 ? NULL : text);
}

char *fl_asprintf(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	return text;
}

static void push_owned(struct fl_strv *s, char *text)
{
	s->v = fl_realloc(s->v, (s->n + 2) * sizeof(*s->v));
	s->v[s->n++] = text;
	s->v[s->n] = NULL;
}

void fl_strv_release(struct fl_strv *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	*s = (struct fl_strv){ 0 };
}

void fl_strv_push(struct fl_strv *s, const char *text)
{
	push_owned(s, fl_strdup(text));
}

void fl_strv_pushf(struct fl_strv *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	push_owned(s, format(fmt, ap));
	va_end(ap);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

size_t fl_strv_find(const struct fl_strv *s, const char *text)
{
	size_t i = 0;

	while (i < s->n && strcmp(s->v[i], text) != 0)
		i++;
	return i;
}

bool fl_strv_has(const struct fl_strv *s, const char *text)
{
	return fl_strv_find(s, text) < s->n;
}

void fl_strv_pop(struct fl_strv *s)
{
	if (!s->n)
		return;
	free(s->v[--s->n]);
	s->v[s->n] = NULL;
}

bool fl_strv_add(struct fl_strv *s, const char *text)
{
	if (fl_strv_has(s, text))
		return false;
	fl_strv_push(s, text);
	return true;
}

void fl_strv_drop(struct fl_strv *s, size_t at)
{
	free(s->v[at]);
	memmove(&s->v[at], &s->v[at + 1], (s->n - at) * sizeof(*s->v)); /* and the NULL */
	s->n--;
}

int fl_strv_split_list(struct fl_strv *s, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, ","), from = 0, to = len;

		while (from < to && blank(text[from]))
			from++;
		while (to > from && blank(text[to - 1]))
			to--;
		if (from == to)
			return -EINVAL;
		push_owned(s, checked(strndup(text + from, to - from)));
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

/*
 * Copies one word into out without its quotes; returns where it ended, NULL for an unclosed quote.
 */
static const char *take_word(const char *text, char *out)
{
	char quote = 0;

	for (; *text && (quote || !blank(*text)); text++) {
		if (quote ? *text == quote : (*text == '\'' || *text == '"'))
			quote = quote ? 0 : *text;
		else
			*out++ = *text;
	}
	*out = '\0';
	return quote ? NULL : text;
}

int fl_strv_split_words(struct fl_strv *s, const char *text)
{
	char *word = fl_alloc(strlen(text) + 1);

	for (;;) {
		while (blank(*text))
			text++;
		if (!*text)
			break;
		text = take_word(text, word);
		if (!text)
			break;
		fl_strv_push(s, word);
	}
	free(word);
	return text ? 0 : -EINVAL;
}

static bool needs_no_quotes(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-+=./:,@%";

	return *word && !word[strspn(word, plain)];
}

/* Single quotes protect everything but themselves, so each one goes into double quotes: a'"'"'b. */
char *fl_strv_quote_word(const char *word)
{
	char *text, *out;

	if (needs_no_quotes(word))
		return fl_strdup(word);
	if (!strchr(word, '\''))
		return fl_asprintf("'%s'", word);
	if (!word[strcspn(word, "\"$`\\!")])
		return fl_asprintf("\"%s\"", word);
	text = out = fl_alloc(strlen(word) * 5 + 3);
	*out++ = '\'';
	for (; *word; word++)
		if (*word == '\'')
			out = stpcpy(out, "'\"'\"'");
		else
			*out++ = *word;
	strcpy(out, "'");
	return text;
}

char *fl_strv_join_words(const char *const *words, size_t n)
{
	char *text = NULL;
	size_t size;
	FILE *out = checked(open_memstream(&text, &size));

	for (size_t i = 0; i < n; i++) {
		char *word = fl_strv_quote_word(words[i]);

		fprintf(out, "%s%s", i ? " " : "", word);
		free(word);
	}
	fclose(out);
	return checked(text);
}

char *fl_strv_join(const struct fl_strv *s, const char *between)
{
	char *text = NULL;
	size_t size;
	FILE *out = checked(open_memstream(&text, &size));

	for (size_t i = 0; i < s->n; i++)
		fprintf(out, "%s%s", i ? between : "", s->v[i]);
	fclose(out);
	return checked(text);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void fl_strv_sort(struct fl_strv *s)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), by_text);
}
