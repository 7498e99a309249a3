/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_STRV_H
#define FL_BASE_STRV_H

#include <stdbool.h>
#include <stddef.h>

/* A growing, NULL-terminated vector of owned strings, fit for execv(3). */
struct fl_strv {
	char **v; /* v[n] is NULL after the first push */
	size_t n;
};

void fl_strv_release(struct fl_strv *s);

/* Copies the text.  Aborts when out of memory, as all small allocations here do. */
void fl_strv_push(struct fl_strv *s, const char *text);
void fl_strv_pushf(struct fl_strv *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Index of the first equal text; n if there is none. */
size_t fl_strv_find(const struct fl_strv *s, const char *text);
bool fl_strv_has(const struct fl_strv *s, const char *text);
/* Drops the last one, if any. */
void fl_strv_pop(struct fl_strv *s);
/* Pushes the text unless it is there already; true if it was new. */
bool fl_strv_add(struct fl_strv *s, const char *text);

/* Removes the text at that index; those after it move up. */
void fl_strv_drop(struct fl_strv *s, size_t at);

/* Splits a list at commas and trims blanks around each item; an empty item is -EINVAL. */
int fl_strv_split_list(struct fl_strv *s, const char *text);

/* Splits a command into words at blanks; '...' and "..." keep blanks.  -EINVAL: unclosed quote. */
int fl_strv_split_words(struct fl_strv *s, const char *text);

/* The inverse: quotes words so that fl_strv_split_words() and a shell read them back unchanged;
 * malloc'd. */
char *fl_strv_quote_word(const char *word);
char *fl_strv_join_words(const char *const *words, size_t n);

/* Joins all texts with `between`; malloc'd. */
char *fl_strv_join(const struct fl_strv *s, const char *between);

/* Sorts by bytes, as strcmp(). */
void fl_strv_sort(struct fl_strv *s);

/* malloc, calloc, strdup and asprintf that print a line and abort when out of memory. */
void *fl_alloc(size_t size);
void *fl_calloc(size_t n, size_t size);
void *fl_realloc(void *p, size_t size);
char *fl_strdup(const char *text);
char *fl_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
