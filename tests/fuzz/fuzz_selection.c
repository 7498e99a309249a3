/* SPDX-License-Identifier: GPL-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/plain.h"
#include "harness/judge/selection.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fl_store *store;

/* Two runs, so that a prefix can be of both. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char folder[] = "/tmp/faultline-fuzz-XXXXXX";
	struct fl_run_info r = {
		.name = "fuzz-20260101-000000",
		.experiment = "fuzz",
		.about = "",
		.created = "2026-01-01T00:00:00Z",
		.experiment_text = "",
		.arguments = "",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "tcg",
	};
	struct fl_error err;
	int64_t id;
	char name[128];

	(void)argc;
	(void)argv;
	if (!mkdtemp(folder) || setenv("FAULTLINE_RESULTS", folder, 1) ||
	    fl_store_open(&store, false, &err) || fl_store_create_run(store, &r, &id, name, &err) ||
	    fl_store_create_run(store, &r, &id, name, &err))
		abort();
	return 0;
}

/* RUN@KEY=VALUE,...: what is refused says why in a plain line; what is taken has a value a key. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fl_selection s = { 0 };
	struct fl_stored_point p = { .kernel = (char[]){ "stock" },
				     .workload_name = (char[]){ "w" } };
	struct fl_error err = { 0 };
	char *text = malloc(size + 1);

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (fl_selection_parse(&s, store, text, &err)) {
		if (!*err.text || strchr(err.text, '\n'))
			abort();
	} else {
		if (s.keys.n != s.values.n)
			abort();
		fl_selection_takes(&s, &p);
		fl_selection_names(&s, text);
	}
	fl_selection_release(&s);
	free(text);
	return 0;
}
