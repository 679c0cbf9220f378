// SPDX-License-Identifier: Apache-2.0
// Exchanges directories of a capture with links that lead elsewhere, again and again, until it is ended or its parent is gone.
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char *const names[] = {"log", "tables", "tables/io", "tables/thread", "tables/exec"};
	char beside[5][4096];

	if (argc != 3 || prctl(PR_SET_PDEATHSIG, SIGKILL) || chdir(argv[1]))
		return 1;
	for (unsigned int i = 0; i < 5; i++)
		snprintf(beside[i], sizeof(beside[i]), "link-%u", i);
	for (unsigned int i = 0; i < 5; i++)
		if (symlink(argv[2], beside[i]))
			return 1;
	printf("ready\n");
	fflush(stdout);
	for (unsigned long turn = 0;; turn++) {
		unsigned int i = turn / 2 % 5; /* there and back, then the next */

		renameat2(AT_FDCWD, names[i], AT_FDCWD, beside[i], RENAME_EXCHANGE);
		usleep(turn % 7 * 20);
	}
}
