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
#define VERSION "1"

static struct {
	struct fl_frame_reader reader;
	struct job work, pressure;
	uint64_t sample_due, beat_due, kill_due; /* clock_ns; 0: never */
	uint64_t began, ended;                   /* of the workload, clock_ns */
	bool exact;                              /* the instruction clock */
} agent = {
	.work = { 0, -1, -1, -1 },
	.pressure = { 0, -1, -1, -1 },
};

static bool running(void)
{
	return agent.work.pid > 0;
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

/* The first and the second of these calls bound what a profile counts; nobody else makes them. */
static void mark_window(void)
{
	if (agent.exact)
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

static void start_work(const struct fl_frame *f)
{
	int error;

	if (running())
		return;
	unlink(LATENCY_FILE);
	sample_take("start");
	error = job_make(&agent.work, WORKLOAD_GROUP, f->text, f->len,
			 agent.exact ? JOB_EXACT : JOB_TRACED);
	if (!error) {
		port_sendf(FL_STARTED, NULL, "pid %d", agent.work.pid);
		if (agent.exact)
			wait_for_start();
		mark_window();
		agent.began = clock_ns();
		agent.ended = 0;
		error = job_go(&agent.work);
	}
	if (error) {
		port_sendf(FL_LOG, NULL, "cannot start the workload: %s", strerror(error));
		port_sendf(FL_EXIT, NULL, "exited 126\n");
		agent.work.pid = 0;
		return;
	}
	if (sample_interval_ns() && !agent.exact)
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
		if (running()) {
			kill(agent.work.pid, SIGTERM);
			agent.kill_due = clock_ns() + STOP_NS;
		}
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
	int fd = open(LATENCY_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		port_send(FL_LATENCY, NULL, buf, (size_t)n);
	if (fd >= 0)
		close(fd);
}

static void work_ended(int status, const struct rusage *u)
{
	job_ship(&agent.work.out, "stdout");
	job_ship(&agent.work.err, "stderr");
	job_ship_count();
	agent.work.pid = 0;
	agent.sample_due = agent.kill_due = 0;
	port_sendf(FL_EXIT, NULL,
		   "%s %d\nmaxrss_kib %ld user_us %lld system_us %lld minflt %ld majflt %ld "
		   "began_ns %llu ended_ns %llu\n",
		   WIFEXITED(status) ? "exited" : "killed",
		   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), u->ru_maxrss,
		   (long long)u->ru_utime.tv_sec * 1000000 + u->ru_utime.tv_usec,
		   (long long)u->ru_stime.tv_sec * 1000000 + u->ru_stime.tv_usec, u->ru_minflt,
		   u->ru_majflt, (unsigned long long)agent.began, (unsigned long long)agent.ended);
	ship_latency();
	kill_group(WORKLOAD_GROUP);
	sample_take("after");
}

/* A stop of the traced workload: its exit, a job-control stop, or a signal on its way in. */
static void work_stopped(int status)
{
	int event = status >> 16, sig = WSTOPSIG(status);

	if (event == PTRACE_EVENT_EXIT) {
		agent.ended = clock_ns();
		mark_window();
		agent.sample_due = 0;
		sample_take("exit");
		ptrace(PTRACE_CONT, agent.work.pid, NULL, 0);
	} else if (event == PTRACE_EVENT_STOP) {
		ptrace(sig == SIGTRAP ? PTRACE_CONT : PTRACE_LISTEN, agent.work.pid, NULL, 0);
	} else {
		ptrace(PTRACE_CONT, agent.work.pid, NULL, sig);
	}
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
		if (pid == agent.work.pid && WIFSTOPPED(status))
			work_stopped(status);
		else if (pid == agent.work.pid)
			work_ended(status, &u);
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
	if (agent.kill_due && now >= agent.kill_due) {
		kill_group(WORKLOAD_GROUP);
		agent.kill_due = 0;
	}
}

static int timeout_ms(void)
{
	uint64_t due[] = { agent.sample_due, agent.beat_due, agent.kill_due };
	uint64_t now = clock_ns(), first = UINT64_MAX;

	for (size_t i = 0; i < 3; i++)
		if (due[i] && due[i] < first)
			first = due[i];

	if (first == UINT64_MAX)
		return -1;
	return first > now ? (int)((first - now) / 1000000 + 1) : 0;
}

static void serve(int port, int signals)
{
	struct fl_frame f;

	for (;;) {
		struct pollfd p[] = {
			{ port, POLLIN, 0 },
			{ signals, POLLIN, 0 },
			{ agent.exact ? -1 : agent.work.out, POLLIN, 0 },
			{ agent.exact ? -1 : agent.work.err, POLLIN, 0 },
			{ agent.pressure.out, POLLIN, 0 },
			{ agent.pressure.err, POLLIN, 0 },
		};

		if (agent.exact && !running() && script_next(&f)) {
			take_frame(&f);
			continue;
		}
		if (poll(p, 6, timeout_ms()) < 0 && errno != EINTR)
			world_die("poll");
		if (p[2].revents)
			job_ship(&agent.work.out, "stdout");
		if (p[3].revents)
			job_ship(&agent.work.err, "stderr");
		if (p[4].revents)
			job_ship(&agent.pressure.out, NULL);
		if (p[5].revents)
			job_ship(&agent.pressure.err, NULL);
		if (p[1].revents)
			reap(signals);
		if (p[0].revents)
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
