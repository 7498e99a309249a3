/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/build.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"

void fl_build_facts(struct fl_build *b, struct fl_build_fact facts[FL_BUILD_FACTS])
{
	const struct fl_build_fact all[] = {
		{ "path", &b->path },
		{ "file_hash", &b->file_hash },
		{ "name", &b->name },
		{ "source", &b->source },
		{ "base", &b->base },
		{ "commit", &b->commit },
		{ "dirty", &b->dirty },
		{ "series", &b->series },
		{ "series_hash", &b->series_hash },
		{ "fragments", &b->fragments },
		{ "compiler", &b->compiler },
		{ "taken", &b->taken },
		{ "config_hash", &b->config_hash },
	};

	_Static_assert(sizeof(all) / sizeof(all[0]) == FL_BUILD_FACTS, "one entry a fact");
	memcpy(facts, all, sizeof(all));
}

void fl_build_seal(struct fl_build *b)
{
	struct fl_build_fact facts[FL_BUILD_FACTS];
	char *text = fl_strdup("");

	free(b->config_hash);
	b->config_hash = NULL;
	if (b->config) {
		b->config_hash = fl_calloc(1, FL_DIGEST_LEN);
		fl_digest(b->config, strlen(b->config), b->config_hash);
	}
	fl_build_facts(b, facts);
	for (size_t i = 0; i < FL_BUILD_FACTS; i++) {
		cleanup_free char *old = text;

		if (*facts[i].value)
			text = fl_asprintf("%s%s %s\n", old, facts[i].name, *facts[i].value);
		else
			text = fl_strdup(old);
	}
	fl_digest(text, strlen(text), b->hash);
	free(text);
}

void fl_build_release(struct fl_build *b)
{
	struct fl_build_fact facts[FL_BUILD_FACTS];

	fl_build_facts(b, facts);
	for (size_t i = 0; i < FL_BUILD_FACTS; i++)
		free(*facts[i].value);
	free(b->config);
	memset(b, 0, sizeof(*b));
}

void fl_image_facts_release(struct fl_image_facts *f)
{
	fl_strv_release(&f->programs);
	fl_strv_release(&f->hashes);
	f->hash[0] = '\0';
}
