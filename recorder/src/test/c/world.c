// SPDX-License-Identifier: Apache-2.0
// Tells the world that a program finds: arguments, descriptors, limits, signals, and what else is inherited.
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_BYTES 4096
#define SIGNALS 65
#define LIMITS 16
#define STATUS 7

extern char **environ;

static void tell_hex(const char *what, const char *text)
{
	printf("%s ", what);
	for (const char *c = text; *c; c++)
		printf("%02x", (unsigned char)*c);
	putchar('\n');
}

static void tell_descriptors(void)
{
	char link[TEXT_BYTES], path[64];
	DIR *open = opendir("/proc/self/fd");
	struct dirent *entry;

	while ((entry = readdir(open))) {
		int fd = atoi(entry->d_name);
		ssize_t length;

		if (entry->d_name[0] == '.' || fd == dirfd(open))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		length = readlink(path, link, sizeof(link) - 1);
		link[length > 0 ? length : 0] = 0;
		printf("descriptor %d %s\n", fd, fd == STDOUT_FILENO ? "" : link);
	}
	closedir(open);
}

static void tell_signals(void)
{
	sigset_t blocked;

	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int signal = 1; signal < SIGNALS; signal++) {
		struct sigaction action;

		if (!sigaction(signal, NULL, &action) && action.sa_handler == SIG_IGN)
			printf("ignored %d\n", signal);
		if (sigismember(&blocked, signal) == 1)
			printf("blocked %d\n", signal);
	}
}

static void tell_limits(void)
{
	for (int limit = 0; limit < LIMITS; limit++) {
		struct rlimit found;

		getrlimit(limit, &found);
		printf("limit %d %lu %lu\n", limit, (unsigned long)found.rlim_cur, (unsigned long)found.rlim_max);
	}
}

int main(int count, char **arguments)
{
	char text[TEXT_BYTES];
	FILE *file = fopen("/proc/self/oom_score_adj", "r");

	for (int i = 1; i < count; i++)
		tell_hex("argument", arguments[i]);
	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, "_=", 2)) /* a shell sets it anew for each program that it starts */
			tell_hex("environment", *entry);
	if (fgets(text, sizeof(text), file))
		printf("oom_score_adj %s", text);
	fclose(file);
	tell_descriptors();
	tell_limits();
	tell_signals();
	printf("umask %o\n", umask(0));
	printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
	printf("group %d session %d\n", getpgrp() == getpid(), getsid(0) == getpid());
	tell_hex("directory", getcwd(text, sizeof(text)));
	return STATUS;
}
