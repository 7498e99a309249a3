/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/try/diff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"

#define NAME_MAX_LEN 80

/* Where the parser stands: a hunk has so many lines left on both sides. */
struct reader {
	struct fl_diff *d;
	struct fl_diff_file *file; /* NULL: a hunk of what is not known */
	char old[512];
	char function[NAME_MAX_LEN]; /* "": none */
	unsigned long left[2];
};

static bool begins(const char *line, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !memcmp(line, with, n);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The word before the first "(" of a line, into out; of SYSCALL_DEFINE, the word behind it. */
static bool name_of(const char *line, size_t len, char out[NAME_MAX_LEN])
{
	const char *open = memchr(line, '(', len), *end = open, *at;

	if (!open || open == line)
		return false;
	while (end > line && end[-1] == ' ')
		end--;
	for (at = end; at > line && is_word(at[-1]);)
		at--;
	if ((size_t)(end - at) > 14 && !strncmp(at, "SYSCALL_DEFINE", 14)) {
		at = open + 1;
		for (end = at; end < line + len && is_word(*end);)
			end++;
	}
	if (end == at || end - at >= NAME_MAX_LEN || isdigit((unsigned char)*at))
		return false;
	memcpy(out, at, (size_t)(end - at));
	out[end - at] = '\0';
	return true;
}

/* A definition begins in column 0 and does not end there; "out:" and macros do not count. */
static bool begins_function(const char *line, size_t len, char out[NAME_MAX_LEN])
{
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\r'))
		len--;
	if (!len || (!isalpha((unsigned char)*line) && *line != '_'))
		return false;
	if (line[len - 1] == ';' || line[len - 1] == ':' || memchr(line, '=', len))
		return false;
	return name_of(line, len, out);
}

static bool is_code(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (!strcmp(dot, ".c") || !strcmp(dot, ".h"));
}

/* "a/mm/memory.c" behind "--- " or "+++ "; what follows a tab is a time. */
static void path_of(const char *text, size_t len, char out[512])
{
	const char *tab = memchr(text, '\t', len);
	const char *slash;

	len = tab ? (size_t)(tab - text) : len;
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\r'))
		len--;
	slash = memchr(text, '/', len);
	if (slash && *text != '/') {
		len -= (size_t)(slash + 1 - text);
		text = slash + 1;
	}
	len = len < 511 ? len : 511;
	memcpy(out, text, len);
	out[len] = '\0';
}

static struct fl_diff_file *file_of(struct fl_diff *d, const char *path)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(d->files[i].path, path))
			return &d->files[i];
	d->files = fl_realloc(d->files, (d->n + 1) * sizeof(*d->files));
	d->files[d->n] = (struct fl_diff_file){ .path = fl_strdup(path) };
	return &d->files[d->n++];
}

/* "@@ -1,7 +1,8 @@ static void f(" */
static void begin_hunk(struct reader *r, const char *line, size_t len)
{
	cleanup_free char *text = strndup(line, len);
	char *at = strchr(text, '-'), *end;

	r->left[0] = r->left[1] = 0;
	r->function[0] = '\0';
	for (int side = 0; side < 2; side++) {
		at = strchr(text, side ? '+' : '-');
		if (!at)
			return;
		strtoul(at + 1, &end, 10);
		r->left[side] = *end == ',' ? strtoul(end + 1, NULL, 10) : 1;
	}
	at = strstr(at, "@@");
	if (at && at[2] == ' ' && !begins_function(at + 3, strlen(at + 3), r->function))
		r->function[0] = '\0';
}

static void count(unsigned long *left)
{
	*left -= *left > 0;
}

static void take_change(struct reader *r, char sign)
{
	if (!r->file)
		return;
	r->file->added += sign == '+';
	r->file->removed += sign == '-';
	if (r->function[0] && is_code(r->file->path))
		fl_strv_add(&r->file->functions, r->function);
}

static void take_line(struct reader *r, const char *line, size_t len)
{
	char sign = len ? *line : ' ', name[NAME_MAX_LEN];

	if (sign == '\\')
		return;
	if (sign != '+')
		count(&r->left[0]);
	if (sign != '-')
		count(&r->left[1]);
	if (len > 1 && begins_function(line + 1, len - 1, name))
		memcpy(r->function, name, sizeof(name));
	if (sign == '+' || sign == '-')
		take_change(r, sign);
	if (len > 1 && line[1] == '}')
		r->function[0] = '\0';
}

static void take_head(struct reader *r, const char *line, size_t len)
{
	char path[512];

	if (begins(line, len, "--- ")) {
		path_of(line + 4, len - 4, r->old);
		r->file = NULL;
	} else if (begins(line, len, "+++ ")) {
		path_of(line + 4, len - 4, path);
		r->file = *r->old ? file_of(r->d, strcmp(path, "/dev/null") ? path : r->old) : NULL;
	} else if (begins(line, len, "@@ -")) {
		begin_hunk(r, line, len);
	} else if (begins(line, len, "GIT binary patch") || begins(line, len, "Binary files ")) {
		r->d->binary = true;
	}
}

void fl_diff_parse(struct fl_diff *d, const char *text, size_t len)
{
	struct reader r = { .d = d };

	while (len) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline ? (size_t)(newline - text) : len;

		if (r.left[0] || r.left[1])
			take_line(&r, text, n);
		else
			take_head(&r, text, n);
		n += newline != NULL;
		text += n;
		len -= n;
	}
}

void fl_diff_release(struct fl_diff *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->files[i].path);
		fl_strv_release(&d->files[i].functions);
	}
	free(d->files);
	*d = (struct fl_diff){ 0 };
}

size_t fl_diff_functions(const struct fl_diff *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->files[i].functions.n;
	return n;
}
