/* SPDX-License-Identifier: GPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/interrupt.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/judge/claims.h"
#include "harness/base/print.h"
#include "harness/report/ending.h"
#include "harness/report/report.h"
#include "harness/report/verdict.h"
#include "harness/run/repeat.h"
#include "harness/run/run.h"
#include "harness/store/store.h"

enum {
	OPT_SETTING,
	OPT_WORKLOAD,
	OPT_KERNEL,
	OPT_REPEAT,
	OPT_CLOCK,
	OPT_ACCEL,
	OPT_TARGET,
	OPT_JOBS,
	OPT_RESUME,
	OPT_DRY_RUN,
	OPT_SEED,
	OPT_QUICK,
	OPT_CPUS,
	OPT_PARALLEL,
	OPT_STALL,
	OPT_ENTRY,
	OPT_STRICT,
	OPT_VERBOSE,
	OPT_QUIET,
};

static const struct fl_option options[] = {
	[OPT_SETTING] = { 's', "setting", "KEY=V1,V2",
			  "an axis of settings, in place of the file's; each value of the list is "
			  "measured" },
	[OPT_WORKLOAD] = { 'w', "workload", "COMMAND",
			   "a workload, in place of the file's; may be given again" },
	[OPT_KERNEL] = { 'k', "kernel", "KERNEL",
			 "a kernel's name, path, linux-image .deb or NAME=PATH, in place of the "
			 "file's; "
			 "commas and repeats add" },
	[OPT_REPEAT] = { 0, "repeat", "N", "boots per point" },
	[OPT_CLOCK] = { 0, "clock", "real|instructions", "what the guest's clock counts" },
	[OPT_ACCEL] = { 0, "accel", "auto|kvm|tcg", "accelerator; auto probes the machine once" },
	[OPT_TARGET] = { 0, "target", "guest|host",
			 "host: on this machine itself; its settings are restored afterwards" },
	[OPT_JOBS] = { 'j', "jobs", "N",
		       "guests at once; default: as many as cores and memory allow" },
	[OPT_RESUME] = { 0, "resume", "RUN",
			 "resume an interrupted run, with the options it was started with" },
	[OPT_DRY_RUN] = { 'n', "dry-run", NULL, "print the plan and an estimate of its time" },
	[OPT_SEED] = { 0, "seed", "N",
		       "seed of the order and of the guests; default: random; always recorded" },
	[OPT_QUICK] = { 0, "quick", NULL, "the experiment's quick form" },
	[OPT_CPUS] = { 0, "cpus", "N", "CPUs of the guest, in place of the file's" },
	[OPT_PARALLEL] = { 0, "parallel", NULL,
			   "the guest's CPUs run at once, not in turn; needs --clock real" },
	[OPT_STALL] = { 0, "stall", "FUNCTION:TIME[:1/N]",
			"who enters this function of the guest's kernel sleeps so long, every time "
			"or one time of N; commas and repeats add" },
	[OPT_ENTRY] = { 0, "entry", "FUNCTION",
			"follow this function of the guest's kernel in the profiles, too, or all "
			"of them: all; commas and repeats add; needs --clock instructions" },
	[OPT_STRICT] = { 0, "strict", NULL, "exit with 1 if a claim fails, too" },
	[OPT_VERBOSE] = { 'v', "verbose", NULL,
			  "a line per point; with --dry-run the points, in their order" },
	[OPT_QUIET] = { 'q', "quiet", NULL, "no progress, only the end" },
	{ 0 },
};

struct parsed {
	struct fl_run_options o;
	const char *resume;
	bool strict;
	const char *changes; /* the first option that says what to measure, or how */
};

static int number(const char *option, const char *text, uint64_t max, uint64_t *n,
		  struct fl_error *err)
{
	if (fl_parse_u64(text, option[2] == 's' ? 0 : 1, max, n))
		return fl_fail(err, FL_USAGE, "%s %s: a whole number up to %llu", option, text,
			       (unsigned long long)max);
	return 0;
}

static int word(const char *option, const char *text, const char *const words[], int *which,
		struct fl_error *err)
{
	char allowed[64] = "";

	for (int i = 0; words[i]; i++) {
		if (!strcmp(text, words[i])) {
			*which = i;
			return 0;
		}
		snprintf(allowed + strlen(allowed), sizeof(allowed) - strlen(allowed), "%s%s",
			 i ? ", " : "", words[i]);
	}
	return fl_fail(err, FL_USAGE, "%s %s: one of %s", option, text, allowed);
}

static int take_word_option(struct fl_run_options *o, int option, const char *value,
			    struct fl_error *err)
{
	static const char *const clocks[] = { "real", "instructions", NULL };
	static const char *const accels[] = { "auto", "kvm", "tcg", NULL };
	static const char *const targets[] = { "guest", "host", NULL };
	int which = 0;

	if (option == OPT_CLOCK)
		return word("--clock", value, clocks, &o->clock, err);
	if (option == OPT_ACCEL) {
		if (word("--accel", value, accels, &which, err))
			return -1;
		o->accel = (enum fl_accel)which;
		return 0;
	}
	if (word("--target", value, targets, &which, err))
		return -1;
	o->host = which == 1;
	return 0;
}

/* May it stand beside --resume? */
static bool is_beside_resume(int option)
{
	return option == OPT_RESUME || option == OPT_JOBS || option == OPT_DRY_RUN ||
	       option >= OPT_STRICT;
}

static int take_option(struct parsed *p, int option, const char *value, struct fl_error *err)
{
	struct fl_run_options *o = &p->o;
	uint64_t n = 0;

	if (!p->changes && !is_beside_resume(option))
		p->changes = options[option].name;
	switch (option) {
	case OPT_SETTING:
		fl_strv_push(&o->settings, value);
		return 0;
	case OPT_WORKLOAD:
		fl_strv_push(&o->workloads, value);
		return 0;
	case OPT_KERNEL:
		fl_strv_push(&o->kernels, value);
		return 0;
	case OPT_REPEAT:
		if (number("--repeat", value, FL_REPEAT_MAX, &n, err))
			return -1;
		o->repeat = (unsigned int)n;
		return 0;
	case OPT_JOBS:
		if (number("--jobs", value, 1024, &n, err))
			return -1;
		o->jobs = (unsigned int)n;
		return 0;
	case OPT_SEED:
		o->seed_given = true;
		return number("--seed", value, INT64_MAX, &o->seed, err);
	case OPT_RESUME:
		p->resume = value;
		return 0;
	case OPT_DRY_RUN:
		o->dry_run = true;
		return 0;
	case OPT_QUICK:
		o->quick = true;
		return 0;
	case OPT_CPUS:
		if (number("--cpus", value, FL_CPUS_MAX, &n, err))
			return -1;
		o->cpus = (unsigned int)n;
		return 0;
	case OPT_PARALLEL:
		o->parallel = true;
		return 0;
	case OPT_STALL:
		fl_strv_push(&o->stalls, value);
		return 0;
	case OPT_ENTRY:
		fl_strv_push(&o->entries, value);
		return 0;
	case OPT_STRICT:
		p->strict = true;
		return 0;
	case OPT_VERBOSE:
		o->loudness = FL_SAY_POINTS;
		return 0;
	case OPT_QUIET:
		o->loudness = FL_SAY_END;
		return 0;
	default:
		return take_word_option(o, option, value, err);
	}
}

static int parse(struct parsed *p, int argc, char **argv, struct fl_error *err)
{
	const char *value;
	int next = 1, option;

	while ((option = fl_next_option(&fl_cmd_run, argc, argv, &next, &value, err)) >= 0)
		if (take_option(p, option, value, err))
			return -1;
	if (option < -1)
		return -1;
	if (next < argc)
		p->o.experiment = argv[next++];
	if (next < argc)
		return fl_fail(err, FL_USAGE, "run takes one EXPERIMENT; \"%s\" is one too many",
			       argv[next]);
	return 0;
}

int fl_run_arguments(struct fl_run_options *o, int argc, char **argv, struct fl_error *err)
{
	cleanup_free char **words = fl_calloc((size_t)argc + 1, sizeof(*words));
	struct parsed p = { .o = { .clock = -1 } };
	int bad;

	memcpy(words, argv, (size_t)argc * sizeof(*words)); /* whose order the walk changes */
	bad = parse(&p, argc, words, err);
	*o = p.o;
	if (!bad && (p.resume || o->dry_run))
		bad = fl_fail(err, FL_USAGE, "--resume and --dry-run are options of run alone");
	return bad;
}

/* A run goes on as it was begun. */
static int check_resume(const struct parsed *p, struct fl_error *err)
{
	bool experiment = p->o.experiment != NULL;

	if (!experiment && !p->changes)
		return 0;
	return fl_fail(err, FL_USAGE,
		       "--resume takes no %s%s: a run resumes as it was started; only --jobs, "
		       "--dry-run, --strict, -v and -q are allowed",
		       experiment ? "EXPERIMENT" : "--", experiment ? "" : p->changes);
}

/* Options of the stored run, with its own experiment file and seed. */
static int resume(struct parsed *p, struct fl_strv *words, char **file, char **name,
		  struct fl_error *err)
{
	const char *wanted = p->resume;
	unsigned int jobs = p->o.jobs;
	bool dry_run = p->o.dry_run, strict = p->strict;
	enum fl_loudness loudness = p->o.loudness;
	struct fl_stored_run run = { 0 };
	struct fl_store *store;
	int64_t id;
	int bad;

	if (check_resume(p, err) || fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, wanted, &id, err) || fl_store_run(store, id, &run, err);
	fl_store_close(store);
	if (bad)
		return -1;
	memset(p, 0, sizeof(*p));
	p->o.clock = -1;
	if (fl_strv_split_words(words, run.arguments) || parse(p, (int)words->n, words->v, err))
		bad = fl_fail(err, FL_FAILED, "%s: its stored command line cannot be read: %s",
			      run.name, run.arguments);
	*file = fl_asprintf("%s/%s/experiment.ini", fl_results(), run.name);
	p->o.experiment = *file;
	*name = fl_strdup(run.name);
	p->o.run = run.id;
	p->o.run_name = *name;
	p->o.seed = run.seed;
	p->o.seed_given = true;
	p->o.jobs = jobs;
	p->o.dry_run = dry_run;
	p->o.loudness = loudness;
	p->strict = strict;
	fl_stored_run_release(&run);
	return bad ? -1 : 0;
}

/* The runs of one command that came to their end, and side by side what each says. */
struct ended {
	bool strict;
	int64_t *runs;
	struct fl_strv verdicts; /* "RUN: 3 of 4 claims hold, ..." */
};

static bool any_fails(const struct fl_judged_claims *j)
{
	return fl_judged_claims_count(j, FL_CLAIM_FAILS, false) ||
	       fl_judged_claims_count(j, FL_CLAIM_EMPTY, false);
}

/* A control failed: such a run did not measure what it was meant to. */
static int judge(struct fl_store *store, int64_t id, bool strict, bool *bad_run, char **verdict,
		 struct fl_error *err)
{
	struct fl_judged_claims claims = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, id, err) || fl_judge_claims(&claims, &s, err);

	*bad_run = !bad && (fl_judged_claims_void(&claims) || (strict && any_fails(&claims)));
	*verdict = bad ? NULL : fl_verdict_line(&claims);
	fl_judged_claims_release(&claims);
	fl_summary_release(&s);
	return bad;
}

/* Table, page and verdict; exit status, or -1. */
static int finish(const struct fl_run_result *r, struct ended *ended, struct fl_error *err)
{
	cleanup_free char *verdict = NULL;
	struct fl_store *store;
	bool bad_run = false;
	int64_t id;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, r->name, &id, err) ||
	      fl_show_ending(stdout, store, id, fl_terminal_columns(), err) ||
	      fl_report(stdout, store, &id, 1, err) ||
	      judge(store, id, ended->strict, &bad_run, &verdict, err);
	fl_store_close(store);
	if (bad)
		return -1;
	ended->runs = fl_realloc(ended->runs, (ended->verdicts.n + 1) * sizeof(*ended->runs));
	ended->runs[ended->verdicts.n] = id;
	fl_strv_pushf(&ended->verdicts, "%s: %s", r->name, verdict ? verdict : "no claims");
	fflush(stdout); /* before the next one's progress */
	return r->bad || bad_run ? FL_FAILED : 0;
}

/* One experiment; exit status, or -1. */
static int run_one(const struct fl_run_options *o, struct ended *ended, struct fl_error *err)
{
	struct fl_run_result result = { 0 };
	int status;

	if (fl_run(o, &result, err)) {
		if (!fl_interrupted())
			return -1;
		fprintf(stderr, "faultline: %s\n", err->text);
		result.interrupted = true;
	}
	if (o->dry_run)
		return fl_interrupted() ? FL_EXIT_INTERRUPTED : 0;
	if (result.interrupted && !result.name[0])
		return FL_EXIT_INTERRUPTED;
	if (result.interrupted) {
		fprintf(stderr, "faultline: interrupted; resume with: faultline run --resume %s\n",
			result.name);
		return FL_EXIT_INTERRUPTED;
	}
	status = finish(&result, ended, err);
	if (!fl_interrupted())
		return status;
	fprintf(stderr, "faultline: interrupted; %s is measured: faultline report %s\n",
		result.name, result.name);
	return FL_EXIT_INTERRUPTED;
}

/* --- the parts of an experiment --- */

/* Those that are run after it: all, or none where the command line says what to sweep. */
static int find_parts(const struct parsed *p, struct fl_strv *parts, struct fl_error *err)
{
	struct fl_run_options o = p->o;
	struct fl_experiment e;
	int bad;

	if (!o.experiment || p->resume || o.settings.n || o.workloads.n)
		return 0;
	bad = fl_experiment_load(&e, o.experiment, o.quick, err);
	*parts = e.parts;
	e.parts = (struct fl_strv){ 0 };
	for (size_t i = 0; i < parts->n && !bad; i++) {
		o.experiment = parts->v[i];
		if (!o.dry_run && fl_run_check(&o, err))
			bad = fl_prefix(err, "%s: part %s", e.file, parts->v[i]);
	}
	fl_experiment_release(&e);
	return bad;
}

/* Those that an interrupt left undone. */
static void say_left(const struct parsed *p, const struct fl_strv *parts, size_t done)
{
	for (size_t i = done; i < parts->n; i++) {
		struct fl_run_options o = p->o;
		cleanup_free char *line = NULL;

		o.experiment = parts->v[i];
		line = fl_run_line(&o);
		fprintf(stderr, "faultline: not started: faultline %s\n", line);
	}
}

/* What each says, and one page of all, in the folder of the first. */
static int report_all(const struct ended *ended, struct fl_error *err)
{
	struct fl_store *store;
	int bad;

	if (!ended->verdicts.n)
		return 0;
	if (fl_store_open(&store, true, err))
		return -1;
	printf("\nverdicts\n");
	for (size_t i = 0; i < ended->verdicts.n; i++)
		printf("  %s\n", ended->verdicts.v[i]);
	bad = fl_report(stdout, store, ended->runs, ended->verdicts.n, err);
	fl_store_close(store);
	return bad;
}

/* A part that cannot be run is reported and the others go on; returns the worst exit status. */
static int run_parts(struct parsed *p, const struct fl_strv *parts, struct ended *ended, int status,
		     struct fl_error *err)
{
	for (size_t i = 0; i < parts->n; i++) {
		int part;

		p->o.experiment = parts->v[i];
		printf("\n");
		part = run_one(&p->o, ended, err);
		if (part < 0) {
			fprintf(stderr, "faultline: %s: %s\n", parts->v[i], err->text);
			part = (int)err->kind;
		}
		status = part > status ? part : status;
		if (part == FL_EXIT_INTERRUPTED) {
			say_left(p, parts, i + 1);
			return status;
		}
	}
	return parts->n && !p->o.dry_run && report_all(ended, err) ? -1 : status;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	struct parsed p = { .o = { .clock = -1 } };
	cleanup_free char *file = NULL, *name = NULL;
	struct fl_strv words = { 0 }, parts = { 0 };
	struct ended ended = { 0 };
	int status = parse(&p, argc, argv, err);

	if (!status)
		status = find_parts(&p, &parts, err);
	if (!status && p.resume)
		status = resume(&p, &words, &file, &name, err);
	ended.strict = p.strict;
	if (!status)
		status = run_one(&p.o, &ended, err);
	if (status == FL_EXIT_INTERRUPTED)
		say_left(&p, &parts, 0);
	else if (status >= 0)
		status = run_parts(&p, &parts, &ended, status, err);
	fl_strv_release(&words);
	fl_strv_release(&parts);
	free(ended.runs);
	fl_strv_release(&ended.verdicts);
	fl_strv_release(&p.o.settings);
	fl_strv_release(&p.o.workloads);
	fl_strv_release(&p.o.kernels);
	fl_strv_release(&p.o.stalls);
	fl_strv_release(&p.o.entries);
	return status;
}

const struct fl_command fl_cmd_run = {
	.name = "run",
	.summary = "run an experiment or a sweep",
	.synopsis =
		"run EXPERIMENT [-s KEY=V1,V2,...]... [-w 'WORKLOAD ARGS']... [-k KERNEL]... "
		"[--repeat N] "
		"[--clock real|instructions] [--accel auto|kvm|tcg] [--target guest|host] "
		"[--jobs N] "
		"[--cpus N] [--parallel] [--stall FUNCTION:TIME[:1/N]]... [--entry FUNCTION]... "
		"[--resume RUN] [--dry-run] [--seed N] [--quick] [--strict] [-v|-q]",
	.examples = "run thp-threshold --quick\n"
		    "run thp-threshold -s khugepaged.max_ptes_none=0,64,511 --repeat 5\n"
		    "run FILE.ini -k stock,new=/src/linux/vmlinux --clock instructions",
	.no = "a point failed, or a control did not pass; --strict: or a claim did not",
	.first = true,
	.options = options,
	.catches = true,
	.run = run,
};
