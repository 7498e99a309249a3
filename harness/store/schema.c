/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/store/db.h"

/* The commented SQL itself, so that the document and the program cannot differ. */
__asm__(".section .rodata\n"
	".global fl_schema\n"
	"fl_schema:\n"
	".incbin \"harness/store/schema.sql\"\n"
	".byte 0\n"
	".global fl_schema_migrate\n"
	"fl_schema_migrate:\n"
	".incbin \"harness/store/migrate.sql\"\n"
	".byte 0\n"
	".previous\n");
