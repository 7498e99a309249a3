/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/conditions.h"

#include <string.h>

#include "harness/experiment/setting.h"

int fl_conditions_take(struct fl_conditions *c, const char *key, const char *value,
		       struct fl_error *err)
{
	struct fl_strv words = { 0 };
	int bad = fl_strv_split_words(&words, value);

	if (bad)
		fl_fail(err, FL_USAGE, "%s = %s: a quote is not closed", key, value);
	for (size_t i = 0; !bad && i < words.n; i++) {
		char *equals = strchr(words.v[i], '=');

		if (!equals || equals == words.v[i] || !equals[1]) {
			bad = fl_fail(err, FL_USAGE,
				      "%s = %s: expected KEY=VALUE words, KEY being kernel, "
				      "workload or a setting",
				      key, value);
			break;
		}
		*equals = '\0';
		if (strcmp(words.v[i], "kernel") != 0 && strcmp(words.v[i], "workload") != 0 &&
		    fl_setting_check(words.v[i], equals + 1, err)) {
			bad = -1;
			break;
		}
		fl_strv_push(&c->keys, words.v[i]);
		fl_strv_push(&c->values, equals + 1);
	}
	fl_strv_release(&words);
	return bad ? -1 : 0;
}

void fl_conditions_release(struct fl_conditions *c)
{
	fl_strv_release(&c->keys);
	fl_strv_release(&c->values);
}
