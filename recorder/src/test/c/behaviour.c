// SPDX-License-Identifier: Apache-2.0
// Processes and threads that behave in ways a recorder gets wrong easily; the first argument says which.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, TOGETHER = 128, CALLS_A_ROUND = 1000, PAUSE_US = 500 };

static const char *self;
static pthread_barrier_t barrier;

static void must(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

/* Starts COUNT processes, each an exec of its own that ends with a status from 0 to 250, as many at a time as is quick. */
static int storm(int count)
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
	while (wait(&status) > 0)
		continue;
	return 0;
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

int main(int argc, char **argv)
{
	self = argv[0];
	must(argc > 1, "usage");
	if (!strcmp(argv[1], "leaf"))
		return atoi(argv[2]);
	if (!strcmp(argv[1], "storm"))
		return storm(atoi(argv[2]));
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
