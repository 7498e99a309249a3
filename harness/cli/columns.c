/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/columns.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/wrap.h"

/* Columns that a text takes on a terminal: characters of UTF-8, not bytes. */
static size_t width(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

void fl_columns_row(struct fl_columns *c, const char *const *texts)
{
	for (unsigned int i = 0; i < c->n; i++)
		fl_strv_push(&c->cells, texts[i] ? texts[i] : "");
}

void fl_columns_print(struct fl_columns *c, FILE *out, const char *indent)
{
	size_t widest[FL_COLUMNS_MAX] = { 0 };
	cleanup_free char *head = NULL;

	for (size_t i = 0; i < c->cells.n; i++)
		if (width(c->cells.v[i]) > widest[i % c->n])
			widest[i % c->n] = width(c->cells.v[i]);
	for (size_t i = 0; i < c->cells.n; i++) {
		const char *text = c->cells.v[i];

		if (i % c->n < c->n - 1) {
			cleanup_free char *old = head;

			head = fl_asprintf("%s%s%*s", old ? old : indent, text,
					   (int)(widest[i % c->n] - width(text) + 2), "");
			continue;
		}
		fl_wrap(out, head ? head : indent, text, c->width ? c->width : UINT_MAX);
		free(head);
		head = NULL;
	}
	fl_strv_release(&c->cells);
}
