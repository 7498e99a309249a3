/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_INTERPLAY_PARTS_H
#define WORKLOAD_INTERPLAY_PARTS_H

/* Among the files that hold interplay's cases: those beside the table's, and what all need. */

#include <sys/types.h>

#include "aligned.h"
#include "interplay_cases.h"

#define PAGE ALIGNED_PAGE
#define PAGES RANGE_REGION_PAGES
#define MIDDLE RANGE_REGION_PAGES /* the first page of the middle region */

/* Says on stdout what failed, with errno; CASE_FAILED. */
enum case_result case_failed(const char *call);

/* Notes why; CASE_SKIP. */
enum case_result case_skip(struct range *r, const char *why);

/* Waits for a child that exits with its result. */
enum case_result case_wait(pid_t child);

enum case_result memcg_limit(struct range *r);
enum case_result migrate_there(struct range *r);
enum case_result move_pages_there(struct range *r);
enum case_result offline_block(struct range *r);
enum case_result oom_kill(struct range *r);
enum case_result uffd_missing(struct range *r);
enum case_result uffd_move(struct range *r);
enum case_result uffd_write_protect(struct range *r);

#endif
