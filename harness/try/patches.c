/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/try/patches.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/digest.h"
#include "harness/base/file.h"
#include "harness/base/spawn.h"
#include "harness/base/temp.h"

#define MAIL_MAX (16u << 20)

int fl_patches_add(struct fl_patches *s, const char *dir, const char *subject, const char *text,
		   size_t len, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/%04zu.patch", dir, s->subjects.n + 1);
	struct fl_diff alone = { 0 };
	bool any;

	fl_diff_parse(&alone, text, len);
	any = alone.n || alone.binary;
	fl_diff_release(&alone);
	if (!any)
		return 0;
	fl_diff_parse(&s->diff, text, len);
	if (s->diff.binary)
		return fl_fail(err, FL_USAGE, "%s: a binary patch, which patch(1) cannot apply",
			       subject);
	fl_strv_push(&s->subjects, subject);
	return fl_write_file(path, text, len, err);
}

/* Copies the patches, and appends their text to *all.  0 or -1. */
static int copy(const struct fl_patches *s, const char *from, const char *to, char **all,
		size_t *len, struct fl_error *err)
{
	for (size_t i = 1; i <= s->subjects.n; i++) {
		cleanup_free char *source = fl_asprintf("%s/%04zu.patch", from, i), *text = NULL;
		cleanup_free char *place = fl_asprintf("%s/%04zu.patch", to, i);
		size_t n = 0;

		text = fl_read_file(source, MAIL_MAX, &n);
		if (!text)
			return fl_fail(err, FL_MACHINE, "%s: cannot be read again", source);
		if (fl_write_file(place, text, n, err))
			return -1;
		*all = fl_realloc(*all, *len + n + 1);
		memcpy(*all + *len, text, n);
		*len += n;
	}
	return 0;
}

static void drop(const struct fl_patches *s, const char *dir)
{
	for (size_t i = 1; i <= s->subjects.n; i++) {
		cleanup_free char *path = fl_asprintf("%s/%04zu.patch", dir, i);

		unlink(path);
	}
	rmdir(dir);
}

/* The folder has its name when all of it is there: one that is there is believed. */
int fl_patches_keep(struct fl_patches *s, const char *dir, struct fl_error *err)
{
	cleanup_free char *place = NULL, *growing = NULL, *text = NULL;
	char digest[FL_DIGEST_LEN];
	size_t len = 0;

	if (fl_cache_folder(&place, "series", err))
		return -1;
	growing = fl_asprintf("%s/new-%d", place, (int)getpid());
	if (fl_make_folder(growing, err))
		return -1;
	if (copy(s, dir, growing, &text, &len, err)) {
		drop(s, growing);
		return -1;
	}
	fl_digest(text, len, digest);
	snprintf(s->hash, sizeof(s->hash), "%.12s", digest);
	s->dir = fl_asprintf("%s/%s", place, s->hash);
	if (rename(growing, s->dir))
		drop(s, growing); /* the same patches are there already */
	if (access(s->dir, F_OK))
		return fl_fail(err, FL_MACHINE, "%s: cannot be made", s->dir);
	return 0;
}

/* A diff alone: git's mail programs would want a head. */
static bool is_plain_diff(const char *text)
{
	while (*text == '\n')
		text++;
	return !strncmp(text, "diff ", 5) || !strncmp(text, "--- ", 4) ||
	       !strncmp(text, "Index: ", 7);
}

/* What "Subject: " says in git mailinfo's answer; malloc'd. */
static char *subject_of(const char *info, const char *otherwise)
{
	const char *at = info ? strstr(info, "Subject: ") : NULL;

	if (!at)
		return fl_strdup(otherwise);
	at += strlen("Subject: ");
	return strndup(at, strcspn(at, "\n"));
}

static int take_mail(struct fl_patches *s, const char *dir, const char *mail, const char *file,
		     struct fl_error *err)
{
	cleanup_free char *body = fl_asprintf("%s/body", dir), *diff = fl_asprintf("%s/diff", dir);
	cleanup_free char *info = NULL, *subject = NULL, *text = NULL;
	const char *const argv[] = { "git", "mailinfo", body, diff, NULL };
	const size_t before = s->subjects.n;
	size_t len = 0;

	if (fl_spawn_from(mail, argv, &info))
		return fl_fail(err, FL_USAGE, "%s: git cannot read a mail in it: %.*s", file,
			       (int)strcspn(info, "\n"), info);
	subject = subject_of(info, file);
	text = fl_read_file(diff, MAIL_MAX, &len);
	if (text && fl_patches_add(s, dir, subject, text, len, err))
		return fl_prefix(err, "%s", file);
	if (s->subjects.n == before && !before && !s->title)
		s->title = fl_strdup(subject);
	return 0;
}

static int take_mailbox(struct fl_patches *s, const char *dir, const char *file,
			struct fl_error *err)
{
	cleanup_free char *split = fl_asprintf("-o%s", dir), *answer = NULL;
	const char *const argv[] = { "git", "mailsplit", "-b", split, "--", file, NULL };
	long mails;

	if (fl_spawn_both(argv, &answer))
		return fl_fail(err, FL_USAGE, "%s: git cannot split it into mails: %.*s", file,
			       (int)strcspn(answer, "\n"), answer);
	mails = strtol(answer, NULL, 10);
	for (long i = 1; i <= mails; i++) {
		cleanup_free char *mail = fl_asprintf("%s/%04ld", dir, i);

		if (take_mail(s, dir, mail, file, err))
			return -1;
		unlink(mail);
	}
	return 0;
}

static int take_file(struct fl_patches *s, const char *dir, const char *file, struct fl_error *err)
{
	const size_t before = s->subjects.n;
	cleanup_free char *text = NULL;
	size_t len = 0;
	int bad;

	text = fl_read_file(file, MAIL_MAX, &len);
	if (!text)
		return fl_fail(err, FL_USAGE, "%s: %s", file,
			       errno == ENOENT || errno == EACCES
				       ? strerror(errno)
				       : "neither a patch nor a mailbox of at most 16 MiB");
	bad = is_plain_diff(text) ? fl_patches_add(s, dir, file, text, len, err)
				  : take_mailbox(s, dir, file, err);
	if (!bad && s->subjects.n == before)
		return fl_fail(err, FL_USAGE, "%s: holds no patch", file);
	return bad;
}

static void name(struct fl_patches *s)
{
	if (s->title)
		return;
	s->title = s->subjects.n == 1 ? fl_strdup(s->subjects.v[0])
				      : fl_asprintf("%zu patches", s->subjects.n);
}

int fl_patches_read(struct fl_patches *s, const struct fl_strv *files, struct fl_error *err)
{
	struct fl_temp temp;
	int bad = 0;

	if (fl_temp_open(&temp, err))
		return -1;
	for (size_t i = 0; i < files->n && !bad; i++)
		bad = take_file(s, temp.path, files->v[i], err);
	bad = bad || fl_patches_keep(s, temp.path, err);
	fl_temp_close(&temp);
	name(s);
	return bad ? -1 : 0;
}

void fl_patches_release(struct fl_patches *s)
{
	free(s->dir);
	free(s->title);
	free(s->tree);
	free(s->commit);
	free(s->range);
	fl_strv_release(&s->subjects);
	fl_diff_release(&s->diff);
	*s = (struct fl_patches){ 0 };
}
