/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_SPAWN_H
#define FL_BASE_SPAWN_H

/*
 * Runs a program (found on PATH) and waits for it.  output: where its standard
 * output goes, malloc'd without the last newline; NULL: ours.  Returns its exit
 * status, 128 + N when signal N killed it, 127 when it could not be started.
 */
int fl_spawn(const char *const argv[], char **output);

#endif
