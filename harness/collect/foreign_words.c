/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers beside a text, within its line. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/strv.h"
#include "harness/collect/picking.h"

struct number {
	const char *at, *end;
	bool none;      /* nan */
	bool goes_back; /* the 234 of 1,234 */
};

/* The numbers of a line, in its order. */
struct numbers {
	struct number *v;
	size_t n, room;
};

static bool digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

/* Longest number and unit: without a limit a line of digits or letters would take forever. */
#define DIGITS_MAX 32

static const char *skip_digits(const char *p, const char *end)
{
	const char *most = end - p > DIGITS_MAX ? p + DIGITS_MAX : end;

	while (digit(p, most))
		p++;
	return p;
}

/* Output may hold NULs, which strchr() finds. */
static bool is_one_of(const char *set, char c)
{
	return c && strchr(set, c);
}

/* What may join two numbers as well as stand in one. */
#define JOINTS ",':"

/* [-+]123[.45][e[-+]6]; NULL: none begins here. */
static const char *number_end(const char *p, const char *end)
{
	const char *more;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (!digit(p, end) && !(p < end && *p == '.' && digit(p + 1, end)))
		return NULL;
	p = skip_digits(p, end);
	if (digit(p + 1, end) && *p == '.')
		p = skip_digits(p + 1, end);
	if (p < end && (*p == 'e' || *p == 'E')) {
		more = p + 1 < end && (p[1] == '-' || p[1] == '+') ? p + 2 : p + 1;
		if (digit(more, end))
			p = skip_digits(more, end);
	}
	return digit(p, end) ? NULL : p;
}

/* Neither p99 nor the 3 of 1.2.3 is a number, and the - of 1-2 is not a sign. */
static bool within_word(const char *p, const char *line)
{
	return p > line && (isalnum((unsigned char)p[-1]) || p[-1] == '_' || p[-1] == '.');
}

static size_t glued(const char *p, const char *end)
{
	const char *at = p;

	end = end - p > DIGITS_MAX ? p + DIGITS_MAX : end;
	for (;;) {
		if (at < end && (isalpha((unsigned char)*at) || *at == '%' || *at == '/'))
			at++;
		else if (end - at > 1 && (!memcmp(at, "\xc2\xb5", 2) || !memcmp(at, "\xce\xbc", 2)))
			at += 2;
		else
			return (size_t)(at - p);
	}
}

/* nan, -inf, n/a and the like, followed by no word other than a unit; NULL: none begins here. */
static const char *no_number_end(const char *p, const char *end)
{
	static const char *const words[] = { "infinity", "inf", "nan", "n/a" };
	const char *at = p < end && (*p == '-' || *p == '+') ? p + 1 : p;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]), unit;
		const char *behind = at + len;

		if ((size_t)(end - at) < len || strncasecmp(at, words[i], len) != 0)
			continue;
		unit = glued(behind, end);
		if (behind + unit < end &&
		    (isalnum((unsigned char)behind[unit]) || behind[unit] == '_'))
			continue;
		if (!unit || !isalpha((unsigned char)*behind) || fl_foreign_time(behind, unit) > 0)
			return behind;
	}
	return NULL;
}

static void find_numbers(struct numbers *all, const char *line, const char *end)
{
	all->n = 0;
	for (const char *p = line, *next; p < end; p = next) {
		const struct number *last = all->n ? &all->v[all->n - 1] : NULL;
		bool goes_back = last && p == last->end + 1 && !last->none &&
				 is_one_of(JOINTS, *last->end) && digit(p, end),
		     none = false;

		next = within_word(p, line) ? NULL : number_end(p, end);
		if (!next && !within_word(p, line)) {
			next = no_number_end(p, end);
			none = next != NULL;
		}
		if (!next) {
			next = p + 1;
			continue;
		}
		if (all->n == all->room) {
			all->room = 2 * all->room + 16;
			all->v = fl_realloc(all->v, all->room * sizeof(*all->v));
		}
		all->v[all->n++] = (struct number){ p, next, none, goes_back };
	}
}

/* --- what a number means by what is glued to it --- */

/* "1,234", "3,75", "1:30", "1.2.3" and "13-15ms": what else belongs to it, perhaps? */
static size_t more_of_it(const char *p, const char *end)
{
	const char *behind = skip_digits(p + 1, end);
	size_t digits = p < end ? (size_t)(behind - p - 1) : 0;

	return digits && is_one_of(JOINTS "_.-", *p) ? digits + 1 : 0;
}

/* "5 ms" and "0.042 [sec]": ns of the time behind a blank; 0: there is none. */
static double time_behind(const char *p, const char *end)
{
	const char *at = p;
	size_t len;
	bool closed;

	while (at < end && at - p < DIGITS_MAX && is_one_of(" \t", *at))
		at++;
	if (at == p || at == end)
		return 0;
	closed = *at == '[' || *at == '(';
	at += closed;
	len = glued(at, end);
	if (closed && !(at + len < end && is_one_of("])", at[len])))
		return 0;
	if (at + len < end && (isalnum((unsigned char)at[len]) || at[len] == '_'))
		return 0;
	return fl_foreign_time(at, len);
}

static double parse(const struct number *n)
{
	char text[3 * DIGITS_MAX + 8]; /* -1.2e-3 */
	size_t len = (size_t)(n->end - n->at);

	memcpy(text, n->at, len);
	text[len] = '\0';
	return strtod(text, NULL);
}

static void refuse(struct fl_picking *p, const char *text, size_t len, const char *why)
{
	fl_picking_refuse(p, "%.*s (%s)", (int)(len < 40 ? len : 40), text, why);
}

/* until: where the text begins that a number stands before. */
static void take(struct fl_picking *p, const struct fl_own_metric *m, const struct number *n,
		 const char *until, const char *end)
{
	size_t len = glued(n->end, until ? until : end), unit = strlen(m->unit);
	size_t whole = (size_t)(n->end - n->at), more = more_of_it(n->end, end);
	double value = parse(n), own = fl_foreign_time(m->unit, unit);
	double said = fl_foreign_time(n->end, glued(n->end, end));

	if (!len && !(said > 0))
		said = time_behind(n->end, end);
	if (n->none)
		return refuse(p, n->at, whole, "no finite number");
	if (n->goes_back && !more)
		return refuse(p, n->at - 1, whole + 1, "one number or two?");
	if (more)
		refuse(p, n->at, whole + more, "one number or two?");
	else if (own > 0 && said > 0)
		fl_picking_take(p, value * said / own);
	else if (!len || *n->end == '/' || (len == unit && !memcmp(n->end, m->unit, len)))
		fl_picking_take(p, value);
	else
		refuse(p, n->at, whole + len, "of another unit");
}

/* --- the text --- */

struct line {
	const char *at, *end;
	struct numbers numbers;
};

/* A number right after the text counts even inside a word: text x in x12. */
static void take_after(struct fl_picking *p, const struct fl_own_metric *m, const struct line *l,
		       const char *from, size_t *next)
{
	const struct numbers *all = &l->numbers;
	size_t i = m->nth - 1;
	struct number touching = { .at = from, .end = number_end(from, l->end) };
	struct number one;

	while (*next < all->n && all->v[*next].at < from)
		++*next;
	if (touching.end && !(*next < all->n && all->v[*next].at == from)) {
		if (!i)
			return take(p, m, &touching, NULL, l->end);
		i--;
	}
	if (i >= all->n - *next)
		return;
	one = all->v[*next + i];
	one.goes_back = one.goes_back && one.at > from; /* "1:" is the text: its 30 is whole */
	take(p, m, &one, NULL, l->end);
}

static void take_before(struct fl_picking *p, const struct fl_own_metric *m, const struct line *l,
			const char *to, size_t *next)
{
	const struct numbers *all = &l->numbers;

	while (*next < all->n && all->v[*next].end <= to)
		++*next;
	if (*next >= m->nth)
		take(p, m, &all->v[*next - m->nth], m->nth == 1 ? to : NULL, l->end);
}

static void take_line(struct fl_picking *p, const struct fl_own_metric *m, struct line *l)
{
	size_t len = strlen(m->text), next = 0;
	bool before = m->find == FL_FIND_BEFORE;
	const char *at = l->at;

	if (len && !memmem(at, (size_t)(l->end - at), m->text, len))
		return;
	find_numbers(&l->numbers, l->at, l->end);
	if (!len && before)
		return take_before(p, m, l, l->end, &next);
	if (!len)
		return take_after(p, m, l, at, &next);
	while ((at = memmem(at, (size_t)(l->end - at), m->text, len))) {
		if (before)
			take_before(p, m, l, at, &next);
		at += len;
		if (!before)
			take_after(p, m, l, at, &next);
	}
}

void fl_foreign_words(struct fl_picking *p, const struct fl_own_metric *m, const char *text,
		      size_t len)
{
	const char *end = text + len;
	struct line l = { .at = text };

	for (; l.at < end; l.at = l.end + 1) {
		l.end = memchr(l.at, '\n', (size_t)(end - l.at));
		l.end = l.end ? l.end : end;
		take_line(p, m, &l);
	}
	free(l.numbers.v);
}
