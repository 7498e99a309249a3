// SPDX-License-Identifier: GPL-2.0
#include "task.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bind.h"

struct one_task {
	struct tasks *set;
	unsigned int nr;
	pid_t pid;
	pthread_t thread;
	int status; /* as waitpid() has it; valid when ended */
	atomic_bool ended;
	bool killed; /* by tasks_kill(): not a failure of its own */
};

struct tasks {
	enum task_kind kind;
	unsigned int nr;
	unsigned int started;
	task_fn fn;
	void *arg;
	const struct bind *bind;
	struct one_task task[];
};

static int run(struct one_task *task)
{
	const struct tasks *set = task->set;
	int err = bind_self(set->bind, task->nr);

	if (err) {
		fprintf(stderr, "%s: task %u: cannot bind to its CPU: %s\n",
			program_invocation_short_name, task->nr, strerror(-err));
		return 1;
	}
	return set->fn(task->nr, set->arg);
}

static void *thread_main(void *arg)
{
	struct one_task *task = arg;

	task->status = W_EXITCODE(run(task), 0);
	atomic_store(&task->ended, true);
	return NULL;
}

static int start_process(struct one_task *task)
{
	pid_t parent = getpid();

	task->pid = fork();
	if (task->pid < 0)
		return -errno;
	if (task->pid)
		return 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	exit(run(task));
}

static int start_one(struct one_task *task)
{
	if (task->set->kind == TASK_PROCESS)
		return start_process(task);
	return -pthread_create(&task->thread, NULL, thread_main, task);
}

int tasks_start(struct tasks **tasks, enum task_kind kind, unsigned int nr, task_fn fn, void *arg,
		const struct bind *bind)
{
	struct tasks *set = calloc(1, sizeof(*set) + nr * sizeof(set->task[0]));
	int err = 0;

	if (!set)
		return -ENOMEM;
	set->kind = kind;
	set->nr = nr;
	set->fn = fn;
	set->arg = arg;
	set->bind = bind;
	fflush(stdout); /* else each process would print what waits in the buffer */
	while (!err && set->started < nr) {
		struct one_task *task = &set->task[set->started];

		task->set = set;
		task->nr = set->started;
		err = start_one(task);
		set->started += !err;
	}
	if (err) {
		tasks_kill(set);
		if (kind == TASK_PROCESS)
			tasks_free(set);
		return err;
	}
	*tasks = set;
	return 0;
}

static bool has_ended(struct one_task *task)
{
	if (!task->ended && task->set->kind == TASK_PROCESS)
		task->ended = waitpid(task->pid, &task->status, WNOHANG) == task->pid;
	return task->ended;
}

bool tasks_running(void *tasks)
{
	struct tasks *set = tasks;

	for (unsigned int i = 0; i < set->started; i++)
		if (has_ended(&set->task[i]))
			return false;
	return true;
}

bool tasks_healthy(void *tasks)
{
	struct tasks *set = tasks;

	for (unsigned int i = 0; i < set->started; i++)
		if (has_ended(&set->task[i]) && set->task[i].status)
			return false;
	return true;
}

static int report(const struct one_task *task)
{
	const char *name = program_invocation_short_name;

	if (task->killed)
		return 0;
	if (WIFSIGNALED(task->status))
		fprintf(stderr, "%s: task %u was killed by signal %d (%s)\n", name, task->nr,
			WTERMSIG(task->status), strsignal(WTERMSIG(task->status)));
	else if (task->status)
		fprintf(stderr, "%s: task %u failed with exit status %d\n", name, task->nr,
			WEXITSTATUS(task->status));
	return task->status ? 1 : 0;
}

/* The end of a task, in whatever order they end: a death is told at once, not after its elders. */
static struct one_task *next_end(struct tasks *set)
{
	int status;
	pid_t pid;

	do {
		pid = waitpid(-1, &status, 0);
	} while (pid < 0 && errno == EINTR);
	for (unsigned int i = 0; pid > 0 && i < set->started; i++) {
		if (set->task[i].pid != pid)
			continue;
		set->task[i].status = status;
		set->task[i].ended = true;
		return &set->task[i];
	}
	return NULL;
}

static int wait_processes(struct tasks *set)
{
	unsigned int left = 0;
	int failed = 0;

	for (unsigned int i = 0; i < set->started; i++) {
		if (has_ended(&set->task[i]))
			failed |= report(&set->task[i]);
		else
			left++;
	}
	while (left) {
		struct one_task *task = next_end(set);

		if (!task && errno == ECHILD)
			return 1;
		if (!task)
			continue;
		failed |= report(task);
		left--;
	}
	return failed;
}

int tasks_wait(struct tasks *tasks)
{
	int failed = 0;

	if (tasks->kind == TASK_PROCESS)
		return wait_processes(tasks);
	for (unsigned int i = 0; i < tasks->started; i++) {
		pthread_join(tasks->task[i].thread, NULL);
		failed |= report(&tasks->task[i]);
	}
	return failed;
}

void tasks_kill(struct tasks *tasks)
{
	if (tasks->kind == TASK_THREAD)
		return;
	for (unsigned int i = 0; i < tasks->started; i++) {
		struct one_task *task = &tasks->task[i];

		task->killed = !has_ended(task);
		if (task->killed)
			kill(task->pid, SIGKILL);
	}
	for (unsigned int i = 0; i < tasks->started; i++) {
		struct one_task *task = &tasks->task[i];

		if (!task->ended)
			task->ended = waitpid(task->pid, &task->status, 0) == task->pid;
	}
}

pid_t tasks_pid(const struct tasks *tasks, unsigned int nr)
{
	return tasks->task[nr].pid;
}

void tasks_free(struct tasks *tasks)
{
	free(tasks);
}
