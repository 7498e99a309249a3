// SPDX-License-Identifier: GPL-2.0
#include "death.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_file.h"
#include "memcg.h"
#include "memory_of.h"

struct death_kills death_count(void)
{
	struct death_kills k = { .kills = memory_vmstat("oom_kill") };
	struct memcg memcg;

	if (!memcg_read(&memcg))
		k.limit_hits = memcg.hits;
	return k;
}

bool death_name(int status, const struct death_kills *before, const struct death_kills *after,
		char *name, size_t len)
{
	bool killed = after->kills > before->kills;
	bool memcg = killed && after->limit_hits > before->limit_hits;

	if (!WIFSIGNALED(status))
		snprintf(name, len, "exit-%d", WEXITSTATUS(status));
	else if (WTERMSIG(status) != SIGKILL)
		snprintf(name, len, "signal-%d", WTERMSIG(status));
	else
		snprintf(name, len, "%s",
			 memcg    ? "memcg-oom-kill"
			 : killed ? "oom-kill"
				  : "killed");
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && killed;
}

int death_oom_score(const char *score)
{
	return kernel_put("/proc/self/oom_score_adj", score);
}
