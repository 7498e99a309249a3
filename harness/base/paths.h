/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_PATHS_H
#define FL_BASE_PATHS_H

/*
 * Where things are.  The home is the folder that holds bench/ and
 * build/: $FAULTLINE_HOME, else found from the program's own place
 * (build/faultline -> .., PREFIX/bin -> PREFIX/share/faultline).
 * All returned strings but those of fl_built() and fl_absolute() are static for the process's life.
 */
const char *fl_home(void);    /* bench/ and guest/kernel/ live below it */
const char *fl_results(void); /* $FAULTLINE_RESULTS, else ./results of the home */
/* $FAULTLINE_CACHE, else $XDG_CACHE_HOME/faultline, else ~/.cache/faultline: see cache.h */
const char *fl_cache(void);
const char *fl_programs(void); /* folder of the static workloads and the agent: build/workloads or
				  PREFIX/lib/faultline */
/*
 * A file of our build, in that folder or the one above, to which access(2) grants `mode`; malloc'd.
 * NULL: there is none.
 */
char *fl_built(const char *name, int mode);

/*
 * The absolute path; "." and ".." are removed textually (symbolic links are not followed);
 * malloc'd.
 */
char *fl_absolute(const char *path);

/* For people: relative to the working directory if the path lies below it. */
const char *fl_path_from_here(const char *path);

#endif
