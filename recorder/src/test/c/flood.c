// SPDX-License-Identifier: Apache-2.0
// Writes single bytes and counts them itself, in a file that others map or read: operations done, its pid, please stop, has stopped.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { DONE, PID, STOP, STOPPED, WORDS };

static int64_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

int main(int argc, char **argv)
{
	int file = argc > 2 ? open(argv[1], O_RDWR | O_CREAT, 0600) : -1, out = open("/dev/null", O_WRONLY);
	volatile int64_t *told;
	int64_t end = seconds() + (argc > 2 ? atoi(argv[2]) : 0);
	char byte = 0;

	if (file < 0 || out < 0 || ftruncate(file, WORDS * sizeof(*told)))
		return 1;
	told = mmap(NULL, WORDS * sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (told == MAP_FAILED)
		return 1;
	told[PID] = getpid();
	while (!told[STOP]) {
		if (write(out, &byte, 1) != 1)
			return 2;
		told[DONE]++;
		if (told[DONE] % 1024 == 0 && seconds() >= end)
			return 3;
	}
	told[STOPPED] = 1;
	while (seconds() < end)
		; /* a sleep would be one more call */
	return 0;
}
