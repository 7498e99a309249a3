/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers at a path of the JSON values that stand in a program's output, among whatever else it
 * prints. */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/cleanup.h"
#include "harness/collect/picking.h"

static const json_t *find_key(const json_t *o, const char *key, size_t len)
{
	cleanup_free char *name = strndup(key, len);

	return json_object_get(o, name);
}

/* fio's percentile.99.000000: a key that has dots is taken where the shorter one is not there. */
static const json_t *find_dotted(const json_t *o, const struct fl_path_step *step,
				 const char **path)
{
	size_t len = step->len;
	const json_t *found = find_key(o, step->key, len);

	while (!found && !step->quoted && step->key[len] == '.') {
		len += 1 + strcspn(step->key + len + 1, ".[");
		found = find_key(o, step->key, len);
		*path = step->key + len + (step->key[len] == '.');
	}
	return found;
}

static const json_t *follow(const json_t *value, const char *path)
{
	struct fl_path_step step;

	while (value && fl_path_next(&path, &step) > 0) {
		if (step.key)
			value = find_dotted(value, &step, &path);
		else
			value = json_array_get(value, step.index);
	}
	return value;
}

static void take(struct fl_picking *p, const struct fl_own_metric *m, const json_t *root)
{
	const json_t *value = follow(root, m->text);
	const char *text = json_string_value(value);
	char *rest;
	double number;

	if (!value)
		return;
	if (json_is_number(value))
		return fl_picking_take(p, json_number_value(value));
	if (!text)
		return fl_picking_refuse(p, "%s (no number)",
					 json_is_object(value)  ? "an object"
					 : json_is_array(value) ? "an array"
					 : json_is_null(value)  ? "null"
					 : json_is_true(value)  ? "true"
								: "false");
	number = strtod(text, &rest);
	if (rest == text || *rest)
		return fl_picking_refuse(p, "\"%.40s\" (no number)", text);
	fl_picking_take(p, number);
}

/* --- text that is not JSON --- */

static size_t skip_blanks(const char *text, size_t at, size_t len)
{
	while (at < len && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	return at;
}

static size_t skip_word(const char *text, size_t at, size_t len)
{
	while (at < len &&
	       (isalnum((unsigned char)text[at]) || (text[at] && strchr("+-.", text[at]))))
		at++;
	return at;
}

static bool value_word(const char *word, size_t len)
{
	static const char *const words[] = { "true",     "false", "null",      "nan",
					     "infinity", "inf",   "-infinity", "-inf" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == len && !strncasecmp(words[i], word, len))
			return true;
	for (size_t i = 0; i < len; i++)
		if (!strchr("0123456789+-.eE", word[i]))
			return false;
	return len > 0;
}

/*
 * Does the bracket at text[at] start JSON?  {"..., [{, [[, ["... and [1, are, {note} and [12:30]
 * are not.  For the latter the parser reads only a word and blanks, so output of nothing but
 * brackets is read about twice.
 */
static bool meant_as_json(const char *text, size_t at, size_t len)
{
	size_t in = skip_blanks(text, at + 1, len), end;

	if (in == len)
		return false;
	if (text[at] == '{' || text[in] == '"')
		return text[in] == '"';
	if (text[in] == '{' || text[in] == '[')
		return true;
	end = skip_word(text, in, len);
	if (!value_word(text + in, end - in))
		return false;
	end = skip_blanks(text, end, len);
	return end < len && text[end] == ',';
}

/* Behind the bracket that closes the one at text[at]; len: there is none.  No string of JSON goes
 * on behind a line's end. */
static size_t skip_broken(const char *text, size_t at, size_t len)
{
	bool quoted = false;
	size_t depth = 0;

	for (; at < len; at++) {
		if (quoted && text[at] == '\\')
			at++;
		else if (text[at] == '"')
			quoted = !quoted;
		else if (text[at] == '\n')
			quoted = false;
		else if (!quoted && (text[at] == '{' || text[at] == '['))
			depth++;
		else if (!quoted && (text[at] == '}' || text[at] == ']') && !--depth)
			return at + 1;
	}
	return len;
}

void fl_foreign_json(struct fl_picking *p, const struct fl_own_metric *m, const char *text,
		     size_t len)
{
	const size_t flags = JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
	size_t at = 0;

	while (at < len) {
		json_error_t where = { 0 };
		json_t *root;

		if (text[at] != '{' && text[at] != '[') {
			at++;
			continue;
		}
		root = json_loadb(text + at, len - at, flags, &where);
		if (root) {
			take(p, m, root);
			at += where.position > 0 ? (size_t)where.position : 1;
		} else if (meant_as_json(text, at, len)) {
			fl_picking_refuse(p, "not JSON at byte %zu, no number",
					  at + (size_t)(where.position > 0 ? where.position : 0));
			at = skip_broken(text, at, len);
		} else {
			at++;
		}
		json_decref(root);
	}
}
