/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_STALLS_H
#define GUEST_PLUGIN_STALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define STALL_VCPUS_MAX 256
#define STALL_PLACES_MAX 16 /* functions of one name, and copies that the compiler made of them */

/* Of one vCPU, which alone writes it. */
struct stall_cpu {
	uint64_t random, entries, stalls;
} __attribute__((aligned(64)));

/* Whoever enters a function sleeps, every time or one time of `one_in`, drawn. */
struct stall {
	uint64_t ns, one_in;
	uint64_t places[STALL_PLACES_MAX]; /* addresses of first instructions */
	size_t n_places;
	struct stall_cpu cpus[STALL_VCPUS_MAX];
};

/* "NS:ONE_IN:ADDRESS[:ADDRESS]...", addresses hexadecimal.  false: that is none. */
bool stall_parse(struct stall *s, const char *text);

/* The stall of that number draws from now on what this seed makes it draw, each vCPU on its own. */
void stall_seed(struct stall *s, uint64_t seed, unsigned int number);

bool stall_is_at(const struct stall *s, uint64_t address);

/* vcpu has entered it; must it sleep? */
bool stall_enter(struct stall *s, unsigned int vcpu);

/* "ENTRIES STALLS", of all vCPUs. */
void stall_write(const struct stall *s, FILE *out);

#endif
