// SPDX-License-Identifier: Apache-2.0
// Holds more than a given number of descriptors open in all, in as many processes as the limit of each asks for, until its input ends.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long wanted = argc > 1 ? atol(argv[1]) : 0, held = 0;
	struct rlimit limit;
	char byte;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 1;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) || open("/dev/null", O_RDONLY) < 0)
		return 1;
	while (dup(0) >= 0)
		held++;
	for (long all = held; all <= wanted; all += held) {
		int child = fork();

		if (child < 0)
			return 1;
		if (!child)
			break; /* it holds what it has inherited, until the same input ends */
		if (all + held > wanted) {
			printf("ready\n");
			fflush(stdout);
		}
	}
	return read(0, &byte, 1) != 0;
}
