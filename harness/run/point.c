/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One point, start to end: a fresh guest, its settings, its workload, its
 * raw material, its end.  Steps return GO_ON, DECIDED (the outcome's status is
 * set) or -1 (the harness or the machine is at fault).
 */
#include "harness/run/point.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/experiment/setting.h"
#include "harness/guest/console.h"
#include "harness/guest/guest.h"
#include "harness/guest/kernel.h"
#include "harness/guest/plugin.h"
#include "harness/guest/template.h"
#include "harness/run/material.h"

enum { GO_ON = 0, DECIDED = 1 };

#define POLL_MS 100
#define BOOT_LIMIT_NS (30ull * 1000000000)
#define EXIT_CORRUPT 4

struct session {
	const struct fl_point_config *c;
	struct fl_outcome *o;
	struct fl_guest *guest;
	struct fl_material material;
	struct fl_clock_map map;
	struct fl_error *err;
	uint64_t deadline_ns; /* host CLOCK_MONOTONIC */
	uint64_t limit_ns;    /* that the deadline stands for */
	const char *limited;  /* what has to be done by then */
	uint64_t host_due_ns; /* next sample of the host side; 0: none */
	/*
	 * The instruction clock's guest is told all beforehand: ask_*() then write
	 * its script (composing) before it starts, and nothing while it runs.
	 */
	bool scripted, composing;
	struct fl_text script;
	char *state; /* of the template it starts from; NULL: it boots */
};

static int guest_is_gone(struct session *s)
{
	static const enum fl_status status[] = {
		[FL_GUEST_RUNS] = FL_LOST, [FL_GUEST_GOOD] = FL_LOST, [FL_GUEST_PANIC] = FL_PANIC,
		[FL_GUEST_HANG] = FL_HANG, [FL_GUEST_LOST] = FL_LOST, [FL_GUEST_LIED] = FL_LOST,
	};

	return fl_outcome_decide(s->o, status[fl_guest_ended(s->guest)], "%s",
				 fl_guest_end_reason(s->guest));
}

/* Guest clock at a moment of the host's, in this point's time base. */
static uint64_t guest_time(const struct session *s, uint64_t host_ns)
{
	if (s->c->timebase == FL_TIME_INSN)
		return s->material.last_ns;
	return (uint64_t)((int64_t)host_ns + s->map.offset_ns);
}

static void sample_host(struct session *s)
{
	uint64_t before = fl_now_ns(), cost;

	if (!s->host_due_ns || before < s->host_due_ns)
		return;
	fl_material_host(&s->material, fl_guest_pid(s->guest), guest_time(s, before));
	cost = fl_now_ns() - before;
	s->host_due_ns = before + (cost * 100 > s->c->experiment->sample_interval_ns
					   ? cost * 100
					   : s->c->experiment->sample_interval_ns);
}

/* The next frame, of any type, already taken into the material. */
static int next_frame(struct session *s, struct fl_frame *f)
{
	uint64_t host_ns;

	for (;;) {
		int got = fl_guest_next(s->guest, POLL_MS, f, &host_ns);

		if (got < 0)
			return guest_is_gone(s);
		sample_host(s);
		if (got) {
			fl_material_frame(&s->material, f);
			return GO_ON;
		}
		if (atomic_load(s->c->interrupted))
			return fl_outcome_decide(s->o, FL_INTERRUPTED, "interrupted");
		if (fl_now_ns() > s->deadline_ns)
			return fl_outcome_decide(s->o, FL_HANG, "not %s within the limit of %.0f s",
						 s->limited, (double)s->limit_ns / 1e9);
	}
}

static int wait_for(struct session *s, enum fl_frame_type type, struct fl_frame *f)
{
	int r;

	do {
		r = next_frame(s, f);
	} while (r == GO_ON && f->type != type);
	return r;
}

static void compose_frame(struct session *s, enum fl_frame_type type, const char *name,
			  const char *text, size_t len)
{
	size_t name_len = name ? strlen(name) : 0;
	uint8_t head[FL_FRAME_HEAD];

	fl_frame_head(head, type, 0, 0, name_len, len);
	fl_text_append(&s->script, (const char *)head, sizeof(head));
	fl_text_append(&s->script, name ? name : "", name_len);
	fl_text_append(&s->script, text ? text : "", len);
}

static int send_frame(struct session *s, enum fl_frame_type type, const char *name,
		      const char *text, size_t len)
{
	if (s->composing)
		compose_frame(s, type, name, text, len);
	if (s->scripted)
		return GO_ON;
	return fl_guest_send(s->guest, type, name, text, len) ? guest_is_gone(s) : GO_ON;
}

static void set_limit(struct session *s, const char *what, uint64_t ns)
{
	s->limited = what;
	s->limit_ns = ns;
	s->deadline_ns = fl_now_ns() + ns;
}

static int boot(struct session *s)
{
	struct fl_frame f = { 0 };
	int r = GO_ON;

	set_limit(s, "booted", BOOT_LIMIT_NS);
	if (!s->state)
		r = wait_for(s, FL_READY, &f);
	set_limit(s, "done", s->c->experiment->timeout_ns);
	if (r != GO_ON)
		return r;
	if (s->scripted && !s->state && !strstr(f.text, "exact 1"))
		return fl_outcome_decide(
			s->o, FL_SKIPPED,
			"kernel %s lets no program near I/O ports (CONFIG_X86_IOPL_IOPERM), "
			"which --clock instructions needs",
			s->c->point->kernel);
	if (s->scripted)
		return GO_ON;
	if (fl_guest_sync(s->guest, &s->map, s->err)) {
		if (fl_guest_ended(s->guest) != FL_GUEST_RUNS)
			return guest_is_gone(s);
		return fl_outcome_decide(s->o, FL_LOST, "%s", s->err->text);
	}
	s->o->clock_error_ns = (double)s->map.error_ns;
	return GO_ON;
}

static int ask_release(struct session *s)
{
	return send_frame(s, FL_READ, "/proc/sys/kernel/osrelease", NULL, 0);
}

static int read_release(struct session *s)
{
	struct fl_frame f;
	int r = ask_release(s);

	if (r == GO_ON)
		r = wait_for(s, FL_TEXT, &f);
	if (r == GO_ON)
		snprintf(s->o->kernel_release, sizeof(s->o->kernel_release), "%.*s",
			 (int)strcspn(f.text, "\n"), f.text);
	return r;
}

static int judge_written(struct session *s, const struct fl_setting *setting,
			 const struct fl_point_setting *p, const struct fl_frame *f)
{
	const char *back = memchr(f->text, '\n', f->len);
	int error = 0;

	if (sscanf(f->text, "errno %d", &error) != 1)
		return fl_outcome_decide(s->o, FL_LOST, "the guest's answer to %s makes no sense",
					 p->name);
	if (error == ENOENT || error == ENOTDIR || error == ENODEV) {
		if (setting->neutral && !strcmp(setting->neutral, p->value))
			return GO_ON;
		return fl_outcome_decide(s->o, FL_SKIPPED, "kernel %s has no %s (%s)",
					 s->o->kernel_release, p->name, f->name);
	}
	if (error)
		return fl_outcome_decide(s->o, FL_STATUS_FAILED, "kernel %s refused %s = %s: %s",
					 s->o->kernel_release, p->name, p->value, strerror(error));
	back = back ? back + 1 : "";
	if (!fl_setting_took(setting, p->value, back))
		return fl_outcome_decide(s->o, FL_STATUS_FAILED, "%s = %s reads back as \"%.*s\"",
					 p->name, p->value, (int)strcspn(back, "\n"), back);
	return GO_ON;
}

static int ask_setting(struct session *s, const struct fl_point_setting *p)
{
	const struct fl_setting *setting = fl_setting_find(p->name);
	cleanup_free char *path = fl_setting_path(setting, p->name);
	char bytes[32];
	const char *text = p->value;
	uint64_t n;

	if (setting->how == FL_SET_CMDLINE)
		return GO_ON;
	if (setting->kind == FL_KIND_SIZE && !fl_parse_size(p->value, &n)) {
		snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)n);
		text = bytes;
	}
	return send_frame(s, setting->how == FL_SET_ZRAM ? FL_ZRAM : FL_WRITE, path, text,
			  strlen(text));
}

static int apply_setting(struct session *s, const struct fl_point_setting *p)
{
	const struct fl_setting *setting = fl_setting_find(p->name);
	struct fl_frame f;
	int r = ask_setting(s, p);

	if (r != GO_ON || setting->how == FL_SET_CMDLINE)
		return r;
	r = wait_for(s, FL_WRITTEN, &f);
	return r == GO_ON ? judge_written(s, setting, p, &f) : r;
}

static int apply_settings(struct session *s)
{
	int r = GO_ON;

	for (size_t i = 0; r == GO_ON && i < s->c->point->n_settings; i++)
		r = apply_setting(s, &s->c->point->settings[i]);
	return r;
}

/* argv as the agent wants it: words with a NUL after each. */
static int send_command(struct session *s, enum fl_frame_type type, const char *command)
{
	struct fl_strv words = { 0 };
	char text[4096];
	size_t len = 0;
	int r;

	if (fl_strv_split_words(&words, command))
		return fl_outcome_decide(s->o, FL_STATUS_FAILED, "cannot split the command: %s",
					 command);
	for (size_t i = 0; i < words.n; i++) {
		size_t n = strlen(words.v[i]) + 1;

		if (len + n > sizeof(text)) {
			fl_strv_release(&words);
			return fl_outcome_decide(s->o, FL_STATUS_FAILED,
						 "the command is longer than %zu bytes",
						 sizeof(text));
		}
		memcpy(text + len, words.v[i], n);
		len += n;
	}
	fl_strv_release(&words);
	r = send_frame(s, type, NULL, text, len);
	return r;
}

static int ask_samples(struct session *s)
{
	const struct fl_experiment *e = s->c->experiment;
	cleanup_free char *spec = fl_material_sample_spec(e->sample_interval_ns);
	int r = send_frame(s, FL_SAMPLE, NULL, spec, strlen(spec));

	return r == GO_ON && e->pressure ? send_command(s, FL_PRESSURE, e->pressure) : r;
}

static int ask_workload(struct session *s)
{
	return send_command(s, FL_RUN, s->c->point->workload->run);
}

static int run_workload(struct session *s)
{
	const struct fl_experiment *e = s->c->experiment;
	uint64_t start, end;
	struct fl_frame f;
	int r = ask_samples(s);

	if (!fl_guest_ram_range(s->guest, &start, &end))
		fl_collect_ram_range(s->material.collecting, start, end);
	if (r == GO_ON && s->scripted)
		r = wait_for(s, FL_STARTED, &f);
	if (r == GO_ON)
		fl_material_host(&s->material, fl_guest_pid(s->guest), 0);
	if (r == GO_ON)
		r = ask_workload(s);
	if (e->sample_interval_ns && e->guest.clock == FL_CLOCK_REAL)
		s->host_due_ns = fl_now_ns() + e->sample_interval_ns;
	if (r == GO_ON)
		r = wait_for(s, FL_EXIT, &f);
	s->host_due_ns = 0;
	if (r == GO_ON)
		fl_material_host(&s->material, fl_guest_pid(s->guest), s->material.last_ns);
	return r;
}

/* What the agent still has to say, up to its last frame.  The clock has stopped: any guest may be
 * told. */
static int drain(struct session *s)
{
	struct fl_frame f;

	if (fl_guest_send(s->guest, FL_OFF, NULL, NULL, 0))
		return guest_is_gone(s);
	return wait_for(s, FL_END, &f);
}

static void compose(struct session *s)
{
	s->scripted = s->composing = true;
	ask_release(s);
	for (size_t i = 0; i < s->c->point->n_settings; i++)
		ask_setting(s, &s->c->point->settings[i]);
	ask_samples(s);
	ask_workload(s);
	s->composing = false;
}

static int run_guest(struct session *s)
{
	int r = boot(s);

	if (r == GO_ON)
		r = read_release(s);
	if (r == GO_ON)
		r = apply_settings(s);
	if (r == GO_ON)
		r = run_workload(s);
	if (r == GO_ON)
		r = drain(s);
	return r;
}

static void judge_exit(struct session *s, const struct fl_console *console)
{
	const struct fl_exit *e = &s->material.exit;
	bool good = !e->killed && e->code == 0;

	if (console->worst == FL_CONSOLE_PANIC)
		fl_outcome_decide(s->o, FL_PANIC, "%s", console->line);
	else if (console->worst == FL_CONSOLE_SPLAT)
		fl_outcome_decide(s->o, FL_STATUS_FAILED, "console: %s", console->line);
	else if (console->worst == FL_CONSOLE_HUNG)
		fl_outcome_decide(s->o, FL_HANG, "console: %s", console->line);
	else if (!e->killed && e->code == EXIT_CORRUPT)
		fl_outcome_decide(s->o, FL_CORRUPT, "%s", s->material.last_words);
	else if (!good && console->counts[FL_CONSOLE_OOM])
		fl_outcome_decide(s->o, FL_OOM, "%s", console->line);
	else if (!good)
		fl_outcome_decide(s->o, FL_STATUS_FAILED, "the workload %s %d%s%s",
				  e->killed ? "was killed by signal" : "exited with status",
				  e->code, s->material.last_words[0] ? ": " : "",
				  s->material.last_words);
	else
		s->o->status = FL_OK;
}

static void judge_lost(struct session *s, const struct fl_console *console)
{
	if (s->o->status == FL_LOST && console->worst == FL_CONSOLE_PANIC)
		fl_outcome_decide(s->o, FL_PANIC, "%s", console->line);
	else if (s->o->status == FL_PANIC && console->counts[FL_CONSOLE_OOM])
		fl_outcome_decide(s->o, FL_OOM, "the guest died out of memory: %s", console->line);
}

static char *command_line_words(const struct fl_point *p)
{
	struct fl_strv words = { 0 };
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
	fl_strv_release(&words);
	return text;
}

static int start_guest(struct session *s)
{
	const struct fl_point_config *c = s->c;
	cleanup_free char *words = command_line_words(c->point), *symbols = NULL;
	struct fl_guest_config g = {
		.spec = c->experiment->guest,
		.accel = c->accel,
		.kernel = c->kernel_path,
		.image = c->image,
		.dir = c->dir,
		.cmdline = words,
		.cpu_first = c->cpu_first,
	};

	if (g.spec.clock == FL_CLOCK_INSTRUCTIONS) {
		compose(s);
		if (c->point->repeat == 1) /* the others would give the same */
			symbols = fl_kernel_symbols(c->kernel_path);
		g.symbols = symbols;
		g.plugin = symbols ? fl_plugin_path(NULL) : NULL;
		g.script = s->script.text;
		g.script_len = s->script.len;
		if (g.spec.start == FL_START_AUTO && !fl_template_get(&s->state, &g, s->err))
			g.state = s->state;
	}
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
	fl_profile_parse(&o->profile, text, n);
}

int fl_point_run(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	struct session s = { .c = c, .o = o, .err = err };
	uint64_t began = fl_now_ns();
	struct fl_console console;
	int r;

	memset(o, 0, sizeof(*o));
	if (mkdir(c->dir, 0777) && errno != EEXIST)
		return fl_fail(err, FL_MACHINE, "%s: cannot be made: %s", c->dir, strerror(errno));
	if (start_guest(&s))
		return -1;
	fl_material_open(&s.material);
	r = run_guest(&s);
	fl_guest_stop(s.guest);
	fl_console_read(&console, c->dir);
	if (r == GO_ON)
		judge_exit(&s, &console);
	else
		judge_lost(&s, &console);
	r = fl_material_close(&s.material, c->dir, c->point->workload->run, &o->result, err);
	fl_result_put(&o->result, "oom_kills", console.counts[FL_CONSOLE_OOM], FL_UNIT_COUNT);
	read_profile(o, c->dir);
	o->restored = s.state != NULL;
	free(s.script.text);
	free(s.state);
	o->wall_s = (double)(fl_now_ns() - began) / 1e9;
	return r;
}
