// SPDX-License-Identifier: GPL-2.0
/*
 * The loop does what the peer's does in each step, option by option, so that throughputs can be
 * compared.  walk() is made anew for each caller's constants: the loop without latencies does not
 * know of them.
 */
#include "walk.h"

#include "touched.h"

#define CHECK_TIME_MASK 0xffff /* in words, as the peer */
#define unlikely(x) __builtin_expect(!!(x), 0)

bool walk_time_over(struct walk *w)
{
	struct timeval now;

	if (!w->runtime)
		return false;
	gettimeofday(&now, NULL);
	w->time_over = now.tv_sec - w->start.tv_sec > (time_t)w->runtime;
	return w->time_over;
}

static void stay_on_page(uint64_t ns, unsigned long *p, size_t index, bool read)
{
	uint64_t start = latency_ticks(false);

	do {
		walk_access(p, index, read);
	} while (latency_ticks(false) - start < ns);
}

static inline size_t random_word(struct walk *w, size_t max)
{
	long value;

	lrand48_r(&w->rand, &value);
	return (size_t)((double)max * (double)value / (RAND_MAX + 1.0));
}

static bool is_wrong(struct walk *w, const unsigned long *p, size_t index)
{
	if (p[index] == index)
		return false;
	w->wrong = true;
	w->wrong_index = index;
	w->wrong_value = p[index];
	return true;
}

static void timed_access(struct walk *w, struct touched *touched, unsigned long *p, size_t index,
			 bool read)
{
	int class = touched_note(touched, p + index);

	if (class == TOUCHED_AGAIN)
		walk_access(p, index, read);
	else if (read)
		latency_read(w->latency, (unsigned int)class, p + index);
	else
		latency_write(w->latency, (unsigned int)class, p + index, index);
}

static inline __attribute__((always_inline)) unsigned long
walk(struct walk *w, unsigned long *p, size_t bytes, bool read, bool check, struct touched *touched)
{
	const size_t words = bytes / sizeof(*p);
	const size_t step = w->step / sizeof(*p);
	const uint64_t delay = w->delay_ns;
	const bool random = w->random;
	unsigned long accessed = 0;
	uintptr_t last_page = 0;

	for (size_t i = 0; i < words; i += step) {
		size_t index = i;

		if (unlikely(random))
			index = random_word(w, words - 1);
		if (unlikely(check) && is_wrong(w, p, index))
			break;
		if (touched)
			timed_access(w, touched, p, index, read);
		else
			walk_access(p, index, read);
		accessed += sizeof(*p);
		if (unlikely(delay) && (uintptr_t)(p + index) / TOUCHED_PAGE != last_page) {
			stay_on_page(delay, p, index, read);
			last_page = (uintptr_t)(p + index) / TOUCHED_PAGE;
		}
		if (unlikely(!(i & CHECK_TIME_MASK)) && walk_time_over(w))
			break;
	}
	return accessed;
}

unsigned long walk_plain(struct walk *w, unsigned long *p, size_t bytes, bool read, bool check)
{
	return walk(w, p, bytes, read, check, NULL);
}

long walk_timed(struct walk *w, unsigned long *p, size_t bytes, bool read)
{
	struct touched touched;
	unsigned long accessed;
	int err;

	if (!bytes)
		return 0;
	err = touched_init(&touched, p, bytes);
	if (err)
		return err;
	accessed = walk(w, p, bytes, read, false, &touched);
	latency_settle(w->latency);
	touched_release(&touched);
	return (long)accessed;
}
