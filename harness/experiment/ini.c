/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/ini.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"

/* A value may continue on further lines, so it is kept until the next key, section or the end. */
struct reading {
	const char *file;
	fl_ini_take take;
	void *arg;
	struct fl_error *err;
	unsigned int line, value_line;
	char quote; /* quote left open at the end of the line */
	char *section, *key, *value;
};

static int fail(struct reading *r, unsigned int line)
{
	return fl_prefix(r->err, "%s:%u", r->file, line);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Inside a word it is an apostrophe: "it's". */
static bool opens_quote(const char *line, const char *p)
{
	return (*p == '"' || *p == '\'') && (p == line || strchr(" \t=:,([{\"'", p[-1]));
}

/* Cuts a comment that follows a blank, outside quotes; a quote may be open from the line before. */
static void cut_comment(char *line, char *quote)
{
	for (char *p = line; *p; p++) {
		if (*quote)
			*quote = *p == *quote ? 0 : *quote;
		else if (opens_quote(line, p))
			*quote = *p;
		else if ((*p == ';' || *p == '#') && (p == line || is_blank(p[-1]))) {
			*p = '\0';
			return;
		}
	}
}

/* Trims blanks at both ends, in place. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len && is_blank(text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

static void forget_value(struct reading *r)
{
	free(r->key);
	free(r->value);
	r->key = r->value = NULL;
	r->quote = 0;
}

static int take_value(const struct reading *r)
{
	if (!*r->value)
		return fl_fail(r->err, FL_USAGE, "%s has no value", r->key);
	return r->take(r->arg, r->section ? r->section : "", r->key, r->value, r->value_line,
		       r->err);
}

static int give(struct reading *r)
{
	int bad = r->key && take_value(r);

	forget_value(r);
	return bad ? fail(r, r->value_line) : 0;
}

static int take_section(struct reading *r, char *text)
{
	size_t len = strlen(text);

	if (strchr(text, '\t')) {
		fl_fail(r->err, FL_USAGE, "a section's name must not contain a tab");
		return fail(r, r->line);
	}
	if (text[len - 1] != ']') {
		fl_fail(r->err, FL_USAGE, "a section is [NAME] with nothing after it");
		return fail(r, r->line);
	}
	text[len - 1] = '\0';
	free(r->section);
	r->section = fl_strdup(trim(text + 1));
	return 0;
}

static int take_pair(struct reading *r, char *text)
{
	char *sep = text + strcspn(text, "=:");

	if (!*sep) {
		fl_fail(r->err, FL_USAGE, "neither [section] nor key = value");
		return fail(r, r->line);
	}
	*sep = '\0';
	r->key = fl_strdup(trim(text));
	r->value = fl_strdup(trim(sep + 1));
	r->value_line = r->line;
	return 0;
}

/* Text is for people: a terminal would obey a control character in a name. */
static int check_text(struct reading *r, const char *line, size_t len)
{
	for (size_t at = 0, n, bad; at < len; at += n) {
		n = fl_plain_length(line + at, &bad);
		if (n)
			continue;
		fl_fail(r->err, FL_USAGE,
			"byte 0x%02x, the %zuth of the line, is neither text nor a blank: a file "
			"is UTF-8 "
			"without control characters",
			(unsigned char)line[at], at + 1);
		return fail(r, r->line);
	}
	return 0;
}

static size_t without_end(const char *line, size_t len)
{
	while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	return len;
}

static int take_line(struct reading *r, char *line)
{
	bool more = r->key && is_blank(*line);
	char quote = more ? r->quote : 0;
	char *text;

	cut_comment(line, &quote);
	text = trim(line);
	if (!*text)
		return 0;
	if (more) {
		cleanup_free char *old = r->value;

		r->value = fl_asprintf("%s%s%s", old, *old ? " " : "", text);
		r->quote = quote;
		return 0;
	}
	if (give(r))
		return -1;
	r->quote = quote;
	return *text == '[' ? take_section(r, text) : take_pair(r, text);
}

/* strict: for files; text stored with a run was accepted once and must stay readable. */
static int read_lines(FILE *in, const char *file, bool strict, fl_ini_take take, void *arg,
		      struct fl_error *err)
{
	static const char mark[] = "\xef\xbb\xbf"; /* byte order mark of some editors */
	struct reading r = { .file = file, .take = take, .arg = arg, .err = err };
	cleanup_free char *line = NULL;
	size_t room = 0;
	ssize_t got;
	int bad = 0;

	while (!bad && (got = getline(&line, &room, in)) >= 0) {
		bool marked = !r.line++ && !strncmp(line, mark, strlen(mark));
		size_t len = without_end(line, (size_t)got);

		line[len] = '\0';
		bad = (strict && check_text(&r, line, len)) ||
		      take_line(&r, line + (marked ? strlen(mark) : 0));
	}
	if (!bad)
		bad = give(&r);
	forget_value(&r);
	free(r.section);
	return bad ? -1 : 0;
}

int fl_ini_read(FILE *in, const char *file, fl_ini_take take, void *arg, struct fl_error *err)
{
	return read_lines(in, file, true, take, arg, err);
}

int fl_ini_read_text(const char *text, const char *file, fl_ini_take take, void *arg,
		     struct fl_error *err)
{
	cleanup_file FILE *in = NULL;

	if (!text || !*text)
		return 0;
	in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	if (!in)
		return fl_fail(err, FL_MACHINE, "%s cannot be read: %s", file, strerror(errno));
	return read_lines(in, file, false, take, arg, err);
}

const char *fl_ini_after(const char *section, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(section, word, len) != 0 || (section[len] && section[len] != ' '))
		return NULL;
	section += len;
	return section + strspn(section, " ");
}

int fl_ini_text(char **text, const char *value)
{
	free(*text);
	*text = fl_strdup(value);
	return 0;
}

int fl_ini_list(struct fl_strv *list, const char *key, const char *value, struct fl_error *err)
{
	fl_strv_release(list);
	return fl_strv_split_list(list, value)
		       ? fl_fail(err, FL_USAGE, "%s = %s: names separated by commas", key, value)
		       : 0;
}
