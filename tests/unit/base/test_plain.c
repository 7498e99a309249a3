/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"

static void expect(const char *in, const char *want)
{
	cleanup_free char *text = fl_strdup(in);

	cr_expect_str_eq(fl_plain(text), want);
}

Test(plain, text_stays)
{
	expect("", "");
	expect("a line\n\tand one\n", "a line\n\tand one\n");
	expect("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7 \xf4\x8f\xbf\xbf",
	       "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7 \xf4\x8f\xbf\xbf");
	cr_expect_null(fl_plain(NULL));
}

Test(plain, controls)
{
	expect("\x1b[2J\r\x7f\b", "?[2J???");
	expect("a\xc2\x9b"
	       "31mb",
	       "a??31mb"); /* CSI of C1 */
}

/* The ill-formed sequences of the Unicode standard, chapter 3, table 3-8, and what is cut short. */
Test(plain, no_utf8)
{
	expect("\xff\xfe", "??");
	expect("\xc0\xaf", "??");
	expect("\xe0\x80\xaf", "???");
	expect("\xed\xa0\x80", "???");
	expect("\xf4\x91\x92\x93", "????");
	expect("\xf0\x80\x80\x80", "????");
	expect("\xe2\x82", "??");
	expect("\xc3", "?");
	expect("\xc3 x", "? x");
	expect("\x80", "?");
}
