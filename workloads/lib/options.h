/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_OPTIONS_H
#define WORKLOAD_OPTIONS_H

/*
 * Command lines from a table.  A program lists its options once; parsing, bounds, the help text
 * and the sentence on stderr come from that.  Every program also takes --latency, --seed and
 * --help without listing them.
 *
 *	struct my_options {
 *		struct options_common common;		first
 *		uint64_t tasks;
 *	};
 *	static const struct option_spec specs[] = {
 *		{ "tasks", 't', "N", "number of tasks", OPTION_NUMBER,
 *		  offsetof(struct my_options, tasks), .min = 1, .max = 4096 },
 *		{ 0 },
 *	};
 *	static const struct program program = {
 *		.name = "my", .synopsis = "[OPTIONS] SIZE", .summary = "does it", .options = specs,
 *	};
 *
 *	struct my_options o = { .common = OPTIONS_COMMON, .tasks = 1 };
 *	int first = options_parse(&program, &o, argc, argv);
 *	if (first < 0)
 *		return options_status(first);
 *
 * Options and operands may be mixed; argv[first] … are the operands afterwards.
 */

#include <stddef.h>
#include <stdint.h>

#define OPTIONS_SEED 1u

struct options_common {
	const char *latency; /* --latency, for latency_open(); NULL: none */
	uint64_t seed;       /* --seed */
};

#define OPTIONS_COMMON ((struct options_common){ .seed = OPTIONS_SEED })

enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_NUMBER, /* uint64_t in [min, max] */
	OPTION_SIGNED, /* int64_t in [min, max], both taken as signed */
	OPTION_SIZE,   /* uint64_t bytes, at least min; max 0: no limit */
	OPTION_DELAY,  /* uint64_t nanoseconds, suffix u or m */
	OPTION_TEXT,   /* const char * */
};

struct option_spec {
	const char *name; /* without the dashes; NULL: only a letter */
	char letter;      /* 0: only a name */
	const char *arg;  /* the word for the argument in the help; NULL for a flag */
	const char *help;
	enum option_kind kind;
	size_t offset; /* of the value in the program's struct */
	uint64_t min, max;
};

struct program {
	const char *name;
	const char *synopsis;
	const char *summary;
	const char *notes;                 /* printed below the options; NULL: none */
	const struct option_spec *options; /* ends with an entry without name and letter */
};

enum {
	OPTIONS_HELP = -1, /* the help was printed */
	OPTIONS_BAD = -2,  /* one line on stderr says what was wrong and what is right */
};

/* The index of the first operand, or one of the above. */
int options_parse(const struct program *program, void *values, int argc, char **argv);

/* The exit status for such an answer: 0 (1 when the help could not be printed) or 2. */
int options_status(int answer);

/* Prints "name: sentence; see name --help" on stderr; returns OPTIONS_BAD. */
int options_error(const struct program *program, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
