/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_SPAWN_H
#define FL_BASE_SPAWN_H

/*
 * Programs get their arguments as a vector: no shell is involved, so nothing needs quoting.
 *
 * fl_spawn() runs a program (found on PATH) and waits for it.  output: where its
 * standard output goes, malloc'd without the last newline; NULL: ours.  Returns
 * its exit status, 128 + N when signal N killed it, 127 when it could not be
 * started.  fl_spawn_quiet() drops its standard error, fl_spawn_both() takes it
 * as output, too.  fl_spawn_from() is fl_spawn_both() with a file as standard input.
 */
int fl_spawn(const char *const argv[], char **output);
int fl_spawn_quiet(const char *const argv[], char **output);
int fl_spawn_both(const char *const argv[], char **output);
int fl_spawn_from(const char *input, const char *const argv[], char **output);

/* The first line a program prints, malloc'd; NULL: it failed or printed nothing. */
char *fl_spawn_line(const char *const argv[]);

#endif
