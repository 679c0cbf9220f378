// SPDX-License-Identifier: Apache-2.0
// What makes a recorder remember much: files with long names, executions, threads; as many as asked for.
//
// usage: huge files COUNT DIRECTORY    each is made there, written, synced and removed; the directory is made and removed
//        huge execs COUNT PROGRAM      executions of it, each in a process of its own, EXECUTORS at one time
//        huge threads COUNT            threads of this process, one after the other, each of which writes once
//        huge pieces COUNT             times many writes at once, with a pause for the recorder to end a segment
//        huge processes COUNT          processes at one time, each with a thread that writes once and ends
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_CHARACTERS 89
#define STACK_BYTES (64 << 10)
#define EXECUTORS 2
#define PIECE 2000 /* writes: more than the smallest segment holds */
#define PAUSE_US 12000

extern char **environ;

static int null;

static void files(long count, const char *directory)
{
	char name[NAME_CHARACTERS + 1];
	long i;

	if (mkdir(directory, 0700) || chdir(directory))
		err(1, "%s", directory);
	for (i = 0; i < count; i++) {
		int fd;

		snprintf(name, sizeof(name), "%0*ld", NAME_CHARACTERS, i);
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
		if (fd < 0 || write(fd, name, 1) != 1 || fsync(fd) || close(fd) || unlink(name))
			err(1, "%s", name);
	}
	if (rmdir(directory))
		err(1, "%s", directory);
}

static void execute(long count, char *program)
{
	char *argv[] = {program, NULL};

	while (count-- > 0) {
		int status;
		pid_t pid;

		if (posix_spawn(&pid, program, NULL, NULL, argv, environ))
			errx(1, "posix_spawn: %s", program);
		if (waitpid(pid, &status, 0) != pid || status)
			errx(1, "a child failed: status=%d", status);
	}
}

static void execs(long count, char *program)
{
	int i, status;

	for (i = 0; i < EXECUTORS; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid) {
			execute(count / EXECUTORS + (i < count % EXECUTORS), program);
			_exit(0);
		}
	}
	for (i = 0; i < EXECUTORS; i++) {
		if (wait(&status) < 0 || status)
			errx(1, "a child failed: status=%d", status);
	}
}

static void *write_once(void *nothing)
{
	if (write(null, "x", 1) != 1)
		err(1, "write");
	return nothing;
}

static void pieces(long count)
{
	null = open("/dev/null", O_WRONLY);
	while (count-- > 0) {
		int i;

		for (i = 0; i < PIECE; i++)
			write_once(NULL);
		usleep(PAUSE_US);
	}
}

static void threads(long count)
{
	pthread_attr_t attributes;

	null = open("/dev/null", O_WRONLY);
	if (null < 0 || pthread_attr_init(&attributes) || pthread_attr_setstacksize(&attributes, STACK_BYTES))
		err(1, "threads");
	while (count-- > 0) {
		pthread_t thread;

		if (pthread_create(&thread, &attributes, write_once, NULL) || pthread_join(thread, NULL))
			errx(1, "a thread failed");
	}
}

/* Processes that are there at one time, each with a thread that writes once and ends before all of them end. */
static void processes(long count)
{
	int end[2];
	long i;

	null = open("/dev/null", O_WRONLY);
	if (null < 0 || pipe(end))
		err(1, "processes");
	for (i = 0; i < count; i++) {
		pid_t pid = fork();
		pthread_t thread;
		char byte;

		if (pid < 0)
			err(1, "fork");
		if (pid)
			continue;
		close(end[1]);
		_exit(pthread_create(&thread, NULL, write_once, NULL) || pthread_join(thread, NULL) || read(end[0], &byte, 1));
	}
	close(end[1]);
	for (i = 0; i < count; i++) {
		int status;

		if (wait(&status) < 0 || status)
			errx(1, "a child failed: status=%d", status);
	}
}

int main(int argc, char **argv)
{
	long count = argc > 2 ? atol(argv[2]) : 0;

	if (argc == 4 && !strcmp(argv[1], "files"))
		files(count, argv[3]);
	else if (argc == 4 && !strcmp(argv[1], "execs"))
		execs(count, argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "threads"))
		threads(count);
	else if (argc == 3 && !strcmp(argv[1], "pieces"))
		pieces(count);
	else if (argc == 3 && !strcmp(argv[1], "processes"))
		processes(count);
	else
		errx(2, "usage: huge files COUNT DIRECTORY | execs COUNT | threads COUNT | pieces COUNT | processes COUNT");
	return 0;
}
