/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/booted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/kernels.h"
#include "harness/guest/bootable.h"
#include "harness/guest/build.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel.h"
#include "harness/guest/qemu.h"
#include "harness/run/machine.h"

/* Under two names the same file would be compared with itself. */
static int check_other(const struct fl_booted *b, const char *path, struct fl_error *err)
{
	struct stat new, old;

	for (size_t i = 0; i < b->paths.n; i++)
		if (!stat(path, &new) && !stat(b->paths.v[i], &old) &&
		    new.st_dev == old.st_dev &&new.st_ino == old.st_ino)
			return fl_fail(err, FL_USAGE, "kernels %s and %s are the same file: %s",
				       b->kernels.v[i], b->kernels.v[b->paths.n], path);
	return 0;
}

static int trace(struct fl_booted *b, struct fl_error *err)
{
	b->builds = fl_calloc(b->paths.n, sizeof(*b->builds));
	b->modules = fl_calloc(b->paths.n, sizeof(*b->modules));
	for (size_t i = 0; i < b->paths.n; i++) {
		const char *path = b->paths.v[i];

		if (fl_build_read(&b->builds[i], path, err) ||
		    (b->builds[i].config &&
		     fl_modules_find(&b->modules[i], path, b->builds[i].config, err)))
			return -1;
	}
	return 0;
}

int fl_booted_find(struct fl_booted *b, const struct fl_experiment *e, const struct fl_plan *plan,
		   struct fl_error *err)
{
	for (size_t i = 0; i < plan->n; i++) {
		const char *name = plan->points[i].kernel;
		cleanup_free char *path = NULL;

		if (!fl_strv_add(&b->kernels, name))
			continue;
		if (fl_kernel_find(&path, fl_kernel_place(e, name), err) ||
		    check_other(b, path, err))
			return -1;
		fl_strv_push(&b->paths, path);
	}
	return trace(b, err);
}

const char *fl_booted_path(const struct fl_booted *b, const char *kernel)
{
	size_t i = fl_strv_find(&b->kernels, kernel);

	return i < b->paths.n ? b->paths.v[i] : NULL;
}

/* Programs that the image needs beside its own: first words of the commands, and [guest] programs.
 */
int fl_booted_image(struct fl_booted *b, const struct fl_experiment *e, struct fl_error *err)
{
	struct fl_strv programs = { 0 };
	int bad = 0;

	for (size_t i = 0; i < e->n_workloads + 1 && !bad; i++) {
		const char *command = i < e->n_workloads ? e->workloads[i].run : e->pressure;
		struct fl_strv words = { 0 };

		if (!command)
			continue;
		bad = fl_strv_split_words(&words, command);
		if (!bad && words.n)
			fl_strv_push(&programs, words.v[0]);
		fl_strv_release(&words);
	}
	for (size_t i = 0; i < e->programs.n; i++)
		fl_strv_push(&programs, e->programs.v[i]);
	bad = bad ? fl_fail(err, FL_USAGE, "a workload's command has an open quote")
		  : fl_image_check(&programs, err) ||
			      fl_image_make_with(&b->image, &programs, b->modules, b->paths.n, err);
	fl_strv_release(&programs);
	b->qemu = fl_qemu_version();
	return bad || fl_image_read(&b->facts, b->image, err) ? -1 : 0;
}

/* Kernels with an unknown configuration are tried. */
static char *lacks(const struct fl_booted *b, size_t i, enum fl_bus bus)
{
	return b->builds[i].config ? fl_boot_lacks(b->builds[i].config, bus, &b->modules[i]) : NULL;
}

static int refuse(const struct fl_booted *b, size_t i, enum fl_bus bus, struct fl_error *err)
{
	cleanup_free char *what = lacks(b, i, bus);

	return what ? fl_fail(err, FL_USAGE,
			      "kernel %s cannot boot as a guest of machine %s: it lacks %s",
			      b->kernels.v[i], bus == FL_BUS_PCI ? "q35" : "microvm", what)
		    : 0;
}

int fl_booted_machine(struct fl_booted *b, struct fl_experiment *e, struct fl_plan *plan,
		      struct fl_error *err)
{
	enum fl_bus bus = fl_guest_machine(&e->guest) == FL_MACHINE_Q35 ? FL_BUS_PCI : FL_BUS_MMIO;

	for (size_t i = 0; i < b->paths.n && bus == FL_BUS_MMIO; i++) {
		cleanup_free char *what = lacks(b, i, FL_BUS_MMIO), *pci = lacks(b, i, FL_BUS_PCI);

		if (!what || e->guest.machine != FL_MACHINE_AUTO)
			continue;
		bus = FL_BUS_PCI;
		if (pci)
			break;
		fprintf(stderr,
			"faultline: guests are of machine q35: kernel %s lacks %s for a "
			"microvm\n",
			b->kernels.v[i], what);
		e->guest.machine = FL_MACHINE_Q35;
		for (size_t p = 0; p < plan->n; p++)
			plan->points[p].guest.machine = FL_MACHINE_Q35;
	}
	for (size_t i = 0; i < b->paths.n; i++)
		if (refuse(b, i, bus, err))
			return -1;
	return 0;
}

static int check_point(const struct fl_booted *b, const struct fl_stored_point *p,
		       const struct fl_provenance *known, struct fl_error *err)
{
	const struct fl_build *now = fl_booted_build(b, p->kernel);
	const struct fl_build *then = fl_provenance_build(known, p->build);

	if (!now || !then || !strcmp(now->file_hash, then->file_hash))
		return 0;
	return fl_fail(
		err, FL_USAGE,
		"kernel %s (%s) is not the kernel of the points measured so far; start a new run",
		p->kernel, now->path);
}

int fl_booted_check(const struct fl_booted *b, struct fl_store *s, int64_t run,
		    struct fl_error *err)
{
	struct fl_provenance known = { 0 };
	struct fl_stored_point *points = NULL;
	size_t n = 0;
	int bad = fl_store_points(s, run, &points, &n, err) ||
		  fl_store_provenance(s, run, &known, err);

	for (size_t i = 0; i < n && !bad; i++)
		bad = check_point(b, &points[i], &known, err);
	fl_stored_points_free(points, n);
	fl_provenance_release(&known);
	return bad ? -1 : 0;
}

const struct fl_build *fl_booted_build(const struct fl_booted *b, const char *kernel)
{
	size_t i = fl_strv_find(&b->kernels, kernel);

	return b->builds && i < b->paths.n ? &b->builds[i] : NULL;
}

void fl_booted_release(struct fl_booted *b)
{
	for (size_t i = 0; b->builds && i < b->paths.n; i++)
		fl_build_release(&b->builds[i]);
	for (size_t i = 0; b->modules && i < b->paths.n; i++)
		fl_modules_release(&b->modules[i]);
	free(b->builds);
	free(b->modules);
	fl_image_facts_release(&b->facts);
	free(b->qemu);
	fl_strv_release(&b->kernels);
	fl_strv_release(&b->paths);
	free(b->image);
}
