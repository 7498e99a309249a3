/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/print.h"
#include "harness/base/wrap.h"
#include "harness/report/answer_said.h"
#include "harness/report/html.h"
#include "harness/report/json.h"

/* Four digits at least, and all of a whole number. */
static void number(double value, char *out, size_t len)
{
	double size = fabs(value);

	if (floor(value) == value && size < 1e15)
		snprintf(out, len, "%.0f", value);
	else
		snprintf(out, len, "%.*f", size >= 1000 ? 0 : size >= 10 ? 2 : 4, value);
}

/* In a unit that is `per` of the spread's. */
static char *spread_text(const struct fl_spread *v, double per)
{
	char median[32], least[32], most[32];

	number(v->median / per, median, sizeof(median));
	number(v->least / per, least, sizeof(least));
	number(v->most / per, most, sizeof(most));
	return v->least == v->most ? fl_strdup(median)
				   : fl_asprintf("%s (%s to %s)", median, least, most);
}

static char *bound_text(const struct fl_claim *c, double per)
{
	char bound[32];

	number(c->relative || c->op == FL_WITHIN ? c->bound : c->bound / per, bound, sizeof(bound));
	return fl_asprintf("%s %s%s", fl_claim_op_names[c->op], bound,
			   c->op == FL_WITHIN ? " % of"
			   : c->relative      ? " x"
					      : "");
}

/* "children_until_failure 412 >= 20 x 17: 24.24 x; touch-one threshold=512" */
static char *case_text(const struct fl_judged_claim *j)
{
	const struct fl_claim_case *k = &j->worst;
	cleanup_free char *value = NULL, *bound = NULL, *reference = NULL, *ratio = NULL;
	cleanup_free char *row = NULL, *where = NULL;
	char times[32], unit[32];
	double per = 1;

	snprintf(unit, sizeof(unit), "%s", k->unit);
	if (j->claim->op != FL_WITHIN) /* which wants all digits */
		per = fl_readable(k->unit,
				  fmax(k->value.most, k->reference.n ? k->reference.most : 0), unit,
				  sizeof(unit));
	if (k->outcome == FL_CLAIM_HOLDS && j->lost) {
		row = fl_summary_row_name(j->lost_row);
		return fl_asprintf("it holds where it was measured, and point %u is %s: %s on %s",
				   j->lost->number, j->lost->status, row, j->lost_row->kernel);
	}
	value = spread_text(&k->value, per);
	bound = bound_text(j->claim, per);
	row = fl_summary_row_name(k->row);
	if (k->outcome == FL_CLAIM_EMPTY)
		return fl_asprintf("%s %s %s is below %g: it says something else; %s on %s",
				   j->claim->metric, value, unit, k->floor / per, row,
				   k->row->kernel);
	where = fl_asprintf("%s on %s", row, k->row->kernel);
	if (k->reference.n) {
		reference = spread_text(&k->reference, per);
		number(k->value.median / k->reference.median, times, sizeof(times));
		ratio = k->reference.median == 0 ? fl_strdup("") : fl_asprintf(" = %s x", times);
	}
	return fl_asprintf("%s %s %s, must be %s%s%s%s; %s%s", j->claim->metric, value, unit, bound,
			   reference ? " " : "", reference ? reference : "", ratio ? ratio : "",
			   j->n > 1 ? "the closest of its rows: " : "", where);
}

static char *count_of(const struct fl_judged_claims *j, bool control)
{
	static const struct {
		enum fl_claim_outcome outcome;
		const char *one, *many;
	} rest[] = {
		{ FL_CLAIM_FAILS, "failed", "failed" },
		{ FL_CLAIM_EMPTY, "means nothing", "mean nothing" },
		{ FL_CLAIM_OPEN, "inconclusive", "inconclusive" },
		{ FL_CLAIM_UNMEASURED, "not measured", "not measured" },
	};
	size_t all = 0;
	char *text;

	for (enum fl_claim_outcome o = 0; o < FL_CLAIM_OUTCOMES; o++)
		all += fl_judged_claims_count(j, o, control);
	text = fl_asprintf("%zu of %zu %s passed",
			   fl_judged_claims_count(j, FL_CLAIM_HOLDS, control), all,
			   control ? "controls" : "claims");
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		size_t n = fl_judged_claims_count(j, rest[i].outcome, control);
		cleanup_free char *old = NULL;

		if (!n)
			continue;
		old = text;
		text = fl_asprintf("%s, %zu %s", old, n, n == 1 ? rest[i].one : rest[i].many);
	}
	return text;
}

static bool any_control(const struct fl_judged_claims *j)
{
	for (size_t i = 0; i < j->claims.n_claims; i++)
		if (j->claims.claims[i].control)
			return true;
	return false;
}

char *fl_verdict_line(const struct fl_judged_claims *j)
{
	cleanup_free char *claims = NULL, *controls = NULL;

	if (!j->claims.n_claims)
		return NULL;
	claims = count_of(j, false);
	controls = count_of(j, true);
	if (fl_judged_claims_void(j))
		return fl_asprintf(
			"void: a control failed, so the rest of this run says nothing (%s; %s)",
			controls, claims);
	return any_control(j) ? fl_asprintf("%s; %s", claims, controls) : fl_strdup(claims);
}

/* Both figures at one scale; ours is NULL where it was not measured. */
struct beside {
	char theirs[32], unit[32], *ours;
};

static struct beside beside_of(const struct fl_judged_published *p)
{
	double most = fmax(p->published->value, p->row ? p->value.most : 0);
	struct beside b = { .ours = NULL };
	double per = fl_readable(p->unit ? p->unit : "", most, b.unit, sizeof(b.unit));

	number(p->published->value / per, b.theirs, sizeof(b.theirs));
	if (p->row)
		b.ours = spread_text(&p->value, per);
	return b;
}

static void print_published(FILE *out, const struct fl_judged_claims *j, unsigned int columns)
{
	if (j->claims.n_published)
		fprintf(out, "\nbeside the published figures\n  %12s  %20s  %-6s  %s\n", "theirs",
			"ours", "unit", "what");
	for (size_t i = 0; i < j->claims.n_published; i++) {
		const struct fl_judged_published *p = &j->published[i];
		struct beside b = beside_of(p);
		cleanup_free char *head = fl_asprintf("  %12s  %20s  %-6s  ", b.theirs,
						      b.ours ? b.ours : "-", b.unit);
		cleanup_free char *what =
			fl_asprintf("%s: %s", p->published->metric, p->published->about);

		fl_wrap(out, head, what, columns);
		free(b.ours);
	}
}

void fl_verdict_table(FILE *out, const struct fl_judged_claims *j, unsigned int columns)
{
	cleanup_free char *line = fl_verdict_line(j);

	print_published(out, j, columns);
	if (!line)
		return;
	fputs("\nclaims\n", out);
	for (size_t i = 0; i < j->claims.n_claims; i++) {
		const struct fl_judged_claim *c = &j->judged[i];
		cleanup_free char *text = c->n ? case_text(c) : NULL;
		cleanup_free char *head =
			fl_asprintf("  %-14s", fl_claim_outcome_names[c->outcome]);
		cleanup_free char *about =
			fl_asprintf("%s%s", c->claim->control ? "control: " : "", c->claim->about);

		fl_wrap(out, head, about, columns);
		if (text)
			fl_wrap(out, "                ", text, columns);
	}
	fputc('\n', out);
	fl_wrap(out, "verdict  ", line, columns);
}

static size_t count(const struct fl_judged_claims *j, enum fl_claim_outcome outcome)
{
	return fl_judged_claims_count(j, outcome, false) + fl_judged_claims_count(j, outcome, true);
}

/* "checks   14 passed, 1 FAILED (5 controls, 10 claims)" */
static void print_counts(FILE *out, const struct fl_judged_claims *j)
{
	static const struct {
		enum fl_claim_outcome outcome;
		const char *word;
	} rest[] = {
		{ FL_CLAIM_EMPTY, "mean nothing" },
		{ FL_CLAIM_OPEN, "inconclusive" },
		{ FL_CLAIM_UNMEASURED, "not measured" },
	};
	size_t controls = 0, failed = count(j, FL_CLAIM_FAILS), all = j->claims.n_claims;
	char text[48];

	for (size_t i = 0; i < all; i++)
		controls += j->claims.claims[i].control;
	fputs("checks   ", out);
	snprintf(text, sizeof(text), "%zu passed", count(j, FL_CLAIM_HOLDS));
	if (failed)
		fputs(text, out);
	else
		fl_print_colour(out, FL_GREEN, text);
	fputs(", ", out);
	snprintf(text, sizeof(text), "%zu %s", failed, failed ? "FAILED" : "failed");
	if (failed)
		fl_print_colour(out, FL_RED, text);
	else
		fputs(text, out);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		if (count(j, rest[i].outcome))
			fprintf(out, ", %zu %s", count(j, rest[i].outcome), rest[i].word);
	fprintf(out, " (%zu control%s, %zu claim%s)\n", controls, controls == 1 ? "" : "s",
		all - controls, all - controls == 1 ? "" : "s");
}

static const char *failing_word(const struct fl_judged_claim *c)
{
	return c->outcome == FL_CLAIM_FAILS  ? "FAILED"
	       : c->outcome == FL_CLAIM_OPEN ? "inconclusive"
					     : "means nothing";
}

/* One that does not pass, with what was measured; malloc'd. */
static char *failing_text(const struct fl_judged_claim *c, unsigned int columns)
{
	cleanup_free char *measured = c->n ? case_text(c) : NULL;
	cleanup_free char *head = fl_asprintf("  %s  ", failing_word(c));
	cleanup_free char *about = fl_asprintf("%s%s [%s]", c->claim->control ? "control: " : "",
					       c->claim->about, c->claim->name);
	cleanup_free char *first = fl_wrapped(head, about, columns);
	cleanup_free char *second = measured ? fl_wrapped("    ", measured, columns) : NULL;

	return fl_asprintf("%s%s", first, second ? second : "");
}

static void print_failing(FILE *out, const struct fl_judged_claim *c, const char *text)
{
	const char *word = failing_word(c);

	fputs("  ", out);
	if (c->outcome == FL_CLAIM_FAILS)
		fl_print_colour(out, FL_RED, word);
	else
		fputs(word, out);
	fputs(text + 2 + strlen(word), out);
}

/* Controls first; in full as far as there is room, the rest by name. */
static void print_all_failing(FILE *out, const struct fl_judged_claims *j,
			      const struct fl_room *room)
{
	cleanup_free char *head = NULL, *names = NULL;
	struct fl_strv rest = { 0 };
	unsigned int left = room->lines;

	for (size_t i = 0; i < 2 * j->claims.n_claims; i++) {
		const struct fl_judged_claim *c = &j->judged[i % j->claims.n_claims];
		cleanup_free char *text = NULL;

		if (c->outcome == FL_CLAIM_HOLDS || c->outcome == FL_CLAIM_UNMEASURED ||
		    c->claim->control != (i < j->claims.n_claims))
			continue;
		text = failing_text(c, room->columns);
		if (rest.n || fl_lines(text) >= left) {
			fl_strv_push(&rest, c->claim->name);
			continue;
		}
		left -= fl_lines(text);
		print_failing(out, c, text);
	}
	if (rest.n) {
		head = fl_asprintf("  %zu%s: ", rest.n, left < room->lines ? " more" : "");
		names = fl_strv_join(&rest, ", ");
		fl_wrap(out, head, names, room->columns);
	}
	fl_strv_release(&rest);
}

void fl_verdict_ending(FILE *out, const struct fl_judged_claims *j, const struct fl_room *room)
{
	if (!j->claims.n_claims)
		return;
	print_counts(out, j);
	print_all_failing(out, j, room);
	if (fl_judged_claims_void(j))
		fl_wrap(out, "         ", "A control failed, so the rest of this run says nothing.",
			room->columns);
}

void fl_verdict_html_failures(FILE *out, const struct fl_judged_claims *j)
{
	bool any = false;

	for (size_t i = 0; i < j->claims.n_claims; i++) {
		const struct fl_judged_claim *c = &j->judged[i];
		cleanup_free char *text = c->n ? case_text(c) : fl_strdup("");

		if (c->outcome == FL_CLAIM_HOLDS || c->outcome == FL_CLAIM_UNMEASURED)
			continue;
		fputs(any ? "<li>" : "<ul class=failing>\n<li>", out);
		any = true;
		fprintf(out,
			"<b class=%s>%s</b>%s: ", c->outcome == FL_CLAIM_OPEN ? "mixed" : "bad",
			fl_claim_outcome_names[c->outcome], c->claim->control ? ", control" : "");
		fl_html(out, c->claim->about);
		fl_html_element(out, "small", text);
		fputs("</li>\n", out);
	}
	if (any)
		fputs("</ul>\n", out);
}

void fl_verdict_html(FILE *out, const struct fl_judged_claims *j)
{
	static const char *const classes[] = {
		[FL_CLAIM_HOLDS] = "td class=good",
		[FL_CLAIM_FAILS] = "td class=bad",
		[FL_CLAIM_OPEN] = "td",
		[FL_CLAIM_UNMEASURED] = "td",
		[FL_CLAIM_EMPTY] = "td class=bad",
	};
	cleanup_free char *line = fl_verdict_line(j);

	if (line) {
		fl_html_element(out, "p", line);
		fputs("<div class=t><table>\n", out);
	}
	for (size_t i = 0; i < j->claims.n_claims; i++) {
		const struct fl_judged_claim *c = &j->judged[i];
		cleanup_free char *text = c->n ? case_text(c) : fl_strdup("");
		cleanup_free char *about =
			fl_asprintf("%s%s", c->claim->control ? "control: " : "", c->claim->about);

		fputs("<tr>", out);
		fl_html_element(out, classes[c->outcome], fl_claim_outcome_names[c->outcome]);
		fl_html_element(out, "td class=l", about);
		fl_html_element(out, "td class=l", text);
		fputs("</tr>\n", out);
	}
	if (line)
		fputs("</table></div>\n", out);
	if (!j->claims.n_published)
		return;
	fl_html_element(out, "h3", "Beside the published figures");
	fputs("<div class=t><table><tr><th>theirs</th><th>ours</th><th>unit</th><th "
	      "class=l>what</th></tr>\n",
	      out);
	for (size_t i = 0; i < j->claims.n_published; i++) {
		const struct fl_judged_published *p = &j->published[i];
		cleanup_free char *what =
			fl_asprintf("%s: %s", p->published->metric, p->published->about);
		struct beside b = beside_of(p);

		fputs("<tr>", out);
		fl_html_element(out, "td", b.theirs);
		fl_html_element(out, "td", b.ours ? b.ours : "not measured");
		fl_html_element(out, "td", b.unit);
		fl_html_element(out, "td class=l", what);
		fputs("</tr>\n", out);
		free(b.ours);
	}
	fputs("</table></div>\n", out);
}

static json_t *spread_json(const struct fl_spread *v)
{
	if (!v->n)
		return json_null();
	return json_pack("{s:f, s:f, s:f, s:i}", "median", v->median, "min", v->least, "max",
			 v->most, "n", (int)v->n);
}

/* Of what the bound is a multiple or a share. */
static const char *bound_unit(const struct fl_claim *c)
{
	if (c->op == FL_WITHIN)
		return "percent_of_reference";
	return c->relative ? "times_reference" : "metric";
}

static json_t *claim_json(const struct fl_judged_claim *c)
{
	cleanup_free char *row = c->n ? fl_summary_row_name(c->worst.row) : NULL;
	cleanup_free char *answer = fl_said_text(c);
	cleanup_free char *outcome = fl_json_word(fl_claim_outcome_names[c->outcome]);

	return json_pack(
		"{s:s, s:s, s:s?, s:b, s:s, s:b, s:s, s:s, s:f, s:s, s:o, s:i, s:s?, s:s?, s:s?, "
		"s:o, s:o}",
		"check", c->claim->name, "about", c->claim->about, "answer", answer, "control",
		c->claim->control, "outcome", outcome, "holds", c->outcome == FL_CLAIM_HOLDS,
		"metric", c->claim->metric, "op", fl_claim_op_names[c->claim->op], "bound",
		c->claim->bound, "bound_unit", bound_unit(c->claim), "floor",
		c->worst.floor > 0 ? json_real(c->worst.floor) : json_null(), "rows", (int)c->n,
		"row", row, "kernel", c->n ? c->worst.row->kernel : NULL, "unit", c->worst.unit,
		"measured", spread_json(&c->worst.value), "reference",
		spread_json(&c->worst.reference));
}

json_t *fl_verdict_json(const struct fl_judged_claims *j)
{
	cleanup_free char *line = fl_verdict_line(j);
	json_t *claims = json_array(), *published = json_array();

	for (size_t i = 0; i < j->claims.n_claims; i++)
		json_array_append_new(claims, claim_json(&j->judged[i]));
	for (size_t i = 0; i < j->claims.n_published; i++) {
		const struct fl_judged_published *p = &j->published[i];

		json_array_append_new(published,
				      json_pack("{s:s, s:s, s:s, s:f, s:o, s:s}", "published",
						p->published->name, "about", p->published->about,
						"metric", p->published->metric, "theirs",
						p->published->value, "ours", spread_json(&p->value),
						"unit", p->unit ? p->unit : ""));
	}
	return json_pack("{s:s?, s:o, s:o}", "verdict", line, "checks", claims, "published",
			 published);
}
