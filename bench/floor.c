// SPDX-License-Identifier: Apache-2.0
// Runs a command with programs of bench/floor.bpf.c attached.
//
// usage: floor OBJECT PROGRAM[,PROGRAM...] COMMAND [ARGUMENT]...
#include <bpf/libbpf.h>
#include <err.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct bpf_object *object;
	int status;
	char *name;
	pid_t pid;

	if (argc < 4)
		errx(2, "usage: floor OBJECT PROGRAM[,PROGRAM...] COMMAND [ARGUMENT]...");
	object = bpf_object__open(argv[1]);
	if (!object || bpf_object__load(object))
		err(1, "%s", argv[1]);
	for (name = strtok(argv[2], ","); name; name = strtok(NULL, ",")) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, name);

		if (!program || !bpf_program__attach(program))
			err(1, "cannot attach: program=%s", name);
	}
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		execvp(argv[3], argv + 3);
		err(127, "%s", argv[3]);
	}
	return waitpid(pid, &status, 0) != pid || status;
}
