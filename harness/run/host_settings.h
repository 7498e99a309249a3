/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_HOST_SETTINGS_H
#define FL_RUN_HOST_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"
#include "harness/experiment/plan.h"
#include "harness/run/point.h"

/*
 * Settings of the machine itself, for --target host.  A guest is thrown away; this machine is not,
 * so each old value is in a journal on the disk (fl_cache()/host-journal, host_journal.h) before
 * its file is changed.  A harness that is killed leaves the journal; the next
 * fl_host_settings_begin() replays it.  A machine-wide lock lets only one run at a time change
 * them, whatever their cache folders.
 *
 * begin ... (apply, the workload, restore)... end
 */
struct fl_host_settings;

/*
 * Takes the lock and restores what a killed run left changed.  note[len] becomes one line about
 * that for people, or "".  -1 (always FL_MACHINE): another run has the machine, restoring needs
 * root, or the cache is not ours.  A journal that is not ours or that the kernel rejects is
 * renamed, and the next begin succeeds.
 */
int fl_host_settings_begin(struct fl_host_settings **h, char *note, size_t len,
			   struct fl_error *err);

/* The same with the journal in the folder dir, which is there, and root in front of every path: for
 * tests. */
int fl_host_settings_begin_at(struct fl_host_settings **h, const char *dir, const char *root,
			      char *note, size_t len, struct fl_error *err);

/*
 * Sets all of them; a setting whose value is there already is left alone.
 * *status: FL_OK; FL_SKIPPED (the machine lacks a setting, or we may not write
 * it: reason names all of those); FL_STATUS_FAILED (the kernel refused a value).
 * -1: the journal cannot be written; then nothing was changed by this setting.
 */
int fl_host_settings_apply(struct fl_host_settings *h, const struct fl_point_setting *settings,
			   size_t n, enum fl_status *status, char *reason, size_t len,
			   struct fl_error *err);

/* Restores in reverse order and removes the journal.  -1 (FL_MACHINE): what stays changed, journal
 * kept. */
int fl_host_settings_restore(struct fl_host_settings *h, struct fl_error *err);

/* Releases the lock.  Restores nothing: a remaining journal stays for the next begin. */
void fl_host_settings_end(struct fl_host_settings *h);

/* For doctor: one line when a killed run left settings changed, or a run has the machine; false:
 * neither. */
bool fl_host_settings_left(char *text, size_t len);

#endif
