// SPDX-License-Identifier: GPL-2.0
/* Operations of races: userfaultfd. */
#include "race.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "uffd.h"

#define NONE "no userfaultfd, or not this use of it"
#define MOVED 16
#define AGAIN 100000
#define MOVE_AGAIN 100 /* a huge page that somebody holds for a moment cannot be split */

static bool ready(struct race_part *p)
{
	if (p->uffd >= 0)
		return true;
	p->uffd = uffd_open(UFFD_FEATURE_MOVE | UFFD_FEATURE_PAGEFAULT_FLAG_WP);
	p->moves = p->uffd >= 0;
	if (!p->moves)
		p->uffd = uffd_open(UFFD_FEATURE_PAGEFAULT_FLAG_WP);
	return p->uffd >= 0;
}

static int part_register(struct race_part *p, uint64_t mode)
{
	return ready(p) ? uffd_register(p->uffd, race_page(p, p->first), race_len(p), mode) : -1;
}

static enum race_outcome part_unregister(struct race_part *p)
{
	if (uffd_unregister(p->uffd, race_page(p, p->first), race_len(p)))
		return race_broken(p, "UFFDIO_UNREGISTER: %s", strerror(errno));
	return RACE_DONE;
}

enum race_outcome race_uffd_register(struct race_part *p)
{
	if (part_register(p, UFFDIO_REGISTER_MODE_WP))
		return race_skip(p, NONE);
	return part_unregister(p);
}

static enum race_outcome copy_page(struct race_part *p, size_t page)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)race_page(p, page),
		.src = (uintptr_t)p->copy,
		.len = ALIGNED_PAGE,
	};

	race_stamp(p, page, p->copy);
	for (int i = 0; i < AGAIN; i++) {
		if (!ioctl(p->uffd, UFFDIO_COPY, &copy))
			return RACE_DONE;
		if (errno != EAGAIN)
			break;
	}
	return race_broken(p, "UFFDIO_COPY: %s", strerror(errno));
}

/* Registered first: what is given back then stays away until it is put in. */
enum race_outcome race_uffd_copy(struct race_part *p)
{
	enum race_outcome done = RACE_DONE, left;

	if (part_register(p, UFFDIO_REGISTER_MODE_MISSING))
		return race_skip(p, NONE);
	if (madvise(race_page(p, p->first), race_len(p), MADV_DONTNEED))
		done = race_broken(p, "MADV_DONTNEED: %s", strerror(errno));
	for (size_t i = 0; done == RACE_DONE && i < p->n; i++)
		done = copy_page(p, p->first + i);
	left = part_unregister(p);
	return done == RACE_DONE ? left : done;
}

static enum race_outcome set_protected(struct race_part *p, bool on)
{
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)race_page(p, p->first), race_len(p) },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	for (int i = 0; i < AGAIN; i++) {
		if (!ioctl(p->uffd, UFFDIO_WRITEPROTECT, &wp))
			return RACE_DONE;
		if (errno != EAGAIN)
			break;
	}
	return race_broken(p, "UFFDIO_WRITEPROTECT: %s", strerror(errno));
}

enum race_outcome race_uffd_protect(struct race_part *p)
{
	enum race_outcome done, left;

	if (part_register(p, UFFDIO_REGISTER_MODE_WP))
		return race_skip(p, NONE);
	done = set_protected(p, true);
	for (size_t i = 0; done == RACE_DONE && i < p->n; i++)
		done = race_see(p, p->first + i, race_page(p, p->first + i));
	left = done == RACE_DONE ? set_protected(p, false) : done;
	part_unregister(p);
	return left;
}

/* 0 or errno; a moment later is as good. */
static int move_page(struct race_part *p, size_t page, void *to, uint64_t mode)
{
	for (int i = 0; i < MOVE_AGAIN; i++) {
		struct uffdio_move move = {
			.dst = (uintptr_t)to,
			.src = (uintptr_t)race_page(p, page),
			.len = ALIGNED_PAGE,
			.mode = mode,
		};

		if (!ioctl(p->uffd, UFFDIO_MOVE, &move))
			return 0;
		if (errno != EAGAIN)
			return errno;
	}
	return EAGAIN;
}

/* What lies at `to` has come from there, or does not lie there although the page was there. */
static enum race_outcome arrived(struct race_part *p, size_t page, void *to)
{
	if (!race_there(p, to)) {
		if (race_stays(p, page))
			return race_broken(p,
					   "UFFDIO_MOVE says that it moved page %zu, which was "
					   "written, and left it behind",
					   page);
		return RACE_DONE;
	}
	if (race_see(p, page, to) != RACE_DONE)
		return RACE_BROKEN;
	memcpy(race_page(p, page), to, ALIGNED_PAGE);
	return RACE_DONE;
}

static enum race_outcome move_one(struct race_part *p, size_t page, bool *moved)
{
	bool holes = prng_below(&p->random, 2);
	void *to = p->room + page * ALIGNED_PAGE;
	int bad = move_page(p, page, to, holes ? UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES : 0);

	switch (bad) {
	case 0:
		*moved = true;
		return RACE_DONE;
	case EBUSY: /* not exclusively its own, or held by somebody for a moment */
	case EAGAIN:
	case ENOMEM:
		return RACE_DONE;
	case ENOENT:
		if (!holes && !race_stays(p, page))
			return RACE_DONE;
		return race_broken(p, "UFFDIO_MOVE says that page %zu, which was written, is none",
				   page);
	default:
		return race_broken(p, "UFFDIO_MOVE of page %zu: %s", page, strerror(bad));
	}
}

/* The first of these pages that was written, so that there is something to move; else the first. */
static size_t written_of(const struct race_part *p, size_t first, size_t n)
{
	for (size_t i = first; i < first + n && i < p->first + p->n; i++)
		if (race_stays(p, i))
			return i;
	return first;
}

/* Each is written back at once, or all when all have moved: nothing then keeps the next move
 * waiting. */
static enum race_outcome move_all(struct race_part *p)
{
	size_t step = p->n > MOVED ? p->n / MOVED : 1;
	bool moved[RACE_PAGES] = { false }, at_once = !prng_below(&p->random, 4);
	enum race_outcome done = RACE_DONE;

	for (size_t i = 0; done == RACE_DONE && i < p->n; i += step) {
		size_t page = written_of(p, p->first + i, step);

		done = move_one(p, page, &moved[page]);
		if (done == RACE_DONE && at_once && moved[page])
			done = arrived(p, page, p->room + page * ALIGNED_PAGE);
	}
	for (size_t page = 0; done == RACE_DONE && !at_once && page < RACE_PAGES; page++)
		if (moved[page])
			done = arrived(p, page, p->room + page * ALIGNED_PAGE);
	return done;
}

/* Only the destination must be registered, not the source. */
enum race_outcome race_uffd_move(struct race_part *p)
{
	enum race_outcome done;

	if (!ready(p) || !p->moves)
		return race_skip(p, "no UFFDIO_MOVE (Linux 6.8)");
	if (uffd_register(p->uffd, p->room, ALIGNED_REGION, UFFDIO_REGISTER_MODE_MISSING))
		return race_skip(p, NONE);
	done = move_all(p);
	if (uffd_unregister(p->uffd, p->room, ALIGNED_REGION))
		return race_broken(p, "UFFDIO_UNREGISTER: %s", strerror(errno));
	madvise(p->room, ALIGNED_REGION, MADV_DONTNEED);
	return done;
}
