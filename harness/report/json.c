/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/json.h"

#include <math.h>
#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"

json_t *fl_json_text(const char *text)
{
	cleanup_free char *plain = fl_plain_copy(text);

	return plain ? json_string(plain) : json_null();
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
