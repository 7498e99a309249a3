/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/store/db.h"

/* The commented SQL itself, so that document and program cannot differ. */
#define SQL(name, file)                                \
	__asm__(".section .rodata\n"                   \
		".global " name "\n" name ":\n"        \
		".incbin \"harness/store/" file "\"\n" \
		".byte 0\n"                            \
		".previous\n")

SQL("fl_schema", "schema.sql");
SQL("fl_schema_from_1", "migrate-2.sql");
SQL("fl_schema_from_2", "migrate-3.sql");
SQL("fl_schema_from_3", "migrate-4.sql");
SQL("fl_schema_from_4", "migrate-5.sql");
SQL("fl_schema_from_5", "migrate-6.sql");
