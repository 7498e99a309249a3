/* SPDX-License-Identifier: GPL-2.0 */
/* list: what there is, each kind from the table that defines it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness/base/cleanup.h"
#include "harness/base/nearest.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/cli/columns.h"
#include "harness/cli/commands.h"
#include "harness/collect/collect.h"
#include "harness/experiment/experiment.h"
#include "harness/experiment/setting.h"
#include "harness/guest/kernel.h"
#include "harness/store/store.h"

struct topic {
	const char *name, *about;
	int (*list)(const char *glob, struct fl_error *err); /* glob: NULL for all */
	bool globs;
};

static int list_experiments(const char *glob, struct fl_error *err)
{
	struct fl_columns c = { .n = 2, .width = fl_terminal_width(STDOUT_FILENO) };
	struct fl_strv names = { 0 };

	(void)glob;
	if (fl_experiment_names(&names))
		return fl_fail(err, FL_MACHINE, "%s/bench: cannot be read", fl_home());
	for (size_t i = 0; i < names.n; i++) {
		struct fl_experiment e = { 0 };
		struct fl_error bad;
		int failed = fl_experiment_load(&e, names.v[i], false, &bad);

		fl_columns_row(&c, (const char *[]){ names.v[i], failed ? bad.text : e.about });
		fl_experiment_release(&e);
	}
	fl_columns_print(&c, stdout, "");
	fl_strv_release(&names);
	return 0;
}

static int none_like(const char *kind, const char *glob, const struct fl_strv *names,
		     struct fl_error *err)
{
	char near[160];

	return fl_fail(err, FL_USAGE, "list %s: none is %s%s", kind, glob,
		       fl_did_you_mean(glob, names, near, sizeof(near)));
}

static int list_settings(const char *glob, struct fl_error *err)
{
	struct fl_columns c = { .n = 4, .width = fl_terminal_width(STDOUT_FILENO) };
	struct fl_strv names = { 0 };
	size_t shown = 0;
	int bad = 0;

	fl_columns_row(&c, (const char *[]){ "SETTING", "VALUES", "NEUTRAL", "ABOUT" });
	for (const struct fl_setting *s = fl_settings(); s->name; s++) {
		char values[128];

		fl_strv_push(&names, s->name);
		if (glob && fnmatch(glob, s->name, 0) && s != fl_setting_find(glob))
			continue;
		fl_columns_row(&c, (const char *[]){ s->name,
						     fl_setting_values(s, values, sizeof(values)),
						     s->neutral ? s->neutral : "-", s->about });
		shown++;
	}
	if (shown)
		fl_columns_print(&c, stdout, "");
	else
		bad = none_like("settings", glob, &names, err);
	fl_strv_release(&c.cells);
	fl_strv_release(&names);
	return bad;
}

static void add_metric(struct fl_columns *c, const struct fl_metric *m)
{
	fl_columns_row(c, (const char *[]){ m->name, fl_unit_name(m->unit, FL_TIME_HARDWARE),
					    fl_better_names[m->better], fl_class_names[m->class],
					    fl_owner_names[m->owner], m->about });
}

static bool metric_is(const struct fl_metric *m, const char *glob)
{
	return !glob || !fnmatch(glob, m->name, 0) || m == fl_metric_find(glob);
}

/* Those of a topic; how many. */
static size_t list_topic(enum fl_topic topic, const char *glob, bool first)
{
	struct fl_columns c = { .n = 6, .width = fl_terminal_width(STDOUT_FILENO) };
	const struct fl_metric *m;
	size_t n = 0;

	fl_columns_row(&c, (const char *[]){ "METRIC", "UNIT", "BETTER", "CLASS", "BY", "ABOUT" });
	for (size_t i = 0; (m = fl_metric_at(i)); i++) {
		if (m->topic != topic || !metric_is(m, glob))
			continue;
		add_metric(&c, m);
		n++;
	}
	if (n) {
		printf("%s%s\n", first ? "" : "\n", fl_topic_names[topic]);
		fl_columns_print(&c, stdout, "  ");
	}
	fl_strv_release(&c.cells);
	return n;
}

static int list_metrics(const char *glob, struct fl_error *err)
{
	struct fl_strv names = { 0 };
	const struct fl_metric *m;
	size_t shown = 0;
	int bad = 0;

	for (enum fl_topic topic = 0; topic < FL_TOPICS; topic++)
		shown += list_topic(topic, glob, !shown);
	for (size_t i = 0; !shown && (m = fl_metric_at(i)); i++)
		fl_strv_push(&names, m->name);
	if (!shown)
		bad = none_like("metrics", glob, &names, err);
	fl_strv_release(&names);
	if (!glob)
		puts("\nA time in ns is ns-tcg under emulation and insn with --clock instructions; "
		     "rates likewise; ns-host\nis the host's clock.  Words in capitals stand for a "
		     "step, a size, a guest or a series.\nexact: the same in every boot with the "
		     "instruction clock.  noisy: boots are compared.\ntail: holds timer ticks; it "
		     "may differ, and is never worse.\nAn experiment adds its own with [metric "
		     "NAME], from the output of any program; see\nfaultline-experiment(5).");
	return bad;
}

int fl_list_kernels(struct fl_error *err)
{
	struct fl_strv names = { 0 }, built = { 0 }, folders = { 0 };
	struct fl_columns c = { .n = 2, .width = fl_terminal_width(STDOUT_FILENO) };
	int bad = fl_kernel_names(&names, err) || fl_kernel_built(&built, &folders, err);

	for (size_t i = 0; !bad && i < names.n; i++) {
		size_t at = fl_strv_find(&built, names.v[i]);
		cleanup_free char *says =
			at < built.n
				? fl_asprintf("%s/vmlinux", folders.v[at])
				: fl_asprintf("not built: faultline kernel build %s", names.v[i]);

		fl_columns_row(&c, (const char *[]){ names.v[i], says });
	}
	for (size_t i = 0; !bad && i < built.n; i++) {
		cleanup_free char *path = fl_asprintf("%s/vmlinux", folders.v[i]);

		if (strchr(built.v[i], '@'))
			fl_columns_row(&c, (const char *[]){ built.v[i], path });
	}
	if (!bad)
		fl_columns_print(&c, stdout, "");
	fl_strv_release(&names);
	fl_strv_release(&built);
	fl_strv_release(&folders);
	return bad ? -1 : 0;
}

static int list_runs(const char *glob, struct fl_error *err)
{
	struct fl_columns c = { .n = 6, .width = fl_terminal_width(STDOUT_FILENO) };
	cleanup_free char *file = fl_asprintf("%s/faultline.db", fl_results());
	struct fl_stored_run *runs;
	struct fl_store *store;
	size_t n;
	int bad;

	(void)glob;
	if (access(file, F_OK) && errno == ENOENT) {
		fprintf(stderr, "no runs yet in %s\n", fl_results());
		return 0;
	}
	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_runs(store, &runs, &n, err);
	for (size_t i = 0; !bad && i < n; i++) {
		const struct fl_stored_run *r = &runs[i];
		char points[32];

		snprintf(points, sizeof(points), "%u/%u points", r->stored, r->planned);
		fl_columns_row(&c, (const char *[]){ r->name, r->created, r->state, points,
						     r->clock, r->about });
	}
	fl_columns_print(&c, stdout, "");
	if (!bad)
		fl_stored_runs_free(runs, n);
	fl_store_close(store);
	return bad;
}

/* Starts PROGRAM --help with its output in a pipe. */
static FILE *open_help(const char *path, pid_t *pid)
{
	char *const argv[] = { (char *)path, "--help", NULL };
	posix_spawn_file_actions_t actions;
	int fds[2], bad;

	if (pipe2(fds, O_CLOEXEC))
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDERR_FILENO);
	bad = posix_spawn(pid, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	if (bad) {
		close(fds[0]);
		return NULL;
	}
	return fdopen(fds[0], "re");
}

/* A workload tells about itself: "Usage: NAME SYNOPSIS", then one line. */
static void describe_workload(struct fl_columns *c, const char *name)
{
	cleanup_free char *path = fl_asprintf("%s/%s", fl_programs(), name);
	char usage[512] = "", about[512] = "";
	struct stat st;
	FILE *help;
	pid_t pid;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || access(path, X_OK))
		return;
	help = open_help(path, &pid);
	if (!help)
		return;
	if (fgets(usage, sizeof(usage), help) && !strncmp(usage, "Usage: ", 7) &&
	    fgets(about, sizeof(about), help)) {
		usage[strcspn(usage, "\n")] = '\0';
		about[strcspn(about, "\n")] = '\0';
		fl_columns_row(c, (const char *[]){ name, usage + 7, about });
	}
	while (fgets(usage, sizeof(usage), help))
		;
	fclose(help);
	waitpid(pid, NULL, 0);
}

static int list_workloads(const char *glob, struct fl_error *err)
{
	struct fl_columns c = { .n = 3 };
	struct dirent **entries;
	int n = scandir(fl_programs(), &entries, NULL, alphasort);

	(void)glob;
	if (n < 0)
		return fl_fail(err, FL_MACHINE, "%s: %s: make builds the workloads", fl_programs(),
			       strerror(errno));
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.' && strcmp(entries[i]->d_name, "agent"))
			describe_workload(&c, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (!c.cells.n)
		return fl_fail(err, FL_MACHINE, "%s holds no workload: make builds them",
			       fl_programs());
	fl_columns_print(&c, stdout, "");
	return 0;
}

static int list_kernels(const char *glob, struct fl_error *err)
{
	(void)glob;
	return fl_list_kernels(err);
}

static const struct topic topics[] = {
	{ "experiments", "questions that bench/ asks", list_experiments, false },
	{ "kernels", "guest kernels that can be built, and where they are", list_kernels, false },
	{ "metrics", "what is measured, with unit and source", list_metrics, true },
	{ "runs", "what the results folder holds", list_runs, false },
	{ "settings", "kernel settings that an experiment may sweep", list_settings, true },
	{ "workloads", "programs that a guest runs", list_workloads, false },
};

#define N_TOPICS (sizeof(topics) / sizeof(topics[0]))

static int unknown_topic(const char *name, struct fl_error *err)
{
	const char *names[N_TOPICS + 1] = { NULL }, *near;

	for (size_t i = 0; i < N_TOPICS; i++)
		names[i] = topics[i].name;
	near = fl_nearest(name, names);
	if (near)
		return fl_fail(err, FL_USAGE, "list: no such topic \"%s\": did you mean %s?", name,
			       near);
	return fl_fail(err, FL_USAGE, "list: no such topic \"%s\": faultline list shows them",
		       name);
}

static int list_topics(void)
{
	struct fl_columns c = { .n = 2, .width = fl_terminal_width(STDOUT_FILENO) };

	for (size_t i = 0; i < N_TOPICS; i++)
		fl_columns_row(&c, (const char *[]){ topics[i].name, topics[i].about });
	fl_columns_print(&c, stdout, "");
	return 0;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	const char *value;
	size_t i = 0;
	int next = 1;

	if (fl_next_option(&fl_cmd_list, argc, argv, &next, &value, err) < -1)
		return -1;
	if (next >= argc)
		return list_topics();
	while (i < N_TOPICS && strcmp(topics[i].name, argv[next]) != 0)
		i++;
	if (i == N_TOPICS)
		return unknown_topic(argv[next], err);
	if (next + (topics[i].globs ? 2 : 1) < argc)
		return fl_fail(err, FL_USAGE, "list %s takes %s; \"%s\" is one too many",
			       topics[i].name, topics[i].globs ? "one GLOB" : "no more",
			       argv[next + (topics[i].globs ? 2 : 1)]);
	return topics[i].list(argv[next + 1], err);
}

static const struct fl_option options[] = { { 0 } };

const struct fl_command fl_cmd_list = {
	.name = "list",
	.summary = "list experiments, workloads, metrics, settings, kernels or runs",
	.synopsis = "list [experiments|workloads|metrics [GLOB]|settings [GLOB]|kernels|runs]",
	.examples = "list experiments\n"
		    "list metrics 'fault_latency_*'\n"
		    "list settings 'thp.*'",
	.options = options,
	.run = run,
};
