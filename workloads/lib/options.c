// SPDX-License-Identifier: GPL-2.0
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "size.h"

#define OPTIONS_MAX 64
#define CODE_BASE 256 /* getopt's answer for table entry i is CODE_BASE + i */

static const struct option_spec common_specs[] = {
	{ "latency", 0, "FILE|FD", "record the latency of each first touch", OPTION_TEXT,
	  offsetof(struct options_common, latency), 0, 0 },
	{ "seed", 0, "N", "seed of everything random (default 1)", OPTION_NUMBER,
	  offsetof(struct options_common, seed), 0, UINT64_MAX },
	{ "help", 'h', NULL, "show this text", OPTION_FLAG, 0, 0, 0 },
	{ 0 },
};

/* The program's table and the common one as getopt wants them. */
struct lookup {
	const struct option_spec *spec[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 2];
	int by_letter[256];
	int nr, nr_longs;
};

static bool is_last(const struct option_spec *spec)
{
	return !spec->name && !spec->letter;
}

static bool is_help(const struct option_spec *spec)
{
	return spec->letter == 'h' && spec->name && !strcmp(spec->name, "help");
}

static void lookup_add(struct lookup *l, const struct option_spec *specs)
{
	for (; !is_last(specs) && l->nr < OPTIONS_MAX; specs++) {
		int i = l->nr++;

		l->spec[i] = specs;
		if (specs->name)
			l->longs[l->nr_longs++] = (struct option){
				.name = specs->name,
				.has_arg = specs->arg ? required_argument : no_argument,
				.val = CODE_BASE + i,
			};
		if (specs->letter) {
			size_t len = strlen(l->shorts);

			l->shorts[len] = specs->letter;
			if (specs->arg)
				l->shorts[len + 1] = ':';
			l->by_letter[(unsigned char)specs->letter] = CODE_BASE + i;
		}
	}
}

int options_error(const struct program *program, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program->name);
	vfprintf(stderr, format, args);
	fprintf(stderr, "; see %s --help\n", program->name);
	va_end(args);
	return OPTIONS_BAD;
}

static void spelling(const struct option_spec *spec, char *buf, size_t len)
{
	if (spec->name)
		snprintf(buf, len, "--%s", spec->name);
	else
		snprintf(buf, len, "-%c", spec->letter);
}

static int parse_value(const struct option_spec *spec, void *at, const char *text)
{
	uint64_t *number = at;
	int err = 0;

	switch (spec->kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)at = text;
		return 0;
	case OPTION_NUMBER:
		return number_parse(text, spec->min, spec->max, number);
	case OPTION_SIGNED:
		return number_parse_signed(text, (int64_t)spec->min, (int64_t)spec->max, at);
	case OPTION_DELAY:
		return delay_parse(text, number);
	case OPTION_SIZE:
		err = size_parse(text, number);
		if (!err && (*number < spec->min || (spec->max && *number > spec->max)))
			err = -ERANGE;
		return err;
	}
	return -EINVAL;
}

static int bad_value(const struct program *program, const struct option_spec *spec,
		     const char *text)
{
	char name[64];

	spelling(spec, name, sizeof(name));
	switch (spec->kind) {
	case OPTION_NUMBER:
		return options_error(program, "%s '%s': give a whole number from %lu to %lu", name,
				     text, spec->min, spec->max);
	case OPTION_SIGNED:
		return options_error(program, "%s '%s': give a whole number from %ld to %ld", name,
				     text, (int64_t)spec->min, (int64_t)spec->max);
	case OPTION_DELAY:
		return options_error(program, "%s '%s': give a time such as 500, 5u or 1m", name,
				     text);
	default:
		return options_error(program,
				     "%s '%s': give a size such as 4096, 64k, 128m or 2g, "
				     "at least %lu bytes",
				     name, text, spec->min);
	}
}

static int unknown(const struct program *program, char **argv)
{
	if (optopt > 0 && optopt < CODE_BASE)
		return options_error(program, "unknown option '-%c'", optopt);
	return options_error(program, "unknown option '%s'", argv[optind - 1]);
}

static int help(const struct program *program, const struct lookup *l)
{
	printf("Usage: %s %s\n%s\n\nOptions:\n", program->name, program->synopsis,
	       program->summary);
	for (int i = 0; i < l->nr; i++) {
		const struct option_spec *s = l->spec[i];
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s%s%s%s%s", s->letter ? '-' : ' ',
			 s->letter ? s->letter : ' ', s->letter && s->name ? ", " : "  ",
			 s->name ? "--" : "", s->name ? s->name : "", s->arg ? " " : "",
			 s->arg ? s->arg : "");
		printf("  %-28s %s\n", left, s->help);
	}
	if (program->notes)
		printf("\n%s", program->notes);
	return OPTIONS_HELP;
}

static int take(const struct program *program, const struct lookup *l, void *values, int code)
{
	const struct option_spec *spec = l->spec[code - CODE_BASE];

	if (is_help(spec))
		return help(program, l);
	if (parse_value(spec, (char *)values + spec->offset, optarg))
		return bad_value(program, spec, optarg);
	return 0;
}

int options_parse(const struct program *program, void *values, int argc, char **argv)
{
	struct lookup l = { .shorts = ":" };

	lookup_add(&l, program->options);
	lookup_add(&l, common_specs);
	opterr = 0;
	for (;;) {
		int code = getopt_long(argc, argv, l.shorts, l.longs, NULL);
		int answer;

		if (code < 0)
			return optind;
		if (code == '?')
			return unknown(program, argv);
		if (code == ':')
			return options_error(program, "option '%s' needs a value",
					     argv[optind - 1]);
		if (code < CODE_BASE)
			code = l.by_letter[code];
		answer = take(program, &l, values, code);
		if (answer < 0)
			return answer;
	}
}

int options_status(int answer)
{
	if (answer == OPTIONS_BAD)
		return 2;
	return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
