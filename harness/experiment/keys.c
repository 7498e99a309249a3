/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/keys.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/units.h"

#define NAME_MAX_LEN 64

enum form { NAME, TEXT, LIST, WORDS, NUMBER, SIZE, TIME, CLOCK, MACHINE, START, SWITCH };

#define E(field) offsetof(struct fl_experiment, field)

/* min and max: of a number; of a size in MiB; of a time in ms. */
static const struct key {
	const char *section, *name;
	enum form form;
	size_t at;
	uint64_t min, max;
	bool quick; /* also a key of [quick] */
} keys[] = {
	{ "experiment", "about", TEXT, E(about), 0, 0, false },
	{ "experiment", "columns", LIST, E(columns), 0, 0, false },
	{ "experiment", "entry", LIST, E(entries), 0, 0, false },
	{ "experiment", "kernel", LIST, E(kernels), 0, 0, true },
	{ "experiment", "name", NAME, E(name), 0, 0, false },
	{ "experiment", "outcomes", LIST, E(outcomes), 0, 0, false },
	{ "experiment", "parts", LIST, E(parts), 0, 0, false },
	{ "experiment", "picture", TEXT, E(picture), 0, 0, false },
	{ "experiment", "repeat", NUMBER, E(repeat), 1, FL_REPEAT_MAX, true },
	{ "experiment", "sample", TIME, E(sample_interval_ns), 0, 3600000, true },
	{ "experiment", "timeout", TIME, E(timeout_ns), 1000, 86400000, true },
	{ "experiment", "verdict", TEXT, E(verdict), 0, 0, false },
	{ "guest", "backed", SIZE, E(guest.backed), 64, 1 << 24, true },
	{ "guest", "balloon", SWITCH, E(guest.balloon), 0, 0, false },
	{ "guest", "clock", CLOCK, E(guest.clock), 0, 0, true },
	{ "guest", "cmdline", TEXT, E(guest.cmdline), 0, 0, false },
	{ "guest", "count", NUMBER, E(guest.count), 1, 64, true },
	{ "guest", "cpu", TEXT, E(guest.cpu_model), 0, 0, false },
	{ "guest", "cpus", NUMBER, E(guest.cpus), 1, FL_CPUS_MAX, true },
	{ "guest", "deflate_on_oom", SWITCH, E(guest.deflate_on_oom), 0, 0, false },
	{ "guest", "free_page_reporting", SWITCH, E(guest.free_page_reporting), 0, 0, false },
	{ "guest", "machine", MACHINE, E(guest.machine), 0, 0, false },
	{ "guest", "memory", SIZE, E(guest.memory), 64, 1 << 24, true },
	{ "guest", "numa", NUMBER, E(guest.numa), 1, 16, false },
	{ "guest", "numa_distance", NUMBER, E(guest.numa_distance), 11, 254, false },
	{ "guest", "programs", WORDS, E(programs), 0, 0, false },
	{ "guest", "parallel", SWITCH, E(guest.parallel), 0, 0, true },
	{ "guest", "rounds", NUMBER, E(guest.rounds), 1, 64, true },
	{ "guest", "start", START, E(guest.start), 0, 0, true },
};

#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static int unknown(const char *section, const char *key, struct fl_error *err)
{
	bool quick = !strcmp(section, "quick"), any = false;
	char allowed[512] = "";
	size_t at = 0;

	for (size_t i = 0; i < N_KEYS && at < sizeof(allowed); i++) {
		any |= !strcmp(keys[i].section, section);
		if (quick && keys[i].quick)
			at += (size_t)snprintf(allowed + at, sizeof(allowed) - at, "%s%s",
					       at ? ", " : "", keys[i].name);
	}
	if (quick)
		return fl_fail(err, FL_USAGE, "unknown key %s in [quick]; allowed: %s", key,
			       allowed);
	if (any)
		return fl_key_unknown(section, NULL, key, err);
	for (const struct fl_key_text *t = fl_key_texts(); t->section && at < sizeof(allowed); t++)
		if (t == fl_key_texts() || strcmp(t->section, t[-1].section) != 0)
			at += (size_t)snprintf(allowed + at, sizeof(allowed) - at, "%s, ",
					       t->section);
	return fl_fail(err, FL_USAGE, "unknown section [%s]; allowed: %squick", section, allowed);
}

int fl_key_find(const char *section, const char *key, struct fl_error *err)
{
	bool quick = !strcmp(section, "quick");

	for (size_t i = 0; i < N_KEYS; i++)
		if (!strcmp(keys[i].name, key) &&
		    (quick ? keys[i].quick : !strcmp(keys[i].section, section)))
			return (int)i;
	return unknown(section, key, err);
}

static int set_word(void *at, const char *key, const char *value, const char *const words[],
		    struct fl_error *err)
{
	char allowed[64] = "";

	for (int i = 0; words[i]; i++) {
		size_t len = strlen(allowed);

		if (!strcmp(words[i], value)) {
			*(unsigned int *)at = (unsigned int)i;
			return 0;
		}
		snprintf(allowed + len, sizeof(allowed) - len, "%s%s", len ? ", " : "", words[i]);
	}
	return fl_fail(err, FL_USAGE, "%s = %s: one of %s", key, value, allowed);
}

static int set_number(const struct key *k, void *at, const char *value, struct fl_error *err)
{
	uint64_t n;

	if (fl_parse_u64(value, k->min, k->max, &n))
		return fl_fail(err, FL_USAGE, "%s = %s: a whole number from %llu to %llu", k->name,
			       value, (unsigned long long)k->min, (unsigned long long)k->max);
	*(unsigned int *)at = (unsigned int)n;
	return 0;
}

/* A size counts whole MiB, so that QEMU and NUMA nodes can share it out. */
static int set_size(const struct key *k, void *at, const char *value, struct fl_error *err)
{
	uint64_t bytes;

	if (fl_parse_size(value, &bytes) || bytes >> 20 < k->min || bytes >> 20 > k->max ||
	    bytes % (1 << 20))
		return fl_fail(err, FL_USAGE,
			       "%s = %s: a size in whole MiB such as 512m or 1g, at least %llum",
			       k->name, value, (unsigned long long)k->min);
	*(uint64_t *)at = bytes;
	return 0;
}

static int set_time(const struct key *k, void *at, const char *value, struct fl_error *err)
{
	uint64_t ns = 0;
	bool zero = !strcmp(value, "0") && !k->min;

	if (!zero && (fl_parse_time(value, &ns) || ns / 1000000 < k->min || ns / 1000000 > k->max ||
		      (ns && ns < 1000000)))
		return fl_fail(err, FL_USAGE,
			       "%s = %s: a time with its unit, such as 250ms, 30s or 2m", k->name,
			       value);
	*(uint64_t *)at = ns;
	return 0;
}

/* Part of the run's name, and so of a folder's and of selections RUN@KEY=VALUE,... */
static int set_name(char **at, const char *value, struct fl_error *err)
{
	size_t len =
		strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-");

	if (!len || value[len] || len > NAME_MAX_LEN || !isalnum((unsigned char)*value))
		return fl_fail(
			err, FL_USAGE,
			"name = %.*s%s: a word of up to %d letters, digits and . _ + -, that "
			"begins with a letter or digit",
			NAME_MAX_LEN, value, strlen(value) > NAME_MAX_LEN ? "..." : "",
			NAME_MAX_LEN);
	free(*at);
	*at = fl_strdup(value);
	return 0;
}

static int set_list(const struct key *k, struct fl_strv *at, const char *value,
		    struct fl_error *err)
{
	int bad;

	fl_strv_release(at);
	bad = k->form == LIST ? fl_strv_split_list(at, value) : fl_strv_split_words(at, value);
	return bad ? fl_fail(err, FL_USAGE, "%s = %s: %s", k->name, value,
			     k->form == LIST ? "names separated by commas"
					     : "words separated by blanks, quotes closed")
		   : 0;
}

int fl_key_set(int number, struct fl_experiment *e, const char *value, struct fl_error *err)
{
	static const char *const clocks[] = { "real", "instructions", NULL };
	static const char *const machines[] = { "auto", "microvm", "q35", NULL };
	static const char *const starts[] = { "auto", "boot", NULL };
	static const char *const switches[] = { "off", "on", "no", "yes", NULL };
	const struct key *k = &keys[number];
	unsigned int word = 0;
	void *at = (char *)e + k->at;

	switch (k->form) {
	case NAME:
		return set_name(at, value, err);
	case TEXT:
		free(*(char **)at);
		*(char **)at = fl_strdup(value);
		return 0;
	case LIST:
	case WORDS:
		return set_list(k, at, value, err);
	case NUMBER:
		return set_number(k, at, value, err);
	case SIZE:
		return set_size(k, at, value, err);
	case TIME:
		return set_time(k, at, value, err);
	case CLOCK:
		return set_word(at, k->name, value, clocks, err);
	case MACHINE:
		return set_word(at, k->name, value, machines, err);
	case START:
		return set_word(at, k->name, value, starts, err);
	case SWITCH:
		if (set_word(&word, k->name, value, switches, err))
			return -1;
		*(bool *)at = word & 1;
		return 0;
	}
	return 0;
}

int fl_key_set_guest(struct fl_guest_spec *spec, const char *key, const char *value,
		     struct fl_error *err)
{
	struct fl_experiment e = { .guest = *spec };
	int number = fl_key_find("guest", key, err);

	if (number < 0)
		return -1;
	/* The point's spec borrows its texts: to set one would free the experiment's. */
	if (keys[number].form == NAME || keys[number].form == TEXT || keys[number].form == LIST ||
	    keys[number].form == WORDS)
		return fl_fail(err, FL_USAGE, "%s is the same for all points: a key of [guest]",
			       key);
	if (fl_key_set(number, &e, value, err))
		return -1;
	*spec = e.guest;
	return 0;
}
