/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "harness/base/strv.h"
#include "harness/run/machine.h"

struct pool {
	const struct fl_jobs_config *c;
	pthread_mutex_t lock;
	size_t next;
	bool stopped;
	struct fl_error *err;
};

struct job {
	struct pool *pool;
	unsigned int number;
	pthread_t thread;
};

static const struct fl_point_config *next_point(struct pool *p)
{
	const struct fl_point_config *c = NULL;

	pthread_mutex_lock(&p->lock);
	if (!p->stopped && !atomic_load(p->c->interrupted) && p->next < p->c->n)
		c = &p->c->configs[p->c->order[p->next++]];
	pthread_mutex_unlock(&p->lock);
	return c;
}

/* After an error, finished points are still handed on: they may have taken hours. */
static void hand_in(struct pool *p, const struct fl_point_config *c, struct fl_outcome *o, int bad,
		    const struct fl_error *err)
{
	struct fl_error later;

	if (bad && atomic_load(p->c->interrupted)) /* it may have failed for that */
		return;
	pthread_mutex_lock(&p->lock);
	if (!bad && o->status != FL_INTERRUPTED) {
		bad = p->c->done(p->c->arg, c, o, &later);
		err = &later;
	}
	if (bad && !p->stopped) {
		*p->err = *err;
		p->stopped = true;
	}
	pthread_mutex_unlock(&p->lock);
}

static void *work(void *arg)
{
	struct job *job = arg;
	const struct fl_point_config *c;

	while ((c = next_point(job->pool))) {
		struct fl_point_config mine = *c;
		struct fl_outcome o;
		struct fl_error err;
		int bad;

		if (mine.cpu_first >= 0)
			mine.cpu_first =
				(int)(job->number * c->experiment->guest.cpus % fl_machine_cores());
		if (job->pool->c->begins)
			job->pool->c->begins(job->pool->c->arg, c);
		bad = job->pool->c->run(&o, &mine, &err);
		hand_in(job->pool, c, &o, bad, &err);
		fl_outcome_release(&o);
	}
	return NULL;
}

int fl_jobs_run(const struct fl_jobs_config *c, struct fl_error *err)
{
	struct pool pool = { .c = c, .lock = PTHREAD_MUTEX_INITIALIZER, .err = err };
	struct job *jobs = fl_calloc(c->jobs, sizeof(*jobs));
	unsigned int started = 0;

	for (; started < c->jobs; started++) {
		jobs[started] = (struct job){ .pool = &pool, .number = started };
		if (pthread_create(&jobs[started].thread, NULL, work, &jobs[started]))
			break;
	}
	for (unsigned int i = 0; i < started; i++)
		pthread_join(jobs[i].thread, NULL);
	free(jobs);
	if (!started)
		return fl_fail(err, FL_MACHINE, "no thread could be started");
	return pool.stopped ? -1 : 0;
}

unsigned int fl_jobs_default(const struct fl_guest_spec *spec)
{
	unsigned int each = spec->clock == FL_CLOCK_INSTRUCTIONS ? spec->cpus : spec->cpus + 1;
	unsigned int count = spec->count ? spec->count : 1;
	uint64_t room =
		fl_machine_available() / 10 * 8 / count / (fl_guest_takes(spec) + (256ull << 20));
	unsigned int n = fl_machine_cores() / each;

	if (n > room)
		n = (unsigned int)room;
	return n ? n : 1;
}
