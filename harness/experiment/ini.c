/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/ini.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

/*
 * inih gives a value as soon as its line is read; one value may go on over
 * further lines, so it is kept until the next key, section or the end.
 */
struct reading {
	FILE *in;
	const char *file;
	fl_ini_take take;
	void *arg;
	struct fl_error *err;
	unsigned int line, value_line;
	bool continued, failed;
	char *section, *key, *value;
};

static int fail(struct reading *r, unsigned int line)
{
	if (!r->failed)
		fl_prefix(r->err, "%s:%u", r->file, line);
	r->failed = true;
	return 0;
}

/* Cuts a comment that follows a blank, outside quotes. */
static void cut_comment(char *line)
{
	char quote = 0;

	for (char *p = line; *p; p++) {
		if (quote)
			quote = *p == quote ? 0 : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if ((*p == ';' || *p == '#') && (p == line || p[-1] == ' ' || p[-1] == '\t')) {
			*p = '\0';
			return;
		}
	}
}

/* inih's line reader: counts, cleans, and refuses what inih would cut silently. */
static char *next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	cleanup_free char *text = NULL;
	size_t room = 0, len;

	if (r->failed || getline(&text, &room, r->in) < 0)
		return NULL;
	r->line++;
	r->continued = text[0] == ' ' || text[0] == '\t';
	text[strcspn(text, "\r\n")] = '\0';
	cut_comment(text);
	len = strlen(text);
	if (len + 2 > (size_t)size) {
		fl_fail(r->err, FL_USAGE,
			"the line is longer than %d bytes; go on in a line that begins with a "
			"blank",
			size - 2);
		fail(r, r->line);
		return NULL;
	}
	memcpy(out, text, len + 1);
	return out;
}

static int give(struct reading *r)
{
	int bad = 0;

	if (r->key && !r->failed &&
	    r->take(r->arg, r->section, r->key, r->value, r->value_line, r->err)) {
		fail(r, r->value_line);
		bad = -1;
	}
	free(r->section);
	free(r->key);
	free(r->value);
	r->section = r->key = r->value = NULL;
	return bad;
}

static int on_value(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;

	if (r->failed)
		return 0;
	if (r->key && r->continued && !strcmp(key, r->key)) {
		cleanup_free char *old = r->value;

		r->value = fl_asprintf("%s %s", old, value);
		return 1;
	}
	if (give(r))
		return 0;
	r->section = fl_strdup(section);
	r->key = fl_strdup(key);
	r->value = fl_strdup(value);
	r->value_line = r->line;
	return 1;
}

int fl_ini_read(FILE *in, const char *file, fl_ini_take take, void *arg, struct fl_error *err)
{
	struct reading r = { .in = in, .file = file, .take = take, .arg = arg, .err = err };
	int line = ini_parse_stream(next_line, &r, on_value, &r);

	if (!r.failed && line > 0) {
		fl_fail(err, FL_USAGE, "neither [section] nor key = value");
		fail(&r, (unsigned int)line);
	}
	give(&r);
	return r.failed ? -1 : 0;
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
	return fl_ini_read(in, file, take, arg, err);
}
