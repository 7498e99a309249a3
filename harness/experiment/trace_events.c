/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/trace_events.h"

#include <stdbool.h>
#include <string.h>

#define NAME_MAX_LEN 120

static bool is_event(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_";
	size_t n = strspn(text, letters);

	if (n && text[n] == ':' && text[n + 1])
		n += 1 + strspn(text + n + 1, letters);
	return n && !text[n] && n <= NAME_MAX_LEN;
}

int fl_trace_events(struct fl_strv *list, const char *value, struct fl_error *err)
{
	if (fl_strv_split_list(list, value)) {
		fl_strv_release(list);
		return fl_fail(err, FL_USAGE, "trace = %s: events separated by commas", value);
	}
	for (size_t i = 0; i < list->n; i++) {
		if (is_event(list->v[i]))
			continue;
		fl_fail(err, FL_USAGE, "trace = %s: SYSTEM or SYSTEM:EVENT, such as thp_reserve",
			list->v[i]);
		fl_strv_release(list);
		return -1;
	}
	return 0;
}
