/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/config_diff.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"

struct option {
	char *name, *value; /* without CONFIG_; "n": not set */
};

struct options {
	struct option *v;
	size_t n;
};

/* Options of the toolchain and the build, not of the kernel. */
static bool of_toolchain(const char *name)
{
	static const char *const heads[] = {
		"AS_",           "BINDGEN_",    "BUILD_SALT",  "CC_CAN_",        "CC_HAS_",
		"CC_IS_",        "CC_NO_",      "CC_VERSION_", "CLANG_VERSION",  "GCC_ASM_",
		"GCC_SUPPORTS_", "GCC_VERSION", "LD_IS_",      "LD_VERSION",     "LLD_VERSION",
		"LOCALVERSION",  "PAHOLE_",     "RUSTC_",      "TOOLS_SUPPORT_",
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (!strncmp(name, heads[i], strlen(heads[i])))
			return true;
	return false;
}

static void take_line(struct options *o, const char *line, size_t len)
{
	bool set = !strncmp(line, "CONFIG_", 7);
	const char *name = line + (set ? 7 : 9), *end;

	if (len < 10 || (!set && strncmp(line, "# CONFIG_", 9) != 0))
		return;
	end = memchr(name, set ? '=' : ' ', len - (size_t)(name - line));
	if (!end)
		return;
	o->v = fl_realloc(o->v, (o->n + 1) * sizeof(*o->v));
	o->v[o->n].name = fl_asprintf("%.*s", (int)(end - name), name);
	o->v[o->n].value =
		set ? fl_asprintf("%.*s", (int)(line + len - end) - 1, end + 1) : fl_strdup("n");
	o->n++;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct option *)a)->name, ((const struct option *)b)->name);
}

static struct options read_options(const char *text)
{
	struct options o = { 0 };

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		take_line(&o, text, strcspn(text, "\n"));
	if (o.n)
		qsort(o.v, o.n, sizeof(*o.v), by_name);
	return o;
}

static void release(struct options *o)
{
	for (size_t i = 0; i < o->n; i++) {
		free(o->v[i].name);
		free(o->v[i].value);
	}
	free(o->v);
}

/* An option that is off is not reported if the other kernel does not know it. */
static void push_lone(struct fl_strv *list, const struct option *o)
{
	if (strcmp(o->value, "n") != 0 && !of_toolchain(o->name))
		fl_strv_pushf(list, "%s=%s", o->name, o->value);
}

void fl_config_diff(struct fl_config_diff *d, const char *a, const char *b)
{
	struct options oa = read_options(a), ob = read_options(b);
	size_t i = 0, j = 0;

	memset(d, 0, sizeof(*d));
	while (i < oa.n || j < ob.n) {
		int order = i == oa.n ? 1 : j == ob.n ? -1 : strcmp(oa.v[i].name, ob.v[j].name);

		if (order < 0) {
			push_lone(&d->only_a, &oa.v[i++]);
		} else if (order > 0) {
			push_lone(&d->only_b, &ob.v[j++]);
		} else {
			if (strcmp(oa.v[i].value, ob.v[j].value) != 0 &&
			    !of_toolchain(oa.v[i].name))
				fl_strv_pushf(&d->chosen, "%s: %s, %s", oa.v[i].name, oa.v[i].value,
					      ob.v[j].value);
			i++;
			j++;
		}
	}
	release(&oa);
	release(&ob);
}

void fl_config_diff_release(struct fl_config_diff *d)
{
	fl_strv_release(&d->chosen);
	fl_strv_release(&d->only_a);
	fl_strv_release(&d->only_b);
}
