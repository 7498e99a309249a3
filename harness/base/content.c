/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/content.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/hash.h"
#include "harness/base/strv.h"

#define KNOWN_MAX 64
#define PIECE (1u << 20)

struct known {
	dev_t dev;
	ino_t ino;
	struct timespec changed;
	uint64_t len, hash;
};

static struct {
	pthread_mutex_t lock;
	struct known files[KNOWN_MAX];
	size_t next;
} memory = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool is_same(const struct known *a, const struct known *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->len == b->len &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static bool recall(struct known *k)
{
	bool found = false;

	pthread_mutex_lock(&memory.lock);
	for (size_t i = 0; i < KNOWN_MAX && !found; i++) {
		found = is_same(&memory.files[i], k);
		if (found)
			k->hash = memory.files[i].hash;
	}
	pthread_mutex_unlock(&memory.lock);
	return found;
}

static void keep(const struct known *k)
{
	pthread_mutex_lock(&memory.lock);
	memory.files[memory.next++ % KNOWN_MAX] = *k;
	pthread_mutex_unlock(&memory.lock);
}

static int read_through(int fd, uint64_t len, uint64_t *hash)
{
	cleanup_free char *piece = fl_alloc(PIECE);
	uint64_t at = 0;

	*hash = FL_HASH_START;
	while (at < len) {
		size_t want = len - at < PIECE ? (size_t)(len - at) : PIECE, got = 0;

		while (got < want) {
			ssize_t n = pread(fd, piece + got, want - got, (off_t)(at + got));

			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				return n ? -errno : -EIO;
			got += (size_t)n;
		}
		*hash = fl_hash(*hash, piece, got);
		at += got;
	}
	return 0;
}

int fl_content_hash(int fd, uint64_t len, uint64_t *hash)
{
	struct known k = { 0 };
	struct stat st;
	int bad;

	if (fstat(fd, &st))
		return -errno;
	k = (struct known){ .dev = st.st_dev,
			    .ino = st.st_ino,
			    .changed = st.st_mtim,
			    .len = len == UINT64_MAX ? (uint64_t)st.st_size : len };
	if (!recall(&k)) {
		bad = read_through(fd, k.len, &k.hash);
		if (bad)
			return bad;
		keep(&k);
	}
	*hash = k.hash;
	return 0;
}
