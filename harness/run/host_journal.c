/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/host_journal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/experiment/setting.h"

/* What '*' in a setting's name may match: one path component, not "..". */
static bool is_plain_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_' && text[i] != '-')
			return false;
	return len > 0;
}

static bool path_fits(const char *pattern, const char *path)
{
	const char *star = strstr(pattern, "%s");
	size_t len = strlen(path), head, tail;

	if (!star)
		return !strcmp(pattern, path);
	head = (size_t)(star - pattern);
	tail = strlen(star + 2);
	return len > head + tail && !memcmp(path, pattern, head) &&
	       !strcmp(path + len - tail, star + 2) &&
	       is_plain_name(path + head, len - head - tail);
}

bool fl_journal_path_allowed(const char *path)
{
	if (strncmp(path, "/sys/", 5) && strncmp(path, "/proc/sys/", 10))
		return false;
	for (const struct fl_setting *s = fl_settings(); s->name; s++)
		if ((s->how == FL_SET_FILE || s->how == FL_SET_HOST) && s->path &&
		    path_fits(s->path, path))
			return true;
	return false;
}

static bool is_value(const char *text)
{
	for (const char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			return false;
	return *text;
}

static int take_entry(struct fl_journal *j, const char *line, size_t len)
{
	const char *tab = memchr(line, '\t', len);
	struct fl_journal_entry e = { 0 };
	size_t path_len;

	if (!tab || memchr(line, '\0', len))
		return -EINVAL;
	path_len = (size_t)(tab - line);
	if (path_len >= sizeof(e.path) || len - path_len - 1 >= sizeof(e.value))
		return -EINVAL;
	memcpy(e.path, line, path_len);
	memcpy(e.value, tab + 1, len - path_len - 1);
	if (!fl_journal_path_allowed(e.path) || !is_value(e.value))
		return -EINVAL;
	j->entries = fl_realloc(j->entries, (j->n + 1) * sizeof(e));
	j->entries[j->n++] = e;
	return 0;
}

static int take_boot(struct fl_journal *j, const char *line, size_t len)
{
	if (len <= 5 || len - 5 >= sizeof(j->boot) || memcmp(line, "boot ", 5) ||
	    !is_plain_name(line + 5, len - 5))
		return -EINVAL;
	memcpy(j->boot, line + 5, len - 5);
	return 0;
}

static int take_line(struct fl_journal *j, int line, const char *text, size_t len)
{
	if (line == 1)
		return len == strlen(FL_JOURNAL_MAGIC) && !memcmp(text, FL_JOURNAL_MAGIC, len)
			       ? 0
			       : -EINVAL;
	return line == 2 ? take_boot(j, text, len) : take_entry(j, text, len);
}

int fl_journal_parse(struct fl_journal *j, const char *text, size_t len, int *line)
{
	const char *end;

	memset(j, 0, sizeof(*j));
	*line = 1;
	if (len > FL_JOURNAL_TEXT_MAX)
		return -EINVAL;
	for (; len && (end = memchr(text, '\n', len)); ++*line) {
		size_t n = (size_t)(end - text);

		if (take_line(j, *line, text, n))
			return -EINVAL;
		text += n + 1;
		len -= n + 1;
	}
	return 0;
}

void fl_journal_release(struct fl_journal *j)
{
	free(j->entries);
	memset(j, 0, sizeof(*j));
}

int fl_journal_format(const struct fl_journal_entry *e, char *buf, size_t len)
{
	int n;

	if (!fl_journal_path_allowed(e->path) || !is_value(e->value))
		return -EINVAL;
	n = snprintf(buf, len, "%s\t%s\n", e->path, e->value);
	return n > 0 && (size_t)n < len ? n : -EINVAL;
}

/* mm/page-writeback.c and mm/util.c: a handler of one sets the other to 0. */
#define BYTES "bytes"
#define KBYTES "kbytes"
#define RATIO "ratio"
static const struct {
	const char *stem, *amount;
} pairs[] = {
	{ "/proc/sys/vm/dirty_", BYTES },
	{ "/proc/sys/vm/dirty_background_", BYTES },
	{ "/proc/sys/vm/overcommit_", KBYTES },
};

char *fl_journal_twin(const char *path)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *stem = pairs[i].stem, *rest = path + strlen(stem);

		if (strncmp(path, stem, strlen(stem)) != 0)
			continue;
		if (!strcmp(rest, pairs[i].amount))
			return fl_asprintf("%s" RATIO, stem);
		if (!strcmp(rest, RATIO))
			return fl_asprintf("%s%s", stem, pairs[i].amount);
	}
	return NULL;
}

/* dirty_bytes has a least value above 0; a ratio has not. */
bool fl_journal_takes_zero(const char *path)
{
	cleanup_free char *twin = fl_journal_twin(path);

	return !twin || !strcmp(path + strlen(path) - strlen(RATIO), RATIO);
}
