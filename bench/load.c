// SPDX-License-Identifier: Apache-2.0
// The workloads of the benchmark: bounded, timed by themselves, the same under every tool.
//
// usage: load RESULT idle|writers|churn|forks COUNT
//        load RESULT flood|single SECONDS               four writers or one
//        load RESULT run COUNT COMMAND [ARGUMENT]...    COUNT: the operations that COMMAND will make
//
// All work is done below one worker, the only child of this process. Writes to RESULT: its own pid, operations made, seconds
// they took, CPU seconds of this process and all below it.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WRITERS 4
#define WRITERS_CPUS 2
#define CLOCK_EVERY 1024 /* writes from one look at the clock to the next */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static double cpu_seconds(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static void await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "a child failed: status=%d", status);
}

/* Keeps this process and its children on the first two of its CPUs. */
static void share_two_cpus(void)
{
	cpu_set_t allowed, two;
	int cpu;

	CPU_ZERO(&two);
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		err(1, "sched_getaffinity");
	for (cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&two) < WRITERS_CPUS; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			CPU_SET(cpu, &two);
	if (sched_setaffinity(0, sizeof(two), &two))
		err(1, "sched_setaffinity");
}

static int open_null(void)
{
	int fd = open("/dev/null", O_WRONLY);

	if (fd < 0)
		err(1, "/dev/null");
	return fd;
}

static void write_bytes(int fd, long count)
{
	while (count-- > 0)
		if (write(fd, "x", 1) != 1)
			err(1, "write");
}

static void writers(long count)
{
	pid_t pids[WRITERS];
	int i;

	share_two_cpus();
	for (i = 0; i < WRITERS; i++) {
		pids[i] = start();
		if (!pids[i]) {
			write_bytes(open_null(), count / WRITERS);
			_exit(0);
		}
	}
	for (i = 0; i < WRITERS; i++)
		await(pids[i]);
}

/* As many writes as some processes can make in a time; returns how many. */
static long flood(long seconds, int writers)
{
	long *made = mmap(NULL, writers * sizeof(*made), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double end = now() + seconds;
	pid_t pids[WRITERS];
	long sum = 0;
	int i;

	if (made == MAP_FAILED)
		err(1, "mmap");
	share_two_cpus();
	for (i = 0; i < writers; i++) {
		pids[i] = start();
		if (!pids[i]) {
			int fd = open_null();

			for (; now() < end; made[i] += CLOCK_EVERY)
				write_bytes(fd, CLOCK_EVERY);
			_exit(0);
		}
	}
	for (i = 0; i < writers; i++) {
		await(pids[i]);
		sum += made[i];
	}
	return sum;
}

static void churn(long count, const char *file)
{
	while (count-- > 0) {
		int fd = open(file, O_RDONLY);

		if (fd < 0)
			err(1, "%s", file);
		close(fd);
	}
}

static void forks(long count)
{
	while (count-- > 0) {
		pid_t pid = start();

		if (!pid) {
			execl("/bin/true", "true", (char *)NULL);
			_exit(127);
		}
		await(pid);
	}
}

/* Does the work; returns the operations made. */
static long work(char **argv, const char *name, long count)
{
	if (!strcmp(name, "writers")) {
		writers(count);
		return count / WRITERS * WRITERS;
	}
	if (!strcmp(name, "flood"))
		return flood(count, WRITERS);
	if (!strcmp(name, "single"))
		return flood(count, 1);
	if (!strcmp(name, "churn")) {
		churn(count, argv[0]);
		return count;
	}
	if (!strcmp(name, "forks")) {
		forks(count);
		return 3 * count + 1; /* a fork, an exec and an exit each, and the worker's own exit */
	}
	return count;
}

int main(int argc, char **argv)
{
	double began, ended;
	long count, made;
	FILE *result;
	int out[2];
	pid_t pid;

	if (argc < 4 || (!strcmp(argv[2], "run") && argc < 5))
		errx(2, "usage: load RESULT WORKLOAD COUNT [COMMAND...]");
	count = atol(argv[3]);
	result = fopen(argv[1], "w");
	if (!result || pipe2(out, O_CLOEXEC))
		err(1, "%s", argv[1]);
	began = now();
	pid = start();
	if (!pid) {
		if (!strcmp(argv[2], "run")) {
			execvp(argv[4], argv + 4);
			err(127, "%s", argv[4]);
		}
		made = work(argv, argv[2], count);
		/* By pipe rather than memory: the only operation beside those asked for, and not of one byte. */
		if (write(out[1], &made, sizeof(made)) != sizeof(made))
			_exit(1);
		_exit(0);
	}
	await(pid);
	ended = now();
	made = count;
	if (strcmp(argv[2], "run") && read(out[0], &made, sizeof(made)) != sizeof(made))
		err(1, "the worker's result");
	fprintf(result, "%d %ld %.6f %.6f\n", getpid(), made, ended - began, cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN));
	return fclose(result) ? 1 : 0;
}
