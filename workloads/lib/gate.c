// SPDX-License-Identifier: GPL-2.0
#include "gate.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ALIVE_EVERY_NS 10000000

enum {
	GATE_CLOSED,
	GATE_OPEN,
	GATE_BROKEN,
};

struct gate {
	_Atomic uint32_t arrived;
	_Atomic uint32_t state;
};

static void futex_wait(_Atomic uint32_t *word, uint32_t value, const struct timespec *timeout)
{
	syscall(SYS_futex, word, FUTEX_WAIT, value, timeout, NULL, 0);
}

static void futex_wake_all(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

int gate_new(struct gate **gate)
{
	void *page = mmap(NULL, sizeof(struct gate), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return -errno;
	*gate = page;
	return 0;
}

void gate_free(struct gate *gate)
{
	if (gate)
		munmap(gate, sizeof(*gate));
}

void gate_arrive(struct gate *gate)
{
	atomic_fetch_add(&gate->arrived, 1);
	futex_wake_all(&gate->arrived);
}

int gate_wait(struct gate *gate)
{
	gate_arrive(gate);
	while (atomic_load(&gate->state) == GATE_CLOSED)
		futex_wait(&gate->state, GATE_CLOSED, NULL);
	return atomic_load(&gate->state) == GATE_OPEN ? 0 : -ECANCELED;
}

static void set_state(struct gate *gate, uint32_t state)
{
	atomic_store(&gate->state, state);
	futex_wake_all(&gate->state);
}

int gate_count(struct gate *gate, unsigned int tasks, bool (*alive)(void *arg), void *arg)
{
	const struct timespec slice = { .tv_nsec = ALIVE_EVERY_NS };

	for (;;) {
		uint32_t arrived = atomic_load(&gate->arrived);

		if (arrived >= tasks)
			return 0;
		if (!alive(arg)) {
			set_state(gate, GATE_BROKEN);
			return -ECHILD;
		}
		futex_wait(&gate->arrived, arrived, &slice);
	}
}

int gate_open(struct gate *gate, unsigned int tasks, bool (*alive)(void *arg), void *arg)
{
	int err = gate_count(gate, tasks, alive, arg);

	if (!err)
		set_state(gate, GATE_OPEN);
	return err;
}
