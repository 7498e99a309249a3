/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/stack.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"
#include "harness/guest/console.h"

#define TURN_MS 50
#define LOOK_NS 250000000u

struct one {
	struct fl_session s;
	struct fl_point_config c;
	struct fl_point point; /* the same, of one guest */
	struct fl_outcome o;
	char *dir;
	bool started, alive;
};

struct stack {
	struct fl_session *whole;
	struct one *v;
	unsigned int n, booted;
	unsigned int kills; /* kills by the host's limit that belong to guests known to be dead */
	unsigned int oom_kills;
	const struct one *culprit; /* of the outcome; NULL: none is decided */
	uint64_t looked_ns, due_ns;
	double sum_ns, max_ns;
	unsigned int turns;
};

static unsigned int number_of(const struct stack *k, const struct one *g)
{
	return (unsigned int)(g - k->v) + 1;
}

/* Is there one more kill than known?  If the kernel does not count them, a QEMU that is gone counts
 * as killed. */
static bool killed_by_limit(struct stack *k, const struct one *g)
{
	unsigned int kills = k->kills + 1;

	if (g->s.evicted)
		return true;
	if (!k->whole->c->point->guest.host_limit)
		return false;
	if (!fl_cgroup_kills(&k->whole->cgroup, &kills) && kills <= k->kills)
		return false;
	k->kills++;
	return true;
}

/* A guest that ended other than by the host's limit decides the outcome of the point. */
static int lost(struct stack *k, struct one *g)
{
	g->alive = false;
	if (g->o.status == FL_LOST && killed_by_limit(k, g))
		return FL_GO_ON;
	k->culprit = g;
	return fl_outcome_decide(k->whole->o, g->o.status, "guest %u: %s", number_of(k, g),
				 g->o.reason);
}

/*
 * If the first one fails it is the machine's fault, as in a point of one guest; a later one is the
 * point's.
 */
static int not_started(struct stack *k, const struct one *g)
{
	if (atomic_load(k->whole->c->interrupted))
		return fl_outcome_decide(k->whole->o, FL_INTERRUPTED, "interrupted");
	if (killed_by_limit(k, g))
		return FL_GO_ON;
	if (g == k->v)
		return -1;
	k->culprit = g;
	return fl_outcome_decide(k->whole->o, FL_STATUS_FAILED, "guest %u: %s", number_of(k, g),
				 k->whole->err->text);
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
	k->looked_ns = fl_now_ns();
	cost = k->looked_ns - now;
	k->due_ns = now + (cost * 20 > LOOK_NS ? cost * 20 : LOOK_NS);
}

/* Waiting guests send frames, too, at least heartbeats. */
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

	g->dir = fl_asprintf("%s/guest-%u", whole->c->dir, number_of(k, g));
	if (fl_make_folder(g->dir, whole->err))
		return -1;
	g->point = *whole->c->point;
	g->point.guest.count = 1;
	g->c = *whole->c;
	g->c.point = &g->point;
	g->c.dir = g->dir;
	g->c.cpu_first = -1;
	*s = (struct fl_session){
		.c = &g->c, .o = &g->o, .err = whole->err, .cgroup = whole->cgroup
	};
	fl_material_open(&s->material);
	g->started = true;
	if (fl_session_open(s))
		return not_started(k, g);
	g->alive = true;
	r = fl_session_boot(s);
	if (r == FL_GO_ON) {
		uint64_t from, to;

		k->booted++;
		if (!fl_guest_ram_range(s->guest, &from, &to))
			fl_collect_ram_range(s->material.collecting, from, to);
		s->waits = true;
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

static int bad_end(struct stack *k, struct one *g, unsigned int round)
{
	struct fl_programs *p = &g->s.programs;
	bool corrupt = !p->v[0].killed && p->v[0].code == FL_EXIT_CORRUPT;

	k->culprit = g;
	return fl_outcome_decide(k->whole->o, corrupt ? FL_CORRUPT : FL_STATUS_FAILED,
				 "guest %u, round %u: %s", number_of(k, g), round,
				 fl_programs_bad(p));
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
	g->s.waits = false;
	r = fl_session_command(&g->s, FL_RUN, name, k->whole->c->point->workload->run);
	if (r == FL_DECIDED)
		r = lost(k, g);
	while (r == FL_GO_ON && g->alive && fl_programs_running(p, NULL)) {
		struct fl_frame f;
		bool got;

		r = fl_session_turn(&g->s, TURN_MS, &f, &got);
		if (r != FL_GO_ON)
			r = lost(k, g);
		else if (listen(k, g) != FL_GO_ON)
			r = FL_DECIDED;
	}
	if (r == FL_GO_ON && g->alive && fl_programs_any_bad(p))
		r = bad_end(k, g, round);
	else if (r == FL_GO_ON && g->alive)
		keep_time(k, number_of(k, g), round, (double)(fl_now_ns() - began));
	g->s.waits = true;
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].out.text);
	p->n = 0;
	return r;
}

/* What a guest's turn came to is seen however seldom the loaded host lets us look. */
static int take_and_look(struct stack *k, struct one *g, unsigned int round)
{
	int r = take_turn(k, g, round);

	if (r == FL_GO_ON && fl_now_ns() - k->looked_ns > LOOK_NS)
		look(k);
	return r;
}

static int run_rounds(struct stack *k)
{
	int r = FL_GO_ON;

	k->whole->material.started_ns = fl_now_ns();
	for (unsigned int i = 0; r == FL_GO_ON && i < k->whole->c->point->guest.rounds; i++)
		for (unsigned int j = 0; r == FL_GO_ON && j < k->n; j++)
			if (k->v[j].alive)
				r = take_and_look(k, &k->v[j], i + 1);
	if (r == FL_GO_ON)
		r = listen(k, NULL);
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
	fl_result_put(result, "oom_kills", k->oom_kills, FL_UNIT_COUNT);
	if (!k->turns)
		return;
	fl_result_put(result, "round_time_mean", k->sum_ns / k->turns, FL_UNIT_HOST_NS);
	fl_result_put(result, "round_time_max", k->max_ns, FL_UNIT_HOST_NS);
}

/* Nothing else checks the console of one of several guests. */
static void judge(struct stack *k, const struct one *g)
{
	cleanup_free char *whose = fl_asprintf("guest %u: ", number_of(k, g));
	struct fl_outcome *o = k->whole->o;
	struct fl_console console;

	fl_console_read(&console, g->dir);
	k->oom_kills += console.counts[FL_CONSOLE_OOM];
	if (!k->culprit && fl_outcome_console(o, &console, whose))
		k->culprit = g;
	else if (k->culprit == g && o->status == FL_STATUS_FAILED && console.counts[FL_CONSOLE_OOM])
		fl_outcome_decide(o, FL_OOM, "%s%s", whose, console.line);
	else if (k->culprit == g)
		fl_outcome_explain(o, &console, whose);
}

static void end(struct stack *k, struct one *g, bool judged)
{
	struct fl_result thrown = { 0 };

	if (!g->started)
		return;
	if (g->s.guest)
		fl_guest_stop(g->s.guest);
	if (judged)
		judge(k, g);
	fl_strv_release(&g->s.owed);
	fl_collect_finish(g->s.material.collecting, &thrown);
	fl_result_release(&thrown);
	free(g->s.material.out.text);
	free(g->s.material.err.text);
	free(g->s.material.latency.text);
	free(g->s.script.text);
	fl_template_close(&g->s.template);
	fl_outcome_release(&g->o);
	free(g->dir);
}

int fl_stack_run(struct fl_session *whole)
{
	struct stack k = { .whole = whole, .n = whole->c->point->guest.count };
	struct fl_error lack, why;
	int r = FL_GO_ON, bad;

	if (fl_guest_room(&whole->c->point->guest, &lack))
		return fl_fail(whole->err, FL_MACHINE,
			       "%s; use a smaller [guest] memory or a lower count", lack.text);
	k.v = fl_calloc(k.n, sizeof(*k.v));
	fl_material_open(&whole->material);
	for (unsigned int i = 0; r == FL_GO_ON && i < k.n; i++) {
		r = start(&k, &k.v[i]);
		if (r == FL_GO_ON)
			r = listen(&k, NULL);
	}
	if (r == FL_GO_ON)
		r = run_rounds(&k);
	if (k.v[0].o.command)
		whole->o->command = fl_strdup(k.v[0].o.command);
	snprintf(whole->o->kernel_release, sizeof(whole->o->kernel_release), "%s",
		 k.v[0].o.kernel_release);
	for (unsigned int i = 0; i < k.n; i++)
		end(&k, &k.v[i], r >= 0);
	whole->o->began = whole->material.started_ns;
	put_metrics(&k);
	free(k.v);
	bad = fl_material_close(&whole->material, whole->c->dir, whole->c->point->workload->run,
				&whole->o->result, &why);
	return fl_outcome_take_bad(whole->o, bad, &why, whole->err) ? -1 : r;
}
