/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Experiment -> plan -> jobs -> store.  All errors in what was asked for are found before the first
 * guest boots.
 */
#include "harness/run/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/paths.h"
#include "harness/base/print.h"
#include "harness/base/units.h"
#include "harness/base/wrap.h"
#include "harness/guest/cgroup.h"
#include "harness/guest/plugin.h"
#include "harness/guest/qemu.h"
#include "harness/run/booted.h"
#include "harness/run/estimate.h"
#include "harness/run/followed.h"
#include "harness/run/host_settings.h"
#include "harness/run/jobs.h"
#include "harness/run/lock.h"
#include "harness/run/machine.h"
#include "harness/run/planned.h"
#include "harness/run/progress.h"
#include "harness/run/repeat.h"
#include "harness/run/stalled.h"
#include "harness/store/store.h"

struct running {
	const struct fl_run_options *o;
	struct fl_experiment e;
	struct fl_plan plan;
	struct fl_store *store;
	int64_t run;
	struct fl_run_result *result;
	struct fl_accel_choice accel;
	enum fl_timebase timebase;
	uint64_t seed;
	struct fl_booted booted;
	struct fl_point_config *configs;
	char *dir, **dirs;             /* of the run, and of its points */
	int lock;                      /* lock of the run: held by the process that measures it */
	struct fl_host_settings *host; /* with --target host, or settings of the host */
	struct fl_estimate estimate;
	struct fl_progress *progress;
};

static char *run_dir(const struct running *r)
{
	return fl_asprintf("%s/%s", fl_results(), r->result->name);
}

static int hold_host(struct running *r, struct fl_error *err)
{
	char note[512];

	if (fl_host_settings_begin(&r->host, note, sizeof(note), err))
		return -1;
	if (note[0])
		fprintf(stderr, "faultline: %s\n", note);
	return 0;
}

static int prepare_host(struct running *r, struct fl_error *err)
{
	r->timebase = FL_TIME_HARDWARE;
	return fl_point_check_host(&r->e, err) || hold_host(r, err) ? -1 : 0;
}

static int check_cpu(const struct running *r, struct fl_error *err)
{
	const char *model = r->e.guest.cpu_model;

	if (r->o->host || !model || !fl_qemu_check_cpu(model, r->accel.accel, err))
		return 0;
	return fl_prefix(err, "%s:%u", r->e.file, fl_experiment_line(&r->e, "guest", "cpu"));
}

/* The same for all points of a run, so that they compare. */
static int choose_accel(struct running *r, struct fl_error *err)
{
	bool stalled = fl_stalled_any(&r->plan);

	if (stalled && r->o->accel == FL_ACCEL_KVM)
		return fl_fail(err, FL_USAGE,
			       "guest.stall holds up emulated CPUs: --accel tcg, not kvm");
	if (fl_accel_choose(&r->accel, stalled ? FL_ACCEL_TCG : r->o->accel, r->booted.paths.v[0],
			    r->booted.image, r->e.guest.machine, 0, err))
		return -1;
	if (stalled)
		snprintf(r->accel.reason, sizeof(r->accel.reason),
			 "tcg: guest.stall holds up emulated CPUs");
	return 0;
}

static int prepare_machine(struct running *r, struct fl_error *err)
{
	const char *why;

	if (fl_cache_begin(err))
		return -1;
	if (r->o->host)
		return prepare_host(r, err);
	fl_cgroup_sweep();
	if (fl_booted_find(&r->booted, &r->e, &r->plan, err) ||
	    fl_stalled_check(&r->plan, &r->booted, &r->e, err) ||
	    fl_followed_check(&r->booted, &r->e, err) || fl_booted_image(&r->booted, &r->e, err) ||
	    fl_booted_machine(&r->booted, &r->e, &r->plan, err))
		return -1;
	if (fl_experiment_sets(&r->e, FL_SET_HOST) && hold_host(r, err))
		return -1;
	if (r->e.guest.clock == FL_CLOCK_INSTRUCTIONS) {
		r->timebase = FL_TIME_INSN;
		if (!fl_plugin_path(FL_PLUGIN_PROFILE, &why))
			fprintf(stderr, "faultline: no profiles of the fault path: %s\n", why);
		r->accel.accel = FL_ACCEL_TCG;
		snprintf(r->accel.reason, sizeof(r->accel.reason),
			 "using TCG: the instruction clock needs it");
		return r->o->accel == FL_ACCEL_KVM
			       ? fl_fail(err, FL_USAGE, "--clock instructions needs --accel tcg")
			       : 0;
	}
	if (choose_accel(r, err))
		return -1;
	r->timebase = r->accel.accel == FL_ACCEL_KVM ? FL_TIME_HARDWARE
		      : r->e.guest.parallel          ? FL_TIME_TCG_MULTI
						     : FL_TIME_TCG;
	return 0;
}

/* UTC: 20261120-201500 in a name, else 2026-11-20T20:15:00Z. */
static void stamp(char *buf, size_t len, bool in_name)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	if (in_name)
		strftime(buf, len, "%Y%m%d-%H%M%S", &tm);
	else
		strftime(buf, len, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* Any failure after an interrupt may be caused by it. */
static int not_begun(const struct running *r, struct fl_error *err)
{
	cleanup_free char *line =
		r->o->run ? fl_asprintf("run --resume %s", r->o->run_name) : fl_run_line(r->o);

	return fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted before a point began: faultline %s",
		       line);
}

/* Of the experiment, as it was read. */
static char *read_file(const char *path)
{
	char *text = fl_read_file(path, FL_FILE_MAX, NULL);

	return text ? text : fl_calloc(1, 1);
}

static int create_run(struct running *r, struct fl_error *err)
{
	static const char *const bases[] = { "hardware", "tcg", "insn", "tcg-multi" };
	char day[32], created[32], name[FL_RUN_NAME_MAX];
	cleanup_free char *machine = fl_machine_json(r->o->host ? NULL : &r->accel);
	cleanup_free char *text = read_file(r->e.file), *line = fl_run_line(r->o);
	struct fl_run_info info = {
		.name = name,
		.experiment = r->e.name,
		.about = r->e.about,
		.verdict = r->e.verdict,
		.created = created,
		.experiment_text = text,
		.arguments = line,
		.machine_json = machine,
		.clock = r->e.guest.clock == FL_CLOCK_INSTRUCTIONS ? "instructions" : "real",
		.timebase = bases[r->timebase],
		.seed = r->seed,
		.points = (unsigned int)r->plan.n,
		.roles = r->o->host ? NULL : &r->e.roles,
		.role_kernels = &r->e.role_kernels,
	};

	stamp(day, sizeof(day), true);
	stamp(created, sizeof(created), false);
	snprintf(name, sizeof(name), "%.80s-%s", r->e.name, day);
	if (fl_interrupted()) /* probing the machine may have been interrupted, too */
		return not_begun(r, err);
	return fl_store_create_run(r->store, &info, &r->run, r->result->name, err);
}

static int resume_run(struct running *r, struct fl_error *err)
{
	struct fl_stored_run run;
	int bad = 0;

	if (fl_store_run(r->store, r->o->run, &run, err))
		return -1;
	snprintf(r->result->name, sizeof(r->result->name), "%s", run.name);
	r->run = run.id;
	if (run.planned != r->plan.n)
		bad = fl_fail(err, FL_USAGE,
			      "%s was planned with %u points and its file now gives %zu: it cannot "
			      "be resumed",
			      run.name, run.planned, r->plan.n);
	else
		bad = fl_booted_check(&r->booted, r->store, r->run, err);
	fl_stored_run_release(&run);
	return bad;
}

/* A copy of the experiment's file goes into the run's folder: --resume reads it. */
static int keep_experiment(struct running *r, struct fl_error *err)
{
	cleanup_free char *dir = run_dir(r), *text = NULL;
	cleanup_free char *path = fl_asprintf("%s/experiment.ini", dir);

	if (fl_make_folder(dir, err))
		return -1;
	if (!access(path, F_OK))
		return 0;
	text = read_file(r->e.file);
	return fl_write_file(path, text, strlen(text), err);
}

static int hold_run(struct running *r, struct fl_error *err)
{
	cleanup_free char *dir = run_dir(r);

	r->lock = fl_run_lock(dir, r->result->name, err);
	return r->lock < 0 ? -1 : 0;
}

static void configure_points(struct running *r)
{
	r->dir = run_dir(r);
	r->configs = fl_calloc(r->plan.n, sizeof(*r->configs));
	r->dirs = fl_calloc(r->plan.n, sizeof(*r->dirs));
	for (size_t i = 0; i < r->plan.n; i++) {
		const struct fl_point *p = &r->plan.points[i];

		r->dirs[i] = fl_asprintf("%s/point-%04u", r->dir, p->number);
		r->configs[i] = (struct fl_point_config){
			.experiment = &r->e,
			.point = p,
			.accel = r->accel.accel,
			.timebase = r->timebase,
			.seed = r->seed,
			.kernel_path = fl_booted_path(&r->booted, p->kernel),
			.image = r->booted.image,
			.dir = r->dirs[i],
			.cpu_first = 0,
			.interrupted = fl_interrupt_flag(),
			.host = r->host,
		};
	}
}

/* Is it an outcome that this experiment expects? */
static bool is_outcome(const struct running *r, enum fl_status status)
{
	return fl_strv_has(&r->e.outcomes, fl_status_names[status]);
}

static int store_point(void *arg, const struct fl_point_config *c, struct fl_outcome *o,
		       struct fl_error *err)
{
	struct running *r = arg;
	char created[32];
	bool bad;
	struct fl_point_record record = {
		.number = c->point->number,
		.repeat = c->point->repeat,
		.status = fl_status_names[o->status],
		.reason = o->reason[0] ? o->reason : NULL,
		.kernel = r->o->host ? "host" : c->point->kernel,
		.kernel_release = o->kernel_release[0] ? o->kernel_release : NULL,
		.workload_name = c->point->workload->name,
		.workload = c->point->workload->run,
		.settings = c->point->settings,
		.n_settings = c->point->n_settings,
		.created = created,
		.wall_s = o->wall_s,
		.clock_error_ns = o->clock_error_ns,
		.command = o->command,
		.start = o->restored ? "restore" : "boot",
		.profile = &o->profile,
		.timebase = r->timebase,
		.build = fl_booted_build(&r->booted, c->point->kernel),
		.image = r->booted.builds ? &r->booted.facts : NULL,
		.qemu = r->booted.qemu,
	};

	stamp(created, sizeof(created), false);
	if (fl_store_put_point(r->store, r->run, &record, &o->result, err))
		return -1;
	bad = o->status != FL_OK && o->status != FL_SKIPPED && !is_outcome(r, o->status);
	r->result->bad += bad;
	fl_progress_point(r->progress, c->point, o, bad);
	return 0;
}

static void begin_point(void *arg, const struct fl_point_config *c)
{
	const struct running *r = arg;

	fl_progress_point_begins(r->progress, c->point);
}

/* The order of the points still to do; returns how many. */
static int remaining(struct running *r, unsigned int *order, size_t *n, struct fl_error *err)
{
	cleanup_free bool *done = fl_calloc(r->plan.n + 1, sizeof(*done));

	*n = 0;
	if (r->o->run && fl_store_done(r->store, r->run, done, (unsigned int)r->plan.n + 1, err))
		return -1;
	for (size_t i = 0; i < r->plan.n; i++)
		if (!done[r->plan.points[r->plan.order[i]].number])
			order[(*n)++] = r->plan.order[i];
	return 0;
}

static unsigned int default_jobs(const struct running *r)
{
	struct fl_guest_spec largest = fl_plan_largest(&r->plan, &r->e);

	return fl_jobs_default(&largest);
}

static void begin_progress(struct running *r, const struct fl_jobs_config *jobs)
{
	cleanup_free char *title = fl_asprintf("%s%s", r->e.name, r->e.quick ? " --quick" : "");
	bool insn = r->timebase == FL_TIME_INSN; /* which has TCG alone: nothing to say */

	fl_estimate_make(&r->estimate, &r->e, &r->plan);
	r->progress = fl_progress_new(&(struct fl_progress_config){
		.row_names = &r->e.row_names,
		.title = title,
		.note = r->o->host ? "on this machine itself"
			: insn     ? NULL
				   : r->accel.reason,
		.dir = r->dir,
		.plan = &r->plan,
		.estimate = &r->estimate,
		.order = jobs->order,
		.n = jobs->n,
		.jobs = jobs->jobs,
		.timebase = r->timebase,
		.loudness = r->o->loudness,
	});
}

static int run_points(struct running *r, struct fl_error *err)
{
	cleanup_free unsigned int *order = fl_calloc(r->plan.n, sizeof(*order));
	struct fl_jobs_config jobs = {
		.jobs = r->o->jobs ? r->o->jobs : default_jobs(r),
		.configs = r->configs,
		.order = order,
		.run = r->o->host ? fl_point_run_host : fl_point_run,
		.begins = begin_point,
		.done = store_point,
		.arg = r,
		.interrupted = fl_interrupt_flag(),
	};
	struct fl_error unfinished;
	int bad;

	if (remaining(r, order, &jobs.n, err))
		return -1;
	if (r->host)
		jobs.jobs = 1;
	begin_progress(r, &jobs);
	bad = fl_jobs_run(&jobs, err);
	fl_progress_free(r->progress);
	r->progress = NULL;
	r->result->interrupted = fl_interrupted();
	if (!fl_store_finish_run(r->store, r->run,
				 bad                      ? "failed"
				 : r->result->interrupted ? "interrupted"
							  : "done",
				 &unfinished))
		return bad;
	if (!bad)
		*err = unfinished; /* the first error is the one to mend */
	return -1;
}

static int run_in_store(struct running *r, struct fl_error *err)
{
	if (fl_store_open(&r->store, false, err))
		return -1;
	if (r->o->run ? resume_run(r, err) : create_run(r, err))
		return -1;
	if (keep_experiment(r, err) || hold_run(r, err))
		return -1;
	configure_points(r);
	return run_points(r, err);
}

static void release(struct running *r)
{
	if (r->host)
		fl_host_settings_end(r->host);
	if (r->lock >= 0)
		close(r->lock);
	for (size_t i = 0; r->dirs && i < r->plan.n; i++)
		free(r->dirs[i]);
	free(r->dirs);
	free(r->dir);
	fl_estimate_release(&r->estimate);
	free(r->configs);
	fl_booted_release(&r->booted);
	if (r->store)
		fl_store_close(r->store);
	fl_plan_release(&r->plan);
	fl_experiment_release(&r->e);
}

int fl_run_check(const struct fl_run_options *o, struct fl_error *err)
{
	struct fl_run_result result;
	struct running r = { .o = o, .result = &result, .lock = -1 };
	int bad = fl_run_plan(&r.plan, &r.e, &r.seed, o, err);

	if (!bad && !o->host)
		bad = fl_booted_find(&r.booted, &r.e, &r.plan, err) ||
		      fl_stalled_check(&r.plan, &r.booted, &r.e, err);
	release(&r);
	return bad;
}

/* Of a run that goes on: what is left of it. */
static int estimate(struct running *r, struct fl_error *err)
{
	cleanup_free char *line = r->o->run ? NULL : fl_run_line(r->o);
	cleanup_free unsigned int *order = fl_calloc(r->plan.n, sizeof(*order));
	size_t n;

	if (r->o->run && fl_store_open(&r->store, true, err))
		return -1;
	r->run = r->o->run;
	if (remaining(r, order, &n, err))
		return -1;
	fl_estimate_make(&r->estimate, &r->e, &r->plan);
	fl_estimate_print(stdout, &r->estimate, &r->e, &r->plan, order, n,
			  r->o->jobs ? r->o->jobs : default_jobs(r),
			  r->o->loudness == FL_SAY_POINTS);
	if (!line)
		printf("resume   faultline run --resume %s\n", r->o->run_name);
	if (line) {
		cleanup_free char *command =
			fl_asprintf("faultline %s --seed %llu", line, (unsigned long long)r->seed);

		fl_wrap_command(stdout, "repeat   ", command, fl_terminal_columns());
	}
	return 0;
}

int fl_run(const struct fl_run_options *o, struct fl_run_result *result, struct fl_error *err)
{
	struct running r = { .o = o, .result = result, .lock = -1 };
	int bad;

	memset(result, 0, sizeof(*result));
	bad = fl_run_plan(&r.plan, &r.e, &r.seed, o, err);
	if (!bad && o->dry_run) {
		bad = estimate(&r, err);
	} else if (!bad) {
		signal(SIGPIPE, SIG_IGN);
		bad = prepare_machine(&r, err) || check_cpu(&r, err);
		if (fl_interrupted())
			bad = not_begun(&r, err);
		else if (!bad)
			bad = run_in_store(&r, err);
	}
	release(&r);
	return bad;
}
