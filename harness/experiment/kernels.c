/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/kernels.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/experiment/workload.h"

#define NAME_MAX_LEN 64

/* One item of a list. */
struct item {
	const char *text, *place;
	char *name;
	bool of_path;         /* the name is taken from the path, not given */
	struct fl_strv parts; /* parts of a path, without the file names that every kernel has */
	size_t used;          /* how many of them, from the end, are its name */
};

size_t fl_kernel_given_name(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && !memchr(text, '/', (size_t)(equals - text)) ? (size_t)(equals - text) + 1
								     : 0;
}

/* Conditions are words KEY=VALUE, selections RUN@KEY=VALUE,...: a name may not contain their
 * delimiters. */
static bool name_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("._+-/:@", c));
}

static int check_name(const struct item *item, struct fl_error *err)
{
	const char *p = item->name;

	while (name_char(*p))
		p++;
	if (*item->name && !*p && p - item->name <= NAME_MAX_LEN && item->place[0])
		return 0;
	return fl_fail(
		err, FL_USAGE,
		"kernel %s: NAME=PATH with a NAME of up to %d letters, digits and . _ + - : @",
		item->text, NAME_MAX_LEN);
}

/* --- the names of paths --- */

/* boot/vmlinuz-6.1.0-cloud-amd64, and the package that it is in, are called 6.1.0-cloud-amd64. */
static void shorten(char *part)
{
	static const char *const starts[] = { "vmlinuz-", "linux-image-unsigned-", "linux-image-" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t len = strlen(starts[i]);

		if (strncmp(part, starts[i], len) || !isdigit((unsigned char)part[len]))
			continue;
		memmove(part, part + len, strlen(part + len) + 1);
		if (i)
			part[strcspn(part, "_")] = '\0';
	}
}

static bool is_package(const char *text)
{
	size_t len = strlen(text);

	return len > 4 && !strcmp(text + len - 4, ".deb");
}

static void split_path(struct item *item)
{
	static const char *const ends[] = { "boot", "x86", "arch" };
	cleanup_free char *path = fl_absolute(item->place);
	char *save = NULL;
	bool boot;

	for (char *p = strtok_r(path, "/", &save); p; p = strtok_r(NULL, "/", &save))
		fl_strv_push(&item->parts, p);
	if (!item->parts.n)
		return;
	shorten(item->parts.v[item->parts.n - 1]);
	boot = !strcmp(item->parts.v[item->parts.n - 1], "bzImage");
	if (boot || !strcmp(item->parts.v[item->parts.n - 1], "vmlinux"))
		fl_strv_pop(&item->parts);
	for (size_t i = 0; i < 3 && boot && item->parts.n > 1; i++)
		if (!strcmp(item->parts.v[item->parts.n - 1], ends[i]))
			fl_strv_pop(&item->parts);
}

/* Its last `used` parts, or the whole path if they do not suffice. */
static void name_by_path(struct item *item)
{
	cleanup_free char *whole = fl_absolute(item->place);

	free(item->name);
	item->name = fl_strdup(item->used > item->parts.n ? whole : "");
	for (size_t i = item->used <= item->parts.n ? item->used : 0; i > 0; i--) {
		cleanup_free char *old = item->name;

		item->name = fl_asprintf("%s%s%s", old, *old ? "/" : "",
					 item->parts.v[item->parts.n - i]);
	}
	for (char *p = item->name; *p; p++)
		if (!name_char(*p))
			*p = '_';
}

static void read_item(struct item *item, const char *text)
{
	size_t given = fl_kernel_given_name(text);

	*item = (struct item){ .text = text, .place = text + given };
	if (given) {
		item->name = fl_asprintf("%.*s", (int)given - 1, text);
	} else if (!strchr(text, '/') && !is_package(text)) {
		item->name = fl_strdup(text);
	} else {
		item->of_path = true;
		split_path(item);
		item->used = 1;
		name_by_path(item);
	}
}

/* Does another kernel, or a role, have its name? */
static bool is_taken(const struct item *items, size_t n, size_t i, const struct fl_strv *roles)
{
	if (fl_strv_has(roles, items[i].name))
		return true;
	for (size_t j = 0; j < n; j++)
		if (j != i && !strcmp(items[j].name, items[i].name))
			return true;
	return false;
}

/* Lengthens names taken from paths until each is unique. */
static void lengthen(struct item *items, size_t n, const struct fl_strv *roles)
{
	cleanup_free bool *longer = fl_calloc(n, sizeof(*longer));
	bool any = true;

	while (any) {
		any = false;
		for (size_t i = 0; i < n; i++)
			longer[i] = items[i].of_path && items[i].used <= items[i].parts.n &&
				    is_taken(items, n, i, roles);
		for (size_t i = 0; i < n; i++) {
			if (!longer[i])
				continue;
			items[i].used++;
			name_by_path(&items[i]);
			any = true;
		}
	}
}

static int check_items(const struct item *items, size_t n, struct fl_error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!items[i].of_path && check_name(&items[i], err))
			return -1;
		for (size_t j = 0; j < i; j++) {
			if (!strcmp(items[i].place, items[j].place))
				return fl_fail(err, FL_USAGE, "kernel %s is given twice",
					       items[i].place);
			if (!strcmp(items[i].name, items[j].name))
				return fl_fail(
					err, FL_USAGE,
					"two kernels are called %s (%s, %s): give one a name "
					"of its own, NAME=PATH",
					items[i].name, items[j].place, items[i].place);
		}
	}
	return 0;
}

/* Names and places of a list; `roles`: names that one taken from a path may not have. */
static int name_kernels(const struct fl_strv *texts, const struct fl_strv *roles,
			struct fl_strv *names, struct fl_strv *places, struct fl_error *err)
{
	struct item *items = fl_calloc(texts->n, sizeof(*items));
	int bad;

	for (size_t i = 0; i < texts->n; i++)
		read_item(&items[i], texts->v[i]);
	lengthen(items, texts->n, roles);
	bad = check_items(items, texts->n, err);
	for (size_t i = 0; i < texts->n; i++) {
		if (!bad) {
			fl_strv_push(names, items[i].name);
			fl_strv_push(places, items[i].place);
		}
		free(items[i].name);
		fl_strv_release(&items[i].parts);
	}
	free(items);
	return bad;
}

/* --- roles --- */

int fl_kernels_of_file(struct fl_experiment *e, struct fl_error *err)
{
	struct fl_strv texts = e->kernels, none = { 0 };
	int bad;

	e->kernels = (struct fl_strv){ 0 };
	bad = name_kernels(&texts, &none, &e->kernels, &e->kernel_places, err);
	for (size_t i = 0; i < e->kernels.n; i++) {
		fl_strv_push(&e->roles, e->kernels.v[i]);
		fl_strv_push(&e->role_kernels, e->kernels.v[i]);
	}
	fl_strv_release(&texts);
	return bad ? fl_prefix(err, "%s:%u", e->file, fl_experiment_line(e, "experiment", "kernel"))
		   : 0;
}

/* The roles of the file, and the kernels that only its workloads name. */
static struct fl_strv declared(const struct fl_experiment *e)
{
	struct fl_strv all = { 0 };

	for (size_t i = 0; i < e->roles.n; i++)
		fl_strv_push(&all, e->roles.v[i]);
	for (size_t i = 0; i < e->n_workloads; i++)
		for (size_t j = 0; j < e->workloads[i].kernels.n; j++)
			fl_strv_add(&all, e->workloads[i].kernels.v[j]);
	return all;
}

/* role_kernels[i] fills roles[i]; "": none does. */
static void fill_roles(struct fl_experiment *e, const struct fl_strv *all)
{
	struct fl_strv kernels = { 0 };
	size_t next = 0;

	for (size_t i = 0; i < e->roles.n; i++)
		fl_strv_push(&kernels,
			     fl_strv_has(&e->kernels, e->roles.v[i]) ? e->roles.v[i] : "");
	for (size_t i = 0; i < e->kernels.n; i++) {
		if (fl_strv_has(all, e->kernels.v[i]))
			continue;
		while (next < kernels.n && *kernels.v[next])
			next++;
		if (next == kernels.n)
			break;
		free(kernels.v[next]);
		kernels.v[next] = fl_strdup(e->kernels.v[i]);
	}
	fl_strv_release(&e->role_kernels);
	e->role_kernels = kernels;
}

const char *fl_kernel_place(const struct fl_experiment *e, const char *name)
{
	size_t i = fl_strv_find(&e->kernels, name);

	return i < e->kernel_places.n ? e->kernel_places.v[i] : name;
}

bool fl_kernel_fills(const struct fl_experiment *e, const char *kernel, const char *role)
{
	size_t i = fl_strv_find(&e->roles, role);

	return !strcmp(kernel, i < e->role_kernels.n ? e->role_kernels.v[i] : role);
}

/* Those of the run's kernels that a workload names; false: none, so the workload is dropped. */
static bool keep_kernels(const struct fl_experiment *e, struct fl_workload *w)
{
	struct fl_strv kept = { 0 };

	if (!w->kernels.n)
		return true;
	for (size_t i = 0; i < e->kernels.n; i++)
		for (size_t j = 0; j < w->kernels.n; j++)
			if (fl_kernel_fills(e, e->kernels.v[i], w->kernels.v[j]))
				fl_strv_add(&kept, e->kernels.v[i]);
	fl_strv_release(&w->kernels);
	w->kernels = kept;
	return kept.n > 0;
}

int fl_experiment_set_kernels(struct fl_experiment *e, const struct fl_strv *lists,
			      struct fl_error *err)
{
	struct fl_strv all = declared(e), texts = { 0 };
	size_t kept = 0;
	int bad = 0;

	fl_strv_release(&e->kernels);
	fl_strv_release(&e->kernel_places);
	for (size_t i = 0; i < lists->n && !bad; i++)
		if (fl_strv_split_list(&texts, lists->v[i]))
			bad = fl_fail(err, FL_USAGE, "-k %s: names separated by commas",
				      lists->v[i]);
	if (!bad && name_kernels(&texts, &all, &e->kernels, &e->kernel_places, err))
		bad = fl_prefix(err, "-k");
	if (!bad)
		fill_roles(e, &all);
	for (size_t i = 0; i < e->n_workloads && !bad; i++) {
		if (keep_kernels(e, &e->workloads[i]))
			e->workloads[kept++] = e->workloads[i];
		else
			fl_workload_release(&e->workloads[i]);
	}
	if (!bad)
		e->n_workloads = kept;
	fl_strv_release(&all);
	fl_strv_release(&texts);
	return bad;
}
