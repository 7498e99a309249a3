/* SPDX-License-Identifier: GPL-2.0 */
/* One loop: frames in, children's ends, pipes, two timers.  See agent.h. */
#include "guest/agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BEAT_NS 1000000000ull
#define STOP_NS 2000000000ull
#define START_NS 20000000000ull
#define VERSION "3"
#define WORKS_MAX 16
#define TURN_BYTES 65536 /* of each pipe between two looks at the timers */

/* The workload, or a program that a step started; pid 0: not running. */
struct work {
	struct job job;
	char name[32];         /* "": the workload */
	uint64_t began, ended; /* clock_ns */
	uint64_t kill_due;     /* clock_ns; 0: never */
	char out[48], err[48]; /* names of its output */
};

static struct {
	struct fl_frame_reader reader;
	struct work works[WORKS_MAX]; /* the first is the workload */
	struct job pressure;
	uint64_t sample_due, beat_due; /* clock_ns; 0: never */
	bool exact;                    /* the instruction clock */
} agent = {
	.pressure = { 0, -1, -1, -1 },
};

static bool running(const struct work *w)
{
	return w->job.pid > 0;
}

static unsigned int count_running(void)
{
	unsigned int n = 0;

	for (size_t i = 0; i < WORKS_MAX; i++)
		n += running(&agent.works[i]);
	return n;
}

static struct work *find_work(const char *name)
{
	if (!*name)
		return &agent.works[0];
	for (size_t i = 1; i < WORKS_MAX; i++)
		if (running(&agent.works[i]) && !strcmp(agent.works[i].name, name))
			return &agent.works[i];
	return NULL;
}

static struct work *free_work(const char *name)
{
	for (size_t i = *name ? 1 : 0; i < WORKS_MAX; i++)
		if (!running(&agent.works[i]))
			return &agent.works[i];
	return NULL;
}

/*
 * The instruction clock, exact to the instruction: nothing comes from outside
 * (script.c), there are no beats, and the workload begins at a whole multiple of
 * START_NS, so that the kernel's timers stand alike whatever came before.
 * Asleep, 20 s of the guest pass in 0.25 s of the host.
 */
static void wait_for_start(void)
{
	uint64_t at = (clock_ns() / START_NS + 1) * START_NS;
	struct timespec t = { (time_t)(at / 1000000000), (long)(at % 1000000000) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/*
 * The first and the second of these calls bound what the plugins of QEMU count and hold up; nobody
 * else makes them.
 */
static void mark_window(void)
{
	personality(0xffffffff);
}

static void send_written(const char *path, int error)
{
	static char text[4096];
	int fd, n = snprintf(text, 64, "errno %d\n", error);
	ssize_t got = 0;

	fd = error ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, text + n, sizeof(text) - (size_t)n);
		close(fd);
	}
	port_send(FL_WRITTEN, path, text, (size_t)n + (size_t)(got > 0 ? got : 0));
}

static void name_work(struct work *w, const char *name)
{
	*w = (struct work){ .job = { 0, -1, -1, -1 } };
	snprintf(w->name, sizeof(w->name), "%.31s", name);
	snprintf(w->out, sizeof(w->out), "%s%sstdout", w->name, *name ? "/" : "");
	snprintf(w->err, sizeof(w->err), "%s%sstderr", w->name, *name ? "/" : "");
}

/* Up to its first instruction; 0 or errno. */
static int launch(struct work *w, const struct fl_frame *f)
{
	int error = job_make(&w->job, WORKLOAD_GROUP, f->text, f->len,
			     agent.exact ? JOB_EXACT : JOB_TRACED);

	if (error)
		return error;
	port_sendf(FL_STARTED, w->name, "pid %d", w->job.pid);
	if (agent.exact)
		wait_for_start();
	if (!*w->name)
		mark_window();
	w->began = clock_ns();
	return job_go(&w->job);
}

static void start_work(const struct fl_frame *f)
{
	struct work *w = free_work(f->name);
	int error;

	if (find_work(f->name) && running(find_work(f->name)))
		return;
	if (!*f->name) {
		unlink(LATENCY_FILE);
		sample_take("start");
	}
	if (w)
		name_work(w, f->name);
	error = w ? launch(w, f) : EAGAIN;
	if (error) {
		port_sendf(FL_LOG, NULL, "cannot start %s: %s", *f->name ? f->name : "the workload",
			   strerror(error));
		port_sendf(FL_EXIT, f->name, "exited 126\n");
		if (w)
			w->job.pid = 0;
		return;
	}
	if (sample_interval_ns() && !agent.exact && !agent.sample_due)
		agent.sample_due = clock_ns() + sample_interval_ns();
}

static void start_pressure(const struct fl_frame *f)
{
	int error = job_make(&agent.pressure, PRESSURE_GROUP, f->text, f->len, JOB_BESIDE);

	if (!error)
		error = job_go(&agent.pressure);
	if (error)
		port_sendf(FL_LOG, NULL, "cannot start the pressure: %s", strerror(error));
}

static void kill_group(const char *group)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/cgroup.kill", group);
	world_write(path, "1", 1);
}

/* What is left of it when its first process is gone, or will not go. */
static void kill_rest(const struct work *w, pid_t pid)
{
	if (count_running() - running(w))
		kill(-pid, SIGKILL);
	else
		kill_group(WORKLOAD_GROUP);
}

static void stop_work(const char *name)
{
	struct work *w = find_work(name);

	if (!w || !running(w))
		return;
	kill(w->job.pid, SIGTERM);
	w->kill_due = clock_ns() + STOP_NS;
}

static void power_off(void)
{
	kill_group(PRESSURE_GROUP);
	port_send(FL_END, NULL, NULL, 0);
	usleep(1000);
	world_off();
}

static void take_frame(const struct fl_frame *f)
{
	switch (f->type) {
	case FL_SYNC:
		port_send(FL_SYNCED, f->name, f->text, f->len);
		break;
	case FL_WRITE:
		send_written(f->name, world_write(f->name, f->text, f->len));
		break;
	case FL_ZRAM:
		send_written("/sys/block/zram0/disksize", world_zram(f->text));
		break;
	case FL_READ:
		if (!port_send_file(FL_TEXT, f->name, f->name))
			send_written(f->name, errno);
		break;
	case FL_FETCH:
		port_send_pieces(f->name, strtoull(f->text, NULL, 10));
		break;
	case FL_SAMPLE:
		sample_configure(f->text);
		break;
	case FL_PRESSURE:
		start_pressure(f);
		break;
	case FL_RUN:
		start_work(f);
		break;
	case FL_STOP:
		stop_work(f->name);
		break;
	case FL_LOOK:
		sample_take("step");
		break;
	case FL_OFF:
		power_off();
		break;
	default:
		break;
	}
}

static void read_port(int port)
{
	struct fl_frame f;
	size_t room;
	void *to = fl_frame_reader_room(&agent.reader, &room);
	ssize_t n = read(port, to, room);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n == 0) { /* the host's end is not open (yet) */
		usleep(10000);
		return;
	}
	if (n < 0)
		world_die("the virtio port cannot be read");
	fl_frame_reader_fed(&agent.reader, (size_t)n);
	while ((n = fl_frame_reader_next(&agent.reader, &f)) == 1)
		take_frame(&f);
	if (n < 0)
		world_die("the harness sent what is no frame");
}

static void ship_latency(void)
{
	static char buf[65536];
	int fd = open(LATENCY_FILE, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t sent = 0;
	ssize_t n;

	while (fd >= 0 && sent <= FL_LATENCY_MAX && (n = read(fd, buf, sizeof(buf))) > 0) {
		port_send(FL_LATENCY, NULL, buf, (size_t)n);
		sent += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
}

static void work_ended(struct work *w, int status, const struct rusage *u)
{
	pid_t pid = w->job.pid;

	job_ship_rest(&w->job.out, w->out);
	job_ship_rest(&w->job.err, w->err);
	job_ship_count();
	w->job.pid = 0;
	w->kill_due = 0;
	if (!sample_keeps_on())
		agent.sample_due = 0;
	port_sendf(FL_EXIT, w->name,
		   "%s %d\nmaxrss_kib %ld user_us %lld system_us %lld minflt %ld majflt %ld "
		   "began_ns %llu ended_ns %llu\n",
		   WIFEXITED(status) ? "exited" : "killed",
		   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), u->ru_maxrss,
		   (long long)u->ru_utime.tv_sec * 1000000 + u->ru_utime.tv_usec,
		   (long long)u->ru_stime.tv_sec * 1000000 + u->ru_stime.tv_usec, u->ru_minflt,
		   u->ru_majflt, (unsigned long long)w->began, (unsigned long long)w->ended);
	if (!*w->name)
		ship_latency();
	kill_rest(w, pid);
	sample_take("after");
}

/* A stop of a traced program: its exit, a job-control stop, or a signal on its way in. */
static void work_stopped(struct work *w, int status)
{
	int event = status >> 16, sig = WSTOPSIG(status);

	if (event == PTRACE_EVENT_EXIT) {
		w->ended = clock_ns();
		if (!*w->name)
			mark_window();
		if (!sample_keeps_on())
			agent.sample_due = 0;
		sample_take("exit");
		ptrace(PTRACE_CONT, w->job.pid, NULL, 0);
	} else if (event == PTRACE_EVENT_STOP) {
		ptrace(sig == SIGTRAP ? PTRACE_CONT : PTRACE_LISTEN, w->job.pid, NULL, 0);
	} else {
		ptrace(PTRACE_CONT, w->job.pid, NULL, sig);
	}
}

static struct work *work_of(pid_t pid)
{
	for (size_t i = 0; i < WORKS_MAX; i++)
		if (agent.works[i].job.pid == pid)
			return &agent.works[i];
	return NULL;
}

static void reap(int signals)
{
	struct signalfd_siginfo info;
	struct rusage u;
	int status;
	pid_t pid;

	if (read(signals, &info, sizeof(info)) < 0 && errno != EAGAIN)
		return;
	while ((pid = wait4(-1, &status, WNOHANG | __WALL, &u)) > 0) {
		struct work *w = work_of(pid);

		if (w && WIFSTOPPED(status))
			work_stopped(w, status);
		else if (w)
			work_ended(w, status, &u);
		else if (pid == agent.pressure.pid)
			port_sendf(FL_LOG, NULL, "the pressure ended (wait status %#x)", status);
	}
}

static void run_timers(void)
{
	uint64_t now = clock_ns();

	if (agent.sample_due && now >= agent.sample_due)
		agent.sample_due = sample_take("timer");
	if (agent.beat_due && now >= agent.beat_due) {
		port_send(FL_BEAT, NULL, NULL, 0);
		agent.beat_due = now + BEAT_NS;
	}
	for (size_t i = 0; i < WORKS_MAX; i++) {
		struct work *w = &agent.works[i];

		if (!running(w) || !w->kill_due || now < w->kill_due)
			continue;
		kill_rest(w, w->job.pid);
		w->kill_due = 0;
	}
}

static int timeout_ms(void)
{
	uint64_t due[WORKS_MAX + 2] = { agent.sample_due, agent.beat_due };
	uint64_t now = clock_ns(), first = UINT64_MAX;

	for (size_t i = 0; i < WORKS_MAX; i++)
		due[i + 2] = running(&agent.works[i]) ? agent.works[i].kill_due : 0;
	for (size_t i = 0; i < WORKS_MAX + 2; i++)
		if (due[i] && due[i] < first)
			first = due[i];
	if (first == UINT64_MAX)
		return -1;
	return first > now ? (int)((first - now) / 1000000 + 1) : 0;
}

/* Pipes to watch, two a program; -1 where there is none. */
static void watch_works(struct pollfd *p)
{
	for (size_t i = 0; i < WORKS_MAX; i++) {
		const struct work *w = &agent.works[i];
		bool live = running(w) && !agent.exact;

		p[2 * i] = (struct pollfd){ live ? w->job.out : -1, POLLIN, 0 };
		p[2 * i + 1] = (struct pollfd){ live ? w->job.err : -1, POLLIN, 0 };
	}
}

static void ship_works(const struct pollfd *p)
{
	for (size_t i = 0; i < WORKS_MAX; i++) {
		struct work *w = &agent.works[i];

		if (p[2 * i].revents)
			job_ship(&w->job.out, w->out, TURN_BYTES);
		if (p[2 * i + 1].revents)
			job_ship(&w->job.err, w->err, TURN_BYTES);
	}
}

static void serve(int port, int signals)
{
	enum { PORT, SIGNALS, OUT, ERR, WORKS, N = WORKS + 2 * WORKS_MAX };
	struct fl_frame f;

	for (;;) {
		struct pollfd p[N] = {
			[PORT] = { port, POLLIN, 0 },
			[SIGNALS] = { signals, POLLIN, 0 },
			[OUT] = { agent.pressure.out, POLLIN, 0 },
			[ERR] = { agent.pressure.err, POLLIN, 0 },
		};

		if (agent.exact && !running(&agent.works[0]) && script_next(&f)) {
			take_frame(&f);
			continue;
		}
		watch_works(p + WORKS);
		if (poll(p, N, timeout_ms()) < 0 && errno != EINTR)
			world_die("poll");
		ship_works(p + WORKS);
		if (p[OUT].revents)
			job_ship(&agent.pressure.out, NULL, TURN_BYTES);
		if (p[ERR].revents)
			job_ship(&agent.pressure.err, NULL, TURN_BYTES);
		if (p[SIGNALS].revents)
			reap(signals);
		if (p[PORT].revents)
			read_port(port);
		run_timers();
	}
}

static void say_ready(void)
{
	port_sendf(FL_READY, VERSION, "cpus %ld\nmemory_kib %ld\nexact %d\n",
		   sysconf(_SC_NPROCESSORS_ONLN),
		   sysconf(_SC_PHYS_PAGES) * (sysconf(_SC_PAGESIZE) / 1024), agent.exact);
}

int main(void)
{
	int port, signals;
	sigset_t set;

	world_mount();
	world_modules();
	if (world_told("faultline.shell"))
		world_shell();
	agent.exact = world_told("faultline.exact");
	setenv("PATH", "/bin:/usr/bin:/sbin:/usr/sbin", 1);
	world_write("/proc/self/oom_score_adj", "-1000", 5);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		world_die("signalfd");
	port = port_open();
	agent.exact = agent.exact && script_open();
	say_ready();
	if (agent.exact)
		script_hold();
	agent.beat_due = agent.exact ? 0 : clock_ns() + BEAT_NS;
	serve(port, signals);
}
