/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/command.h"

#include <string.h>

#include "harness/base/strv.h"
#include "harness/wire/frame.h"

const char *fl_command_dots(const char *run)
{
	return strnlen(run, FL_COMMAND_SHOWN + 1) > FL_COMMAND_SHOWN ? "..." : "";
}

int fl_command_check(const char *run, struct fl_error *err)
{
	struct fl_strv words = { 0 };
	size_t bytes = 0, n;
	int bad = fl_strv_split_words(&words, run);

	n = words.n;
	for (size_t i = 0; i < n; i++)
		bytes += strlen(words.v[i]) + 1;
	fl_strv_release(&words);
	for (const char *p = run; *p; p++)
		if ((unsigned char)*p < ' ' && !strchr("\t\n", *p))
			return fl_fail(
				err, FL_USAGE, "run = %.*s%s: byte 0x%02x is a control character",
				FL_COMMAND_SHOWN, run, fl_command_dots(run), (unsigned char)*p);
	if (bad || !n)
		return fl_fail(err, FL_USAGE, "run = %.*s%s: a command, its quotes closed",
			       FL_COMMAND_SHOWN, run, fl_command_dots(run));
	if (bytes > FL_COMMAND_MAX)
		return fl_fail(err, FL_USAGE,
			       "run = %.*s%s: a command of %zu bytes, and the limit is %u: put it "
			       "into a script",
			       FL_COMMAND_SHOWN, run, fl_command_dots(run), bytes, FL_COMMAND_MAX);
	return 0;
}
