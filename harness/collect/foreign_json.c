/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers at a path of the JSON values that stand in a program's output, among whatever else it
 * prints. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/picking.h"

/* Bytes read of values that turned out to be none: output of nothing but brackets ends here. */
#define WASTE_MAX (8u << 20)

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

	if (json_is_number(value))
		fl_picking_take(p, json_number_value(value));
	if (!text)
		return;
	number = strtod(text, &rest);
	if (rest != text && !*rest)
		fl_picking_take(p, number);
}

void fl_foreign_json(struct fl_picking *p, const struct fl_own_metric *m, const char *text,
		     size_t len)
{
	const size_t flags = JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
	size_t at = 0, waste = 0;

	while (at < len && waste < WASTE_MAX) {
		json_error_t where = { 0 };
		json_t *root;

		if (text[at] != '{' && text[at] != '[') {
			at++;
			continue;
		}
		root = json_loadb(text + at, len - at, flags, &where);
		if (root)
			take(p, m, root);
		else
			waste += (size_t)(where.position > 0 ? where.position : 1);
		at += root && where.position > 0 ? (size_t)where.position : 1;
		json_decref(root);
	}
}
