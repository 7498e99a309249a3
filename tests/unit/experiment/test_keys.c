/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/experiment/experiment.h"
#include "harness/experiment/keys.h"

static void load(const char *text, struct fl_error *err)
{
	char path[] = "/tmp/fl-keys-XXXXXX.ini";
	int fd = mkstemps(path, 4);
	struct fl_experiment e = { 0 };

	cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	if (!fl_experiment_load(&e, path, false, err))
		err->text[0] = '\0';
	fl_experiment_release(&e);
	unlink(path);
}

/* "steps, steps WORKLOAD" is written [steps], "claim NAME" [claim NAME]. */
static void section_of(const struct fl_key_text *t, char *buf, size_t len)
{
	const char *second = strstr(t->section, ", ");

	snprintf(buf, len, "%s", second && !strcmp(t->key, "workload") ? second + 2 : t->section);
	if (strstr(buf, ", "))
		*strstr(buf, ", ") = '\0';
	if (strstr(buf, "NAME"))
		memcpy(strstr(buf, "NAME"), "name", 4);
}

Test(keys, each_of_the_table_is_taken)
{
	for (const struct fl_key_text *t = fl_key_texts(); t->section; t++) {
		cleanup_free char *text = NULL;
		struct fl_error err = { 0 };
		char section[64];

		if (!strcmp(t->key, "SETTING") || !strcmp(t->key, "NAME"))
			continue;
		section_of(t, section, sizeof(section));
		text = fl_asprintf("[experiment]\nname = t\n[workload w]\nrun = true\n"
				   "[%s]\n%s = 1\n",
				   section, t->key);
		load(text, &err);
		cr_expect(!strstr(err.text, "unknown"), "[%s] %s: %s", section, t->key, err.text);
	}
}

/* With one that is not there the error names all that are, and no other. */
Test(keys, an_unknown_one_names_those_of_its_section)
{
	for (const struct fl_key_text *t = fl_key_texts(); t->section; t++) {
		cleanup_free char *text = NULL;
		struct fl_error err = { 0 };
		char section[64];

		if (strchr(t->section, ','))
			continue;
		section_of(t, section, sizeof(section));
		text = fl_asprintf("[%s]\nno_such_key = 1\n", section);
		load(text, &err);
		cr_expect(strstr(err.text, ": unknown key no_such_key in ["), "%s", err.text);
		cr_expect(strstr(strstr(err.text, "allowed: "), t->key), "%s: %s", t->key,
			  err.text);
	}
}

Test(keys, an_unknown_section_names_all)
{
	struct fl_error err = { 0 };

	load("[no such]\nkey = 1\n", &err);
	for (const struct fl_key_text *t = fl_key_texts(); t->section; t++)
		cr_expect(strstr(err.text, t->section), "%s: %s", t->section, err.text);
}
