/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One point, start to end: a fresh guest, its settings, its workload, its
 * raw material, its end.
 */
#include "harness/run/point.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/experiment/setting.h"
#include "harness/guest/bounds.h"
#include "harness/guest/console.h"
#include "harness/guest/guest.h"
#include "harness/guest/kernel.h"
#include "harness/guest/plugin.h"
#include "harness/guest/shim.h"
#include "harness/guest/template.h"
#include "harness/run/followed.h"
#include "harness/run/host_settings.h"
#include "harness/run/machine.h"
#include "harness/run/own_metrics.h"
#include "harness/run/session.h"
#include "harness/run/stack.h"
#include "harness/run/stalled.h"
#include "harness/run/steps.h"
#include "harness/run/trace.h"

#define BOOT_LIMIT_S 30
#define BOOT_LIMIT_S_PER_GIB 1 /* the guest makes its memory map, 16 MiB for each GiB */
#define EXACT_TIMES 4          /* counting takes four times as long */

static uint64_t boot_limit(const struct fl_session *s)
{
	uint64_t gib = s->c->point->guest.memory >> 30;
	uint64_t limit = BOOT_LIMIT_S + gib * BOOT_LIMIT_S_PER_GIB;

	return limit * (s->scripted ? EXACT_TIMES : 1) * UINT64_C(1000000000);
}

static int boot(struct fl_session *s)
{
	struct fl_frame f = { 0 };
	int r = FL_GO_ON;

	fl_session_limit(s, "booted", boot_limit(s));
	if (!s->template.path)
		r = fl_session_wait(s, FL_READY, &f);
	fl_session_limit(s, "done", s->c->experiment->timeout_ns);
	if (r != FL_GO_ON)
		return r;
	if (s->scripted && !s->template.path && !strstr(f.text, "exact 1"))
		return fl_outcome_decide(s->o, FL_SKIPPED,
					 "kernel %s lacks CONFIG_X86_IOPL_IOPERM (I/O ports for "
					 "programs), which --clock instructions needs",
					 s->c->point->kernel);
	if (s->scripted)
		return FL_GO_ON;
	if (fl_guest_sync(s->guest, &s->map, s->err)) {
		if (fl_guest_ended(s->guest) != FL_GUEST_RUNS)
			return fl_session_gone(s);
		return fl_outcome_decide(s->o, FL_LOST, "%s", s->err->text);
	}
	s->o->clock_error_ns = (double)s->map.error_ns;
	return FL_GO_ON;
}

static int ask_release(struct fl_session *s)
{
	return fl_session_send(s, FL_READ, "/proc/sys/kernel/osrelease", NULL, 0);
}

static int read_release(struct fl_session *s)
{
	struct fl_frame f;
	int r = ask_release(s);

	if (r == FL_GO_ON)
		r = fl_session_wait(s, FL_TEXT, &f);
	if (r == FL_GO_ON)
		snprintf(s->o->kernel_release, sizeof(s->o->kernel_release), "%.*s",
			 (int)strcspn(f.text, "\n"), f.text);
	return r;
}

static int judge_setting(struct fl_session *s, const struct fl_setting *setting,
			 const struct fl_point_setting *p, int error, const char *back)
{
	char buf[32];
	const char *text;

	if (error == ENOENT || error == ENOTDIR || error == ENODEV) {
		if (setting->neutral && !strcmp(setting->neutral, p->value))
			return FL_GO_ON;
		return fl_outcome_decide(s->o, FL_SKIPPED, "%s (%s) has no %s", s->c->point->kernel,
					 s->o->kernel_release, p->name);
	}
	if (error)
		return fl_outcome_decide(s->o, FL_STATUS_FAILED, "kernel %s refused %s = %s: %s",
					 s->o->kernel_release, p->name, p->value, strerror(error));
	text = fl_setting_text(setting, p->value, fl_machine_huge_order(), buf);
	if (!fl_setting_took(setting, text, back))
		return fl_outcome_decide(s->o, FL_STATUS_FAILED, "%s = %s reads back as \"%.*s\"",
					 p->name, p->value, (int)strcspn(back, "\n"), back);
	return FL_GO_ON;
}

/* The others hold before the guest runs. */
static bool is_for_agent(const struct fl_setting *s)
{
	return s->how == FL_SET_FILE || s->how == FL_SET_ZRAM;
}

static int judge_written(struct fl_session *s, const struct fl_setting *setting,
			 const struct fl_point_setting *p, const struct fl_frame *f)
{
	const char *back = memchr(f->text, '\n', f->len);
	int error = 0;

	if (sscanf(f->text, "errno %d", &error) != 1)
		return fl_outcome_decide(s->o, FL_LOST, "the guest's answer to %s is invalid",
					 p->name);
	return judge_setting(s, setting, p, error, back ? back + 1 : "");
}

/* A word of the command line that the kernel does not know is passed over without a sound. */
static int check_shown(struct fl_session *s, const struct fl_setting *setting,
		       const struct fl_point_setting *p)
{
	struct fl_frame f;
	int error, r = fl_session_read(s, fl_setting_shown(setting), &f, &error);

	return r == FL_GO_ON ? judge_setting(s, setting, p, error, f.text) : r;
}

static int ask_setting(struct fl_session *s, const struct fl_point_setting *p)
{
	const struct fl_setting *setting = fl_setting_find(p->name);
	cleanup_free char *path = fl_setting_path(setting, p->name);
	char buf[32];
	const char *text = fl_setting_text(setting, p->value, fl_machine_huge_order(), buf);

	if (s->composing && fl_setting_shown(setting)) /* that check_shown() waits for */
		return fl_session_send(s, FL_READ, fl_setting_shown(setting), NULL, 0);
	if (!is_for_agent(setting))
		return FL_GO_ON;
	return fl_session_send(s, setting->how == FL_SET_ZRAM ? FL_ZRAM : FL_WRITE, path, text,
			       strlen(text));
}

static int apply_setting(struct fl_session *s, const struct fl_point_setting *p)
{
	const struct fl_setting *setting = fl_setting_find(p->name);
	struct fl_frame f;
	int r;

	if (setting->kind == FL_KIND_ORDER && !strcmp(p->value, FL_ORDER_HOST_HUGE) &&
	    !fl_machine_huge())
		return fl_outcome_decide(s->o, FL_SKIPPED,
					 "%s = %s: this machine has no huge pages", p->name,
					 p->value);
	r = ask_setting(s, p);
	if (r == FL_GO_ON && fl_setting_shown(setting))
		return check_shown(s, setting, p);
	if (r != FL_GO_ON || !is_for_agent(setting))
		return r;
	r = fl_session_wait(s, FL_WRITTEN, &f);
	return r == FL_GO_ON ? judge_written(s, setting, p, &f) : r;
}

static int apply_settings(struct fl_session *s)
{
	int r = FL_GO_ON;

	for (size_t i = 0; r == FL_GO_ON && i < s->c->point->n_settings; i++)
		r = apply_setting(s, &s->c->point->settings[i]);
	return r;
}

static int ask_samples(struct fl_session *s)
{
	const struct fl_experiment *e = s->c->experiment;
	const char *pressure = fl_experiment_pressure(e, s->c->point->workload->name);
	cleanup_free char *spec =
		fl_material_sample_spec(e->sample_interval_ns, s->material.keep_on);
	int r = fl_session_send(s, FL_SAMPLE, NULL, spec, strlen(spec));

	return r == FL_GO_ON && pressure ? fl_session_command(s, FL_PRESSURE, NULL, pressure) : r;
}

static int ask_workload(struct fl_session *s)
{
	return fl_session_command(s, FL_RUN, NULL, s->c->point->workload->run);
}

static int run_workload(struct fl_session *s)
{
	const struct fl_experiment *e = s->c->experiment;
	uint64_t start, end;
	struct fl_frame f;
	int r = ask_samples(s);

	if (!fl_guest_ram_range(s->guest, &start, &end))
		fl_collect_ram_range(s->material.collecting, start, end);
	if (r == FL_GO_ON && s->scripted)
		r = fl_session_wait(s, FL_STARTED, &f);
	if (r == FL_GO_ON)
		fl_session_sample_host(s, 0);
	if (r == FL_GO_ON)
		r = ask_workload(s);
	if (e->sample_interval_ns && e->guest.clock == FL_CLOCK_REAL)
		s->host_due_ns = fl_now_ns() + e->sample_interval_ns;
	if (r == FL_GO_ON)
		r = s->steps ? fl_steps_run(s) : fl_session_wait(s, FL_EXIT, &f);
	s->host_due_ns = 0;
	if (r == FL_GO_ON)
		fl_session_sample_host(s, s->material.last_ns);
	if (r == FL_GO_ON)
		r = fl_trace_ask_text(s);
	return r == FL_GO_ON ? fl_trace_end(s) : r;
}

/* What the agent still has to say, up to its last frame.  The clock has stopped: any guest may be
 * told. */
static int drain(struct fl_session *s)
{
	struct fl_frame f;

	if (fl_guest_send(s->guest, FL_OFF, NULL, NULL, 0))
		return fl_session_gone(s);
	return fl_session_wait(s, FL_END, &f);
}

static void compose(struct fl_session *s)
{
	s->scripted = s->composing = true;
	ask_release(s);
	fl_steps_ask(s);
	for (size_t i = 0; i < s->c->point->n_settings; i++)
		ask_setting(s, &s->c->point->settings[i]);
	fl_trace_ask(s);
	ask_samples(s);
	ask_workload(s);
	fl_trace_ask_text(s);
	s->composing = false;
}

int fl_session_boot(struct fl_session *s)
{
	int r = boot(s);

	if (r == FL_GO_ON)
		r = read_release(s);
	if (r == FL_GO_ON)
		r = fl_steps_prepare(s);
	if (r == FL_GO_ON)
		r = apply_settings(s);
	return r;
}

static int run_guest(struct fl_session *s)
{
	int r = fl_session_boot(s);

	if (r == FL_GO_ON)
		r = fl_trace_ask(s);
	if (r == FL_GO_ON)
		r = fl_trace_begin(s);
	if (r == FL_GO_ON)
		r = run_workload(s);
	if (r == FL_GO_ON)
		r = drain(s);
	return r;
}

static void judge_exit(struct fl_session *s, const struct fl_console *console)
{
	const struct fl_exit *e = &s->material.exit;
	bool good =
		(!e->killed && e->code == 0) || fl_programs_stopped(&s->programs, FL_STEP_WORKLOAD);
	const char *beside = fl_programs_bad(&s->programs);

	if (fl_outcome_console(s->o, console, ""))
		return;
	if (!e->killed && e->code == FL_EXIT_CORRUPT)
		fl_outcome_decide(s->o, FL_CORRUPT, "%s", s->material.last_words);
	else if ((!good || beside) && console->counts[FL_CONSOLE_OOM])
		fl_outcome_decide(s->o, FL_OOM, "%s", console->line);
	else if (!good)
		fl_outcome_decide(s->o, FL_STATUS_FAILED, "the workload %s %d%s%s",
				  e->killed ? "was killed by signal" : "exited with status",
				  e->code, s->material.last_words[0] ? ": " : "",
				  s->material.last_words);
	else if (beside)
		fl_outcome_decide(s->o, FL_STATUS_FAILED, "step %s", beside);
	else
		s->o->status = FL_OK;
}

static char *command_line_words(const struct fl_point *p)
{
	char *text = fl_strdup("");

	for (size_t i = 0; i < p->n_settings; i++) {
		const struct fl_setting *s = fl_setting_find(p->settings[i].name);
		cleanup_free char *path = NULL, *old = text;

		if (s->how != FL_SET_CMDLINE) {
			old = NULL;
			continue;
		}
		path = fl_setting_path(s, p->settings[i].name);
		text = fl_asprintf("%s %s=%s", old, path, p->settings[i].value);
	}
	return text;
}

/* What a setting asks of the machine and it has not makes the point skipped, not the run fail. */
static int prepare_host(struct fl_session *s)
{
	const struct fl_guest_spec *g = &s->c->point->guest;
	struct fl_error why;
	char size[32];

	if (g->memory != s->c->experiment->guest.memory && fl_guest_room(g, &why))
		return fl_outcome_decide(s->o, FL_SKIPPED, "guest.memory = %s: %s",
					 fl_format_size(g->memory, size, sizeof(size)), why.text);
	s->stalls = g->stall ? fl_stalled_arguments(s->c, &why) : NULL;
	if (g->stall && !s->stalls)
		return fl_outcome_decide(s->o, FL_SKIPPED, "%s", why.text);
	if (g->limited && fl_cgroup_make(&s->cgroup, g->host_limit, &why))
		return fl_outcome_decide(s->o, FL_SKIPPED, "%s", why.text);
	return FL_GO_ON;
}

int fl_session_open(struct fl_session *s)
{
	const struct fl_point_config *c = s->c;
	cleanup_free char *words = command_line_words(c->point), *symbols = NULL;
	cleanup_free char *shim = c->point->guest.lazy_discard ? fl_shim_path() : NULL;
	struct fl_guest_config g = {
		.spec = c->point->guest,
		.cgroup = s->cgroup.dir,
		.accel = c->accel,
		.kernel = c->kernel_path,
		.image = c->image,
		.dir = c->dir,
		.cmdline = words,
		.cpu_first = c->cpu_first,
		.stall_plugin = fl_plugin_path(FL_PLUGIN_STALL, NULL),
		.stalls = s->stalls,
	};

	if (g.spec.lazy_discard && !shim)
		return fl_fail(s->err, FL_MACHINE, "madv_free.so is not built: make shim");
	g.preload = shim;
	if (g.spec.clock == FL_CLOCK_INSTRUCTIONS) {
		compose(s);
		if (c->point->repeat <= FL_PROFILED)
			symbols = fl_kernel_symbols(c->kernel_path, NULL);
		g.symbols = symbols;
		g.plugin = symbols ? fl_plugin_path(FL_PLUGIN_PROFILE, NULL) : NULL;
		if (symbols)
			fl_followed_names(&s->followed, c, symbols);
		g.followed = &s->followed;
		g.script = s->script.text;
		g.script_len = s->script.len;
		if (g.spec.start == FL_START_AUTO && !fl_template_open(&s->template, &g, s->err)) {
			g.state = s->template.path;
			g.state_fd = s->template.fd;
		}
	}
	if (atomic_load(c->interrupted)) /* while its template was made */
		return fl_fail(s->err, FL_EXIT_INTERRUPTED, "interrupted");
	if (fl_guest_start(&s->guest, &g, s->err))
		return -1;
	s->o->command = fl_strdup(fl_guest_command(s->guest));
	return 0;
}

/* What the plugin wrote; a kernel without symbols, or a QEMU without plugins, has none. */
static void read_profile(struct fl_outcome *o, const char *dir)
{
	cleanup_free char *path = fl_asprintf("%s/profile", dir);
	cleanup_file FILE *f = fopen(path, "re");
	cleanup_free char *text = NULL;
	size_t n;

	if (!f)
		return;
	text = fl_alloc(FL_PROFILE_TEXT_MAX + 1);
	n = fread(text, 1, FL_PROFILE_TEXT_MAX, f);
	text[n] = '\0';
	if (!fl_profile_parse(&o->profile, text, n))
		fl_profile_put(&o->result, &o->profile);
}

/* For claims: of a guest that died there is nothing else to say; one that died at boot says nothing
 * of the workload. */
static void put_survived(struct fl_outcome *o)
{
	bool died = o->status == FL_OOM || o->status == FL_PANIC || o->status == FL_HANG;

	if (o->began && (died || o->status == FL_OK))
		fl_result_put(&o->result, "survived", !died, FL_UNIT_COUNT);
}

static void read_kcsan(struct fl_outcome *o, const char *dir)
{
	cleanup_free char *path = fl_asprintf("%s/console.log", dir);
	cleanup_file FILE *console = fopen(path, "re");

	if (console)
		fl_collect_kcsan(&o->result, console);
}

static int run_and_judge(struct fl_session *s)
{
	const struct fl_point_config *c = s->c;
	struct fl_result *result = &s->o->result;
	struct fl_console console;
	struct fl_error why;
	int r;

	fl_material_open(&s->material);
	s->material.keep_on = s->steps != NULL;
	r = run_guest(s);
	fl_guest_stop(s->guest);
	fl_console_read(&console, c->dir);
	if (r == FL_GO_ON)
		judge_exit(s, &console);
	else
		fl_outcome_explain(s->o, &console, "");
	s->o->began = s->material.started_ns;
	if (fl_guest_file_full(c->dir, why.text, sizeof(why.text)))
		fl_outcome_spoil(s->o, why.text);
	fl_own_metrics_collect(s->o, c, &s->material, &s->programs);
	r = fl_material_close(&s->material, c->dir, c->point->workload->run, result, &why);
	r = fl_outcome_take_bad(s->o, r, &why, s->err);
	if (fl_outcome_take_bad(s->o, fl_programs_close(&s->programs, c->dir, result, &why), &why,
				s->err))
		r = -1;
	fl_collect_balloon_model(result, (double)c->point->guest.memory / 1024);
	fl_result_put(result, "oom_kills", console.counts[FL_CONSOLE_OOM], FL_UNIT_COUNT);
	put_survived(s->o);
	read_kcsan(s->o, c->dir);
	read_profile(s->o, c->dir);
	fl_stalled_collect(s->o, c);
	return r;
}

int fl_point_run_once(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	struct fl_session s = {
		.c = c,
		.o = o,
		.err = err,
		.steps = c->point->steps,
	};
	uint64_t began = fl_now_ns();
	int r;

	memset(o, 0, sizeof(*o));
	if (fl_make_folder(c->dir, err))
		return -1;
	r = prepare_host(&s);
	if (r == FL_GO_ON && c->point->guest.count > 1)
		r = fl_stack_run(&s);
	else if (r == FL_GO_ON)
		r = fl_session_open(&s) ? -1 : run_and_judge(&s);
	fl_cgroup_end(&s.cgroup);
	o->restored = s.template.path != NULL;
	fl_strv_release(&s.owed);
	free(s.script.text);
	free(s.stalls);
	fl_strv_release(&s.followed);
	fl_template_close(&s.template);
	o->wall_s = (double)(fl_now_ns() - began) / 1e9;
	return r < 0 ? -1 : 0;
}
