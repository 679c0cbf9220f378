// SPDX-License-Identifier: Apache-2.0
// The children of the truth workload: executions, failed ones too, and ways to be born and to end.
#ifndef TRUTH_CHILDREN_H
#define TRUTH_CHILDREN_H

#include <poll.h>
#include <signal.h>
#include <time.h>

#include "truth_calls.h"

#define EXECS 23

extern char **environ;

/* Executes argv[0]'s path in a child; how it is named there differs: dirfd and name stand for path. */
static void exec_child(int dirfd, const char *name, const char *path, const char *exe, char *const given[], char *const seen[])
{
	char cwd[PATH_BYTES];
	int pid, status;

	must(getcwd(cwd, sizeof(cwd)) != NULL, "getcwd");
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid) {
		if (dirfd == AT_FDCWD)
			execve(name, given, environ);
		else
			syscall(SYS_execveat, dirfd, name, given, environ, 0);
		die("truth: exec of %s", path);
	}
	must(waitpid(pid, &status, 0) == pid && status == 0, path);
	did_exec(pid, 1, path, exe, seen, cwd, 0);
	if (!strcmp(seen[1] ? seen[1] : "", "chain")) {
		static char *again[] = { "again", "noop", NULL };

		did_exec(pid, 2, self, self, again, cwd, 0);
	}
	did_end("exec", pid, getpid(), status);
}

static void failed_exec(const char *name, const char *path, int error)
{
	static char *argv[] = { "never", NULL };
	char cwd[PATH_BYTES];

	must(getcwd(cwd, sizeof(cwd)) != NULL, "getcwd");
	must(execve(name, argv, environ) < 0 && errno == error, path);
	did_exec(getpid(), 0, path, "", argv, cwd, -error);
}

static void execs(int dirfd)
{
	static char argument[50][100], script[PATH_BYTES], true_exe[PATH_BYTES];
	static char *wide[MAX_ARGS] = { "wide", "noop" };
	static char *odd[] = { "odd", "noop", "line\nbreak \"quoted\" back\\slash \x1b[31m \xff", "", NULL };
	static char *chain[] = { "chained", "chain", NULL }, *linked[] = { "linked", "noop", NULL },
		    *plain[] = { "plain", "noop", NULL }, *true_argv[] = { "true", NULL };
	static char *script_given[] = { "ignored", "extra", NULL };
	static char *script_seen[] = { NULL, "noop", script, "extra", NULL };

	for (int i = 0; i < 50; i++) { /* 50 arguments of 99 bytes and a NUL each */
		memset(argument[i], 'a' + i % 26, 99);
		wide[2 + i] = argument[i];
	}
	exec_child(AT_FDCWD, self, self, self, wide, wide);
	exec_child(AT_FDCWD, self, self, self, odd, odd);
	exec_child(AT_FDCWD, self, self, self, chain, chain);
	exec_child(dirfd, "program.link", at("dir/program.link"), self, linked, linked);
	copy_path(script, at("script"));
	script_seen[0] = (char *)self;
	exec_child(AT_FDCWD, script, script, self, script_given, script_seen);
	must(realpath("/bin/true", true_exe) != NULL, "realpath");
	exec_child(AT_FDCWD, "/bin/true", "/bin/true", true_exe, true_argv, true_argv);
	while (ledger->exec_count < EXECS)
		exec_child(AT_FDCWD, self, self, self, plain, plain);
	failed_exec(at("missing-program"), at("missing-program"), ENOENT);
	failed_exec("missing-here", at("dir/missing-here"), ENOENT);
	failed_exec(at("not-executable"), at("not-executable"), EACCES);
}

static void child(const char *role, void (*body)(void), int signal)
{
	int pid = fork(), status;

	must(pid >= 0, "fork");
	if (!pid) {
		body();
		_exit(0);
	}
	if (signal)
		must(!kill(pid, signal), "kill");
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	did_end(role, pid, getpid(), status);
}

static void live_a_millisecond(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void wait_for_ever(void)
{
	for (;;)
		pause();
}

static void exit_with_42(void)
{
	_exit(42);
}

/* Forks the daemon and ends: the daemon's birth parent is gone before it writes. */
static void bear_daemon(void)
{
	int parent = getpid(), pid;

	must(setsid() == parent, "setsid");
	pid = fork();
	must(pid >= 0, "fork");
	if (pid) {
		ledger->daemon_pid = pid;
		return;
	}
	while (getppid() == parent || !ledger->daemon_pid)
		live_a_millisecond();
	write_new("daemon.out", 31);
	did_end("daemon", getpid(), parent, 0);
	_exit(0);
}

static void wait_for_daemon(void)
{
	struct pollfd gone = { .fd = syscall(SYS_pidfd_open, ledger->daemon_pid, 0), .events = POLLIN };

	if (gone.fd < 0 && errno == ESRCH)
		return;
	must(gone.fd >= 0 && poll(&gone, 1, 20000) == 1, "wait for the daemon");
	close(gone.fd);
}

#endif
