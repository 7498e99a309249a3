/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/try/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/guest/console.h"

#define LINES_MAX 8

/* "[    1.234567] text" -> text */
static const char *without_time(const char *line)
{
	const char *end = *line == '[' ? strchr(line, ']') : NULL;

	return end && end[1] == ' ' ? end + 2 : line;
}

void fl_evidence_console(struct fl_strv *lines, const char *path, const char *from)
{
	cleanup_file FILE *f = fopen(path, "re");
	const char *key = from && *from ? without_time(from) : NULL;
	bool found = false;
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = '\0';
		found = found || (key && strstr(line, key));
		if (!*line || (found && lines->n == LINES_MAX))
			continue;
		if (!found && lines->n == LINES_MAX)
			fl_strv_drop(lines, 0);
		if (found && lines->n && strstr(line, key))
			fl_strv_release(lines);
		fl_strv_push(lines, without_time(line));
	}
}

static void take(struct fl_evidence *e, const char *run, const struct fl_stored_point *p)
{
	cleanup_free char *dir = fl_asprintf("%s/%s/point-%04u", fl_results(), run, p->number);
	cleanup_free char *path = fl_asprintf("%s/console.log", dir);
	struct fl_console console;

	e->text =
		fl_asprintf("%s: %s: %s", p->workload_name, p->status, p->reason ? p->reason : "");
	fl_console_read(&console, dir);
	fl_evidence_console(&e->lines, path, console.line);
}

int fl_evidence_read(struct fl_evidence *e, const char *run, const char *kernel,
		     struct fl_error *err)
{
	struct fl_stored_point *points = NULL;
	struct fl_store *store;
	size_t n = 0;
	int64_t id;
	int bad;

	*e = (struct fl_evidence){ 0 };
	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, run, &id, err) ||
	      fl_store_points(store, id, &points, &n, err);
	fl_store_close(store);
	for (size_t i = 0; i < n; i++) {
		const struct fl_stored_point *p = &points[i];

		if ((kernel && strcmp(p->kernel, kernel) != 0) || !strcmp(p->status, "skipped"))
			continue;
		if (!strcmp(p->status, "ok")) {
			e->good++;
			continue;
		}
		e->lost += !strcmp(p->status, "hang") || !strcmp(p->status, "lost");
		if (!e->bad++)
			take(e, run, p);
	}
	fl_stored_points_free(points, n);
	return bad ? -1 : 0;
}

void fl_evidence_release(struct fl_evidence *e)
{
	free(e->text);
	fl_strv_release(&e->lines);
	*e = (struct fl_evidence){ 0 };
}
