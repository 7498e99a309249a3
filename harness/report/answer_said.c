/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/answer_said.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/answer_table.h"

/* Three digits, and all of a whole number; a count has no unit. */
static void quantity(const struct fl_spread *v, const char *of, char *out, size_t len)
{
	char unit[32];
	double value = v->median / fl_readable(of, fabs(v->median), unit, sizeof(unit));
	double size = fabs(value);
	int digits = floor(value) == value || size >= 100 ? 0 : size >= 10 ? 1 : 2;
	bool counted = !strcmp(unit, "count");

	snprintf(out, len, "%.*f%s%s", digits, value, counted ? "" : " ", counted ? "" : unit);
}

/* What a word between two @ stands for; experiment/claim.c lets no other words in. */
static void fill(FILE *out, const char *word, size_t len, const struct fl_claim_case *k)
{
	char text[FL_ANSWERED_CELL + 64] = "";

	if (!strncmp(word, "value", len))
		quantity(&k->value, k->unit, text, sizeof(text));
	else if (k->reference.n && !strncmp(word, "reference", len))
		quantity(&k->reference, k->unit, text, sizeof(text));
	else if (k->reference.n)
		fl_answered_change(k->value.median, k->reference.median, text);
	fputs(text, out);
}

static char *filled(const char *sentence, const struct fl_claim_case *k)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	for (const char *at = sentence; *at;) {
		const char *mark = strchr(at, '@'), *end = mark ? strchr(mark + 1, '@') : NULL;

		if (!end) {
			fputs(at, out);
			break;
		}
		fwrite(at, 1, (size_t)(mark - at), out);
		fill(out, mark + 1, (size_t)(end - mark) - 1, k);
		at = end + 1;
	}
	fclose(out);
	return text;
}

static const char *head_of(enum fl_claim_outcome outcome)
{
	return outcome == FL_CLAIM_HOLDS   ? ""
	       : outcome == FL_CLAIM_OPEN  ? "inconclusive: "
	       : outcome == FL_CLAIM_FAILS ? "does not hold: "
					   : "not shown: ";
}

char *fl_said_text(const struct fl_judged_claim *c)
{
	return c->claim->answer && c->n && c->outcome != FL_CLAIM_UNMEASURED
		       ? filled(c->claim->answer, &c->worst)
		       : NULL;
}

size_t fl_said(struct fl_said **said, const struct fl_judged_claims *j)
{
	size_t n = 0;

	*said = NULL;
	if (fl_judged_claims_void(j))
		return 0;
	for (size_t i = 0; i < j->claims.n_claims; i++) {
		const struct fl_judged_claim *c = &j->judged[i];
		char *text = fl_said_text(c);

		if (!text)
			continue;
		*said = fl_realloc(*said, (n + 1) * sizeof(**said));
		(*said)[n++] = (struct fl_said){
			.text = text,
			.head = head_of(c->outcome),
			.outcome = c->outcome,
		};
	}
	return n;
}

void fl_said_release(struct fl_said *said, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(said[i].text);
	free(said);
}
