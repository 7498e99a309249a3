/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/stack.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"

#define TURN_MS 50
#define LOOK_NS 250000000u

struct one {
	struct fl_session s;
	struct fl_point_config c;
	struct fl_outcome o;
	char *dir;
	bool started, alive;
};

struct stack {
	struct fl_session *whole;
	struct one *v;
	unsigned int n, booted;
	uint64_t due_ns;
	double sum_ns, max_ns;
	unsigned int turns;
};

/* The whole's outcome is that of a guest that ended in another way than by the host's limit. */
static int lost(struct stack *k, struct one *g)
{
	g->alive = false;
	if (g->o.status == FL_LOST && k->whole->c->point->guest.host_limit)
		return FL_GO_ON;
	return fl_outcome_decide(k->whole->o, g->o.status, "guest %u: %s",
				 (unsigned int)(g - k->v) + 1, g->o.reason);
}

/* What all of them hold on the host, as one sample of the stack's time line. */
static void look(struct stack *k)
{
	uint64_t now = fl_now_ns(), cost;
	double sum = 0;
	char text[4096];
	int len = 0;

	for (unsigned int i = 0; i < k->n; i++) {
		struct one *g = &k->v[i];
		double rss = 0;

		if (g->alive) {
			fl_session_sample_host(&g->s, 0);
			if (fl_collect_last(g->s.material.collecting, "host_rss", &rss))
				rss = 0;
		}
		sum += rss;
		len += snprintf(text + len, sizeof(text) - (size_t)len, "stack_rss_%u %.0f\n",
				i + 1, rss);
	}
	snprintf(text + len, sizeof(text) - (size_t)len, "stack_rss %.0f\nstack_charge %.0f\n", sum,
		 k->whole->cgroup.dir ? (double)fl_cgroup_used(&k->whole->cgroup) / 1024 : 0);
	fl_material_step(&k->whole->material, "stack", text, now);
	cost = fl_now_ns() - now;
	k->due_ns = now + (cost * 20 > LOOK_NS ? cost * 20 : LOOK_NS);
}

/* Guests that wait have something to say too, if only that they live. */
static int listen(struct stack *k, const struct one *but)
{
	int r = FL_GO_ON;

	for (unsigned int i = 0; r == FL_GO_ON && i < k->n; i++) {
		struct one *g = &k->v[i];
		struct fl_frame f;
		bool got;

		if (g->alive && g != but && fl_session_turn(&g->s, 0, &f, &got) != FL_GO_ON)
			r = lost(k, g);
	}
	if (r == FL_GO_ON && fl_now_ns() >= k->due_ns)
		look(k);
	return r;
}

static int start(struct stack *k, struct one *g)
{
	struct fl_session *s = &g->s, *whole = k->whole;
	int r;

	g->dir = fl_asprintf("%s/guest-%u", whole->c->dir, (unsigned int)(g - k->v) + 1);
	if (fl_make_folder(g->dir, whole->err))
		return -1;
	g->c = *whole->c;
	g->c.dir = g->dir;
	g->c.cpu_first = -1;
	*s = (struct fl_session){
		.c = &g->c, .o = &g->o, .err = whole->err, .cgroup = whole->cgroup
	};
	fl_material_open(&s->material);
	g->started = true;
	if (fl_session_open(s))
		return whole->c->point->guest.host_limit && k->booted ? FL_GO_ON : -1;
	g->alive = true;
	r = fl_session_boot(s);
	if (r == FL_GO_ON) {
		uint64_t from, to;

		k->booted++;
		if (!fl_guest_ram_range(s->guest, &from, &to))
			fl_collect_ram_range(s->material.collecting, from, to);
		fl_session_limit(s, "done", whole->c->experiment->timeout_ns);
		return FL_GO_ON;
	}
	return r == FL_DECIDED ? lost(k, g) : r;
}

static void keep_time(struct stack *k, unsigned int guest, unsigned int round, double ns)
{
	cleanup_free char *name = fl_asprintf("round_time_%u_%u", guest, round);

	fl_result_put(&k->whole->o->result, name, ns, FL_UNIT_HOST_NS);
	k->sum_ns += ns;
	k->max_ns = ns > k->max_ns ? ns : k->max_ns;
	k->turns++;
}

/* One guest's turn in a round. */
static int take_turn(struct stack *k, struct one *g, unsigned int round)
{
	cleanup_free char *name = fl_asprintf("round%u", round);
	struct fl_programs *p = &g->s.programs;
	uint64_t began = fl_now_ns();
	int r;

	p->n = 0; /* the last round's program has ended */
	fl_programs_add(p, name);
	r = fl_session_command(&g->s, FL_RUN, name, k->whole->c->point->workload->run);
	while (r == FL_GO_ON && fl_programs_running(p, NULL)) {
		struct fl_frame f;
		bool got;

		r = fl_session_turn(&g->s, TURN_MS, &f, &got);
		if (r != FL_GO_ON)
			r = lost(k, g);
		else if (listen(k, g) != FL_GO_ON)
			r = FL_DECIDED;
		if (!g->alive)
			break;
	}
	if (r == FL_GO_ON && g->alive && fl_programs_any_bad(p))
		return fl_outcome_decide(k->whole->o, FL_STATUS_FAILED, "guest %u, round %u: %s",
					 (unsigned int)(g - k->v) + 1, round, fl_programs_bad(p));
	if (r == FL_GO_ON && g->alive)
		keep_time(k, (unsigned int)(g - k->v) + 1, round, (double)(fl_now_ns() - began));
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].out.text);
	p->n = 0;
	return r;
}

static int run_rounds(struct stack *k)
{
	int r = FL_GO_ON;

	k->whole->material.started_ns = fl_now_ns();
	for (unsigned int i = 0; r == FL_GO_ON && i < k->whole->c->point->guest.rounds; i++)
		for (unsigned int j = 0; r == FL_GO_ON && j < k->n; j++)
			if (k->v[j].alive)
				r = take_turn(k, &k->v[j], i + 1);
	look(k);
	return r;
}

static void put_metrics(const struct stack *k)
{
	struct fl_result *result = &k->whole->o->result;
	unsigned int alive = 0;

	for (unsigned int i = 0; i < k->n; i++)
		alive += k->v[i].alive;
	fl_result_put(result, "guests_fit", alive, FL_UNIT_COUNT);
	if (!k->turns)
		return;
	fl_result_put(result, "round_time_mean", k->sum_ns / k->turns, FL_UNIT_HOST_NS);
	fl_result_put(result, "round_time_max", k->max_ns, FL_UNIT_HOST_NS);
}

static void end(struct one *g)
{
	struct fl_result thrown = { 0 };

	if (!g->started)
		return;
	if (g->s.guest)
		fl_guest_stop(g->s.guest);
	fl_collect_finish(g->s.material.collecting, &thrown);
	fl_result_release(&thrown);
	free(g->s.material.out.text);
	free(g->s.material.err.text);
	free(g->s.material.latency.text);
	fl_outcome_release(&g->o);
	free(g->dir);
}

int fl_stack_run(struct fl_session *whole)
{
	struct stack k = { .whole = whole, .n = whole->c->point->guest.count };
	int r = FL_GO_ON, bad;

	k.v = fl_calloc(k.n, sizeof(*k.v));
	fl_material_open(&whole->material);
	for (unsigned int i = 0; r == FL_GO_ON && i < k.n; i++) {
		r = start(&k, &k.v[i]);
		if (r == FL_GO_ON)
			r = listen(&k, NULL);
	}
	if (r == FL_GO_ON)
		r = run_rounds(&k);
	put_metrics(&k);
	if (k.v[0].o.command)
		whole->o->command = fl_strdup(k.v[0].o.command);
	snprintf(whole->o->kernel_release, sizeof(whole->o->kernel_release), "%s",
		 k.v[0].o.kernel_release);
	for (unsigned int i = 0; i < k.n; i++)
		end(&k.v[i]);
	free(k.v);
	bad = fl_material_close(&whole->material, whole->c->dir, whole->c->point->workload->run,
				&whole->o->result, whole->err);
	return r < 0 || bad < 0 ? -1 : r;
}
