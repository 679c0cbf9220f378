// SPDX-License-Identifier: Apache-2.0
// Processes and threads that behave in ways a recorder gets wrong easily; the first argument says which.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { THREADS = 8, TOGETHER = 128, CALLS_A_ROUND = 1000, PAUSE_US = 500, FLOODERS = 4, FLOOD_NICE = 15, PATIENCE_S = 90 };

static const char *self;
static pthread_barrier_t barrier;

static void must(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

/* Starts COUNT processes, each an exec of its own that ends with a status from 0 to 250; TOGETHER are left. */
static void start_storm(int count)
{
	extern char **environ;
	int status;

	for (int i = 0; i < count; i++) {
		char code[16];
		char *argv[] = { (char *)self, "leaf", code, NULL };
		pid_t pid;

		snprintf(code, sizeof(code), "%d", i % 251);
		must(posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0, "posix_spawn");
		if (i >= TOGETHER)
			must(wait(&status) > 0, "wait");
	}
}

static int wait_for_all(void)
{
	while (wait(NULL) > 0)
		continue;
	return 0;
}

static int storm(int count)
{
	start_storm(count);
	return wait_for_all();
}

static void *exec_leaf(void *unused)
{
	(void)unused;
	execl(self, self, "leaf", "5", (char *)NULL);
	_exit(1);
}

static void *idle(void *unused)
{
	pause();
	return unused;
}

/* A thread that is not the main one executes another program. */
static int exec_in_thread(void)
{
	pthread_t threads[2];

	must(pthread_create(&threads[0], NULL, idle, NULL) == 0, "pthread_create");
	must(pthread_create(&threads[1], NULL, exec_leaf, NULL) == 0, "pthread_create");
	pause();
	return 1;
}

static void *write_later(void *file)
{
	int fd;

	/* until the main thread is a zombie: it has no maps any more then */
	for (int over = 0; !over;) {
		char state = 0, path[64];
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
		stat = fopen(path, "r");
		must(stat && fscanf(stat, "%*d %*s %c", &state) == 1, path);
		fclose(stat);
		over = state == 'Z';
	}
	fd = open(file, O_WRONLY | O_CREAT, 0600);
	must(write(fd, "later", 5) == 5, "write");
	close(fd);
	return NULL;
}

/* The main thread ends first; another goes on, writes to FILE, and is the last. */
static int main_thread_ends_first(char *file)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, write_later, file) == 0, "pthread_create");
	pthread_exit(NULL);
}

static void *end_together(void *unused)
{
	pthread_barrier_wait(&barrier);
	syscall(SYS_exit, 0);
	return unused;
}

/* COUNT processes, all threads of which end at the same moment. */
static int race(int count)
{
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		must(pid >= 0, "fork");
		if (!pid) {
			pthread_t thread;

			pthread_barrier_init(&barrier, NULL, THREADS);
			for (int t = 1; t < THREADS; t++)
				must(pthread_create(&thread, NULL, end_together, NULL) == 0, "pthread_create");
			end_together(NULL);
		}
		must(waitpid(pid, NULL, 0) == pid, "waitpid");
	}
	return 0;
}

/* Writes a thousand times and opens once, again and again, until it is killed or whoever started it is. */
static int flood(const char *file)
{
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(fd >= 0, file);
	for (;;) {
		int other = open("/dev/null", O_WRONLY);

		for (int i = 0; i < CALLS_A_ROUND; i++)
			must(pwrite(fd, "x", 1, i) == 1, "pwrite");
		close(other);
		usleep(PAUSE_US); /* or the roller gets no processor where there are few */
	}
}

static void let_go_on(void)
{
	kill(getppid(), SIGCONT);
}

static void give_up(int signal)
{
	let_go_on();
	_exit(128 + signal);
}

/* Stops the process that started this one until this one ends, however it does. */
static void stop_parent(void)
{
	must(atexit(let_go_on) == 0, "atexit");
	must(signal(SIGALRM, give_up) != SIG_ERR, "signal");
	alarm(PATIENCE_S);
	must(kill(getppid(), SIGSTOP) == 0, "kill");
}

static void write_one(int fd)
{
	must(write(fd, "x", 1) == 1, "write");
}

static void open_one(int fd)
{
	(void)fd;
	close(open("/dev/null", O_WRONLY));
}

/* Starts COUNT processes in a flood: four others make a call FIRST times in all before, and go on until these have started. */
static int storm_in_flood(int count, void (*call)(int), long first)
{
	struct { atomic_int high, over; } *flood;
	int fd = open("/dev/null", O_WRONLY);

	flood = mmap(NULL, sizeof(*flood), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(flood != MAP_FAILED && fd >= 0, "/dev/null");
	for (int i = 0; i < FLOODERS; i++) {
		pid_t pid = fork();

		must(pid >= 0, "fork");
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (long n = 0; n <= first / FLOODERS; n++)
				call(fd);
			flood->high++;
			nice(FLOOD_NICE); /* or the processes get no processor where there are few */
			while (!flood->over)
				call(fd);
			_exit(0);
		}
	}
	while (flood->high < FLOODERS)
		usleep(PAUSE_US);
	start_storm(count);
	flood->over = 1;
	return wait_for_all();
}

/* Fills the pipe that is standard error to the brim. */
static void fill_pipe(void)
{
	int flags = fcntl(2, F_GETFL);

	must(fcntl(2, F_SETFL, flags | O_NONBLOCK) == 0, "fcntl");
	while (write(2, "x", 1) == 1)
		continue;
	must(fcntl(2, F_SETFL, flags) == 0, "fcntl");
}

/* Makes standard error a terminal whose output is stopped, as by Ctrl-S. */
static void stop_terminal(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	int fd;

	must(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0, "posix_openpt");
	fd = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	must(fd >= 0 && tcflow(fd, TCOOFF) == 0 && dup2(fd, 2) == 2, "terminal");
}

int main(int argc, char **argv)
{
	self = argv[0];
	must(argc > 1, "usage");
	if (!strcmp(argv[1], "leaf"))
		return atoi(argv[2]);
	if (!strcmp(argv[1], "storm"))
		return storm(atoi(argv[2]));
	if (!strcmp(argv[1], "stderr-full") || !strcmp(argv[1], "stderr-stopped")) {
		if (!strcmp(argv[1], "stderr-full"))
			fill_pipe();
		else
			stop_terminal();
		execv(argv[2], argv + 2);
		return 1;
	}
	if (argc > 4 && !strcmp(argv[4], "parent-stopped"))
		stop_parent();
	if (!strcmp(argv[1], "storm-in-writes"))
		return storm_in_flood(atoi(argv[2]), write_one, atol(argv[3]));
	if (!strcmp(argv[1], "storm-in-opens"))
		return storm_in_flood(atoi(argv[2]), open_one, atol(argv[3]));
	if (!strcmp(argv[1], "exec-in-thread"))
		return exec_in_thread();
	if (!strcmp(argv[1], "main-thread-ends-first"))
		return main_thread_ends_first(argv[2]);
	if (!strcmp(argv[1], "race"))
		return race(atoi(argv[2]));
	if (!strcmp(argv[1], "flood"))
		return flood(argv[2]);
	return 2;
}
