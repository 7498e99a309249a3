/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/plain.h"
#include "harness/base/strv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is joined splits into the same words; what a shell would read is for the CLI tests. */
static void there_and_back(const struct fl_strv *words)
{
	char *line = fl_strv_join_words((const char *const *)words->v, words->n);
	struct fl_strv again = { 0 };

	if (fl_strv_split_words(&again, line) || again.n != words->n)
		abort();
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(again.v[i], words->v[i]))
			abort();
	fl_strv_release(&again);
	free(line);
}

static void is_plain(const char *text)
{
	char *copy = fl_plain(fl_strdup(text));

	if (strlen(copy) != strlen(text))
		abort();
	for (const char *p = copy; *p;) {
		size_t bad, n = fl_plain_length(p, &bad);

		if (!n)
			abort();
		p += n;
	}
	free(copy);
}

/* The bytes as a command line, a list and a text to print. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_strv words = { 0 }, items = { 0 };
	char *text = malloc(size + 1);

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (!fl_strv_split_words(&words, text))
		there_and_back(&words);
	fl_strv_split_list(&items, text);
	is_plain(text);
	fl_strv_release(&words);
	fl_strv_release(&items);
	free(text);
	return 0;
}
