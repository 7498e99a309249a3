/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "harness/base/cleanup.h"

#define CONFIG_MAX (4u << 20) /* Debian's has 300 KiB */

/* --- meta --- */

void fl_build_take_meta(struct fl_build *b, const char *text)
{
	const struct {
		const char *key;
		char **value;
	} keys[] = {
		{ "base ", &b->base },           { "commit ", &b->commit },
		{ "compiler ", &b->compiler },   { "dirty ", &b->dirty },
		{ "fragments ", &b->fragments }, { "name ", &b->name },
		{ "series ", &b->series },       { "series_hash ", &b->series_hash },
		{ "source ", &b->source },       { "taken ", &b->taken },
	};

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		int line = (int)strcspn(text, "\n");

		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			int key = (int)strlen(keys[i].key);

			if (line < key || strncmp(text, keys[i].key, (size_t)key) != 0 ||
			    *keys[i].value)
				continue;
			*keys[i].value = fl_asprintf("%.*s", line - key, text + key);
		}
	}
}

/* --- configuration --- */

static bool counts(const char *line, size_t len)
{
	static const char unset[] = " is not set";
	size_t n = sizeof(unset) - 1;

	if (!strncmp(line, "CONFIG_", 7))
		return memchr(line, '=', len);
	return len > n && !strncmp(line, "# CONFIG_", 9) && !memcmp(line + len - n, unset, n);
}

char *fl_build_config_lines(const char *text)
{
	char *lines = fl_alloc(strlen(text) + 2), *at = lines;

	while (*text) {
		size_t len = strcspn(text, "\n");

		if (counts(text, len)) {
			memcpy(at, text, len);
			at += len;
			*at++ = '\n';
		}
		text += len + (text[len] == '\n');
	}
	*at = '\0';
	if (at > lines)
		return lines;
	free(lines);
	return NULL;
}

/* gzip between two marks (kernel/configs.c). */
char *fl_build_config_inside(const unsigned char *bytes, size_t len)
{
	static const char mark[] = "IKCFG_ST\037\213\010";
	const unsigned char *at = memmem(bytes, len, mark, sizeof(mark) - 1);
	cleanup_free unsigned char *out = NULL;
	z_stream z = { 0 };
	int r;

	if (!at || inflateInit2(&z, 15 + 16) != Z_OK)
		return NULL;
	at += 8;
	out = fl_alloc(CONFIG_MAX + 1);
	z.next_in = (unsigned char *)at;
	z.avail_in = (uInt)(len - (size_t)(at - bytes));
	z.next_out = out;
	z.avail_out = CONFIG_MAX;
	r = inflate(&z, Z_FINISH);
	out[CONFIG_MAX - z.avail_out] = '\0';
	inflateEnd(&z);
	return r == Z_STREAM_END ? fl_build_config_lines((char *)out) : NULL;
}

static char *read_text(const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");
	char *text;

	if (!f)
		return NULL;
	text = fl_calloc(1, CONFIG_MAX + 1);
	text[fread(text, 1, CONFIG_MAX, f)] = '\0';
	return text;
}

/* DIR/NAME, read; NULL: it is not there. */
static char *read_beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *at =
		fl_asprintf("%.*s%s", slash ? (int)(slash - path) + 1 : 0, path, name);

	return read_text(at);
}

static char *config_beside(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	cleanup_free char *of_release =
		fl_asprintf("config-%s", strchr(name, '-') ? strchr(name, '-') + 1 : "");
	const char *const places[] = { "config", ".config",
				       !strcmp(name, "bzImage") ? "../../../.config" : of_release };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		cleanup_free char *text = read_beside(path, places[i]);

		if (text)
			return fl_build_config_lines(text);
	}
	return NULL;
}

/* CONFIG_CC_VERSION_TEXT="gcc (Debian 12.2.0-14) 12.2.0" */
static char *compiler_of(const char *config)
{
	static const char key[] = "CONFIG_CC_VERSION_TEXT=\"";
	const char *at = config ? strstr(config, key) : NULL;

	if (!at)
		return NULL;
	at += sizeof(key) - 1;
	return fl_asprintf("%.*s", (int)strcspn(at, "\"\n"), at);
}

/* --- files --- */

static const unsigned char *map(const char *path, size_t *len)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	*len = (size_t)st.st_size;
	p = mmap(NULL, *len ? *len : 1, PROT_READ, MAP_PRIVATE, fd, 0);
	return p == MAP_FAILED ? NULL : p;
}

int fl_build_read(struct fl_build *b, const char *path, struct fl_error *err)
{
	cleanup_free char *meta = read_beside(path, "meta");
	const unsigned char *bytes;
	size_t len;

	memset(b, 0, sizeof(*b));
	bytes = map(path, &len);
	if (!bytes)
		return fl_fail(err, FL_MACHINE, "%s: cannot be read: %s", path, strerror(errno));
	b->path = fl_strdup(path);
	b->file_hash = fl_calloc(1, FL_DIGEST_LEN);
	fl_digest(bytes, len, b->file_hash);
	b->config = fl_build_config_inside(bytes, len);
	munmap((void *)bytes, len ? len : 1);
	if (!b->config)
		b->config = config_beside(path);
	if (meta)
		fl_build_take_meta(b, meta);
	if (!b->compiler)
		b->compiler = compiler_of(b->config);
	fl_build_seal(b);
	return 0;
}

/* --- the image --- */

#define NEWC_HEAD 110 /* bytes: the magic and 13 numbers of 8 hex digits */

static bool newc_number(const unsigned char *head, unsigned int i, size_t *out)
{
	char digits[9] = "", *end;

	memcpy(digits, head + 6 + 8 * i, 8);
	*out = strtoul(digits, &end, 16);
	return end == digits + 8;
}

int fl_image_take(struct fl_image_facts *f, const unsigned char *bytes, size_t len)
{
	char hash[FL_DIGEST_LEN];
	size_t mode, size, name;

	for (size_t at = 0; at + NEWC_HEAD <= len;) {
		const unsigned char *head = bytes + at;
		size_t data;

		if (memcmp(head, "070701", 6) != 0 || !newc_number(head, 1, &mode) ||
		    !newc_number(head, 6, &size) || !newc_number(head, 11, &name))
			return -EINVAL;
		data = (at + NEWC_HEAD + name + 3) & ~(size_t)3;
		if (!name || data > len || size > len - data || head[NEWC_HEAD + name - 1])
			return -EINVAL;
		if (!strcmp((const char *)head + NEWC_HEAD, "TRAILER!!!"))
			return 0;
		if (S_ISREG(mode)) {
			fl_digest(bytes + data, size, hash);
			fl_strv_pushf(&f->programs, "/%s", head + NEWC_HEAD);
			fl_strv_push(&f->hashes, hash);
		}
		at = (data + size + 3) & ~(size_t)3;
	}
	return -EINVAL;
}

int fl_image_read(struct fl_image_facts *f, const char *path, struct fl_error *err)
{
	const unsigned char *bytes;
	size_t len;
	int bad;

	memset(f, 0, sizeof(*f));
	bytes = map(path, &len);
	if (!bytes)
		return fl_fail(err, FL_MACHINE, "%s: cannot be read: %s", path, strerror(errno));
	fl_digest(bytes, len, f->hash);
	bad = fl_image_take(f, bytes, len);
	munmap((void *)bytes, len ? len : 1);
	return bad ? fl_fail(err, FL_MACHINE, "%s: not a guest image of Faultline; delete it", path)
		   : 0;
}
