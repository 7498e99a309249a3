/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/experiment/kernels.h"
#include "harness/experiment/plan.h"

#define FILE_OF(kernels)                                                 \
	"[experiment]\nname = t\nkernel = " kernels "\n[workload all]\n" \
	"run = memhog -r1 1m\n[workload changed]\nrun = memhog -r1 1m\nkernel = patched\n"

static void load(struct fl_experiment *e, const char *text)
{
	char path[] = "/tmp/faultline-unit-XXXXXX.ini";
	int fd = mkstemps(path, 4), bad;
	struct fl_error err = { 0 };

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	bad = fl_experiment_load(e, path, false, &err);
	unlink(path);
	cr_assert(!bad, "%s", err.text);
}

static int set(struct fl_experiment *e, const char *list, struct fl_error *err)
{
	struct fl_strv lists = { 0 };
	int bad;

	fl_strv_push(&lists, list);
	bad = fl_experiment_set_kernels(e, &lists, err);
	fl_strv_release(&lists);
	return bad;
}

/* "ROLE=KERNEL" words of the roles that are filled. */
static const char *roles(const struct fl_experiment *e)
{
	static char text[256];

	text[0] = '\0';
	for (size_t i = 0; i < e->roles.n; i++)
		if (*e->role_kernels.v[i])
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s=%s",
				 *text ? " " : "", e->roles.v[i], e->role_kernels.v[i]);
	return text;
}

Test(kernels, the_command_line_fills_the_roles_of_the_file)
{
	static const struct {
		const char *list, *roles, *changed;
	} cases[] = {
		{ "patched,stock", "stock=stock patched=patched", "patched" },
		{ "patched", "patched=patched", "patched" },
		{ "a=/x/vmlinux,b=/y/vmlinux", "stock=a patched=b", "b" },
		{ "mine=/x/vmlinux", "stock=mine", NULL },
		{ "patched=/x/vmlinux", "patched=patched", "patched" },
		{ "/x/new/vmlinux,stock", "stock=stock patched=new", "new" },
		{ "planted-slow,a=/x,b=/y", "stock=planted-slow patched=a", "a" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fl_error err = { 0 };
		struct fl_experiment e;

		load(&e, FILE_OF("stock, patched"));
		cr_assert_eq(set(&e, cases[i].list, &err), 0, "%s", err.text);
		cr_expect_str_eq(roles(&e), cases[i].roles, "%s: %s", cases[i].list, roles(&e));
		cr_expect_eq(e.n_workloads, cases[i].changed ? 2 : 1, "%s", cases[i].list);
		if (cases[i].changed)
			cr_expect_str_eq(e.workloads[1].kernels.v[0], cases[i].changed);
		fl_experiment_release(&e);
	}
}

Test(kernels, a_path_is_called_by_what_tells_it_from_the_others)
{
	static const struct {
		const char *list, *first, *second;
	} cases[] = {
		{ "/src/linux/vmlinux,/boot/vmlinuz-6.1", "linux", "6.1" },
		{ "/p/linux-image-6.1.0-9-amd64_6.1.9-1_amd64.deb,/boot/vmlinuz", "6.1.0-9-amd64",
		  "vmlinuz" },
		{ "linux-image-unsigned-7.3_1_amd64.deb,/a/linux-image.deb", "7.3",
		  "linux-image.deb" },
		{ "/a/linux/vmlinux,/b/linux/vmlinux", "a/linux", "b/linux" },
		{ "/a/linux/arch/x86/boot/bzImage,/b/c", "linux", "c" },
		{ "/k/stock-0123456789ab/vmlinux,/k/stock-0123456789ac/vmlinux",
		  "stock-0123456789ab", "stock-0123456789ac" },
		{ "/a/stock/vmlinux,/a/./b/../my tree/vmlinux", "a/stock", "my_tree" },
		{ "/a/l/vmlinux,/a/l/bzImage", "/a/l/vmlinux", "/a/l/bzImage" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fl_error err = { 0 };
		struct fl_experiment e;

		load(&e, FILE_OF("stock, patched"));
		cr_assert_eq(set(&e, cases[i].list, &err), 0, "%s", err.text);
		cr_expect_str_eq(e.kernels.v[0], cases[i].first, "%s", e.kernels.v[0]);
		cr_expect_str_eq(e.kernels.v[1], cases[i].second, "%s", e.kernels.v[1]);
		fl_experiment_release(&e);
	}
}

Test(kernels, a_place_is_found_by_its_name)
{
	struct fl_error err = { 0 };
	struct fl_experiment e;

	load(&e, FILE_OF("stock, new=/x/vmlinux"));
	cr_expect_str_eq(fl_kernel_place(&e, "new"), "/x/vmlinux");
	cr_expect_str_eq(fl_kernel_place(&e, "stock"), "stock");
	cr_expect_str_eq(roles(&e), "stock=stock new=new");
	cr_assert_eq(set(&e, "stock=/y/vmlinux", &err), 0);
	cr_expect_str_eq(fl_kernel_place(&e, "stock"), "/y/vmlinux");
	cr_expect_str_eq(fl_kernel_place(&e, "patched"), "patched", "a workload's own");
	fl_experiment_release(&e);
}

Test(kernels, twice_the_same_is_refused)
{
	static const struct {
		const char *list, *sentence;
	} cases[] = {
		{ "stock,stock", "kernel stock is given twice" },
		{ "a=/x/vmlinux,b=/x/vmlinux", "kernel /x/vmlinux is given twice" },
		{ "a=/x,a=/y", "two kernels are called a (/x, /y)" },
		{ "stock,stock=/y", "two kernels are called stock" },
		{ "=/x", "NAME=PATH" },
		{ "a=", "NAME=PATH" },
		{ "a b=/x", "NAME=PATH" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fl_error err = { 0 };
		struct fl_experiment e;

		load(&e, FILE_OF("stock, patched"));
		cr_expect_eq(set(&e, cases[i].list, &err), -1, "%s", cases[i].list);
		cr_expect_eq(err.kind, FL_USAGE);
		cr_expect_not_null(strstr(err.text, cases[i].sentence), "%s", err.text);
		fl_experiment_release(&e);
	}
}
