/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/json.h"

#include <math.h>
#include <stdlib.h>

#include "harness/base/strv.h"

json_t *fl_json_text(const char *text)
{
	json_t *t = text ? json_string(text) : json_null();
	char *copy;

	if (t)
		return t;
	copy = fl_strdup(text);
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	t = json_string(copy);
	free(copy);
	return t;
}

json_t *fl_json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

char *fl_json_word(const char *name)
{
	char *word = fl_strdup(name);

	for (char *p = word; *p; p++)
		*p = *p == ' ' ? '_' : *p;
	return word;
}
