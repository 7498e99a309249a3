/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/html.h"

/* page.css and page.js as they lie here. */
#define TEXT(name, file)                                \
	__asm__(".section .rodata\n"                    \
		".global " name "\n" name ":\n"         \
		".incbin \"harness/report/" file "\"\n" \
		".byte 0\n"                             \
		".previous\n")

TEXT("fl_page_css", "page.css");
TEXT("fl_page_js", "page.js");
