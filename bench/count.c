// SPDX-License-Identifier: Apache-2.0
// Counts what a file of raw records, written by bench/reference.c, holds of a process tree.
//
// usage: count FILE PID
//
// Prints, of the processes below PID (without itself): reads and writes that returned 1, reads and writes, opens,
// successful execs, forks, exits.
#include <err.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "events.h"

#define TIDS (1 << 22)
#define TID_MASK 0xffffff
#define IS_IO 0x80
#define OP(type) ((type) >> 1 & 31)

/* The head that all records share. */
struct head {
	__u32 tid_type;
	__u32 second;
};

struct sums {
	long one_byte, rw, open, exec, fork, exit;
};

static bool member[TIDS]; /* threads below the process asked for */

static bool is_member(__u64 tid)
{
	return member[tid & (TIDS - 1)];
}

/* The lifecycle ring is in order of time: a parent is known before its children. */
static void lifecycle(const void *record, int type, struct sums *sums, __u32 root)
{
	const struct si_fork *fork = record;
	const struct si_exec *exec = record;
	const struct si_exit *exit = record;

	if (type == SI_TYPE_FORK) {
		__u32 parent = fork->proc_key & (TIDS - 1);

		sums->fork += is_member(parent);
		if (is_member(parent) || parent == root)
			member[fork->child_tid & (TIDS - 1)] = true;
	} else if (type == SI_TYPE_EXEC) {
		sums->exec += exec->ret == 0 && is_member(exec->proc_key);
	} else if (type == SI_TYPE_EXIT) {
		sums->exit += is_member(exit->proc_key);
	}
}

static void operation(const void *record, int type, struct sums *sums)
{
	const struct si_open *open = record;
	const struct si_io *io = record;

	if (type == SI_TYPE_OPEN) {
		sums->open += is_member(open->proc_key);
	} else if (type & IS_IO && (OP(type) == SI_IO_OP_READ || OP(type) == SI_IO_OP_WRITE) && is_member(io->tid_type & TID_MASK)) {
		sums->rw++;
		sums->one_byte += io->ret == 1;
	}
}

static void walk(const char *data, size_t bytes, struct sums *sums, __u32 root, bool is_second)
{
	size_t at = 0;

	while (at + BPF_RINGBUF_HDR_SZ < bytes) {
		__u32 header = *(const __u32 *)(data + at);
		const struct head *head = (const void *)(data + at + BPF_RINGBUF_HDR_SZ);

		if (header & BPF_RINGBUF_DISCARD_BIT)
			header &= ~BPF_RINGBUF_DISCARD_BIT;
		else if (is_second)
			operation(head, head->tid_type >> 24, sums);
		else
			lifecycle(head, head->tid_type >> 24, sums, root);
		at += (header + BPF_RINGBUF_HDR_SZ + 7) & -8UL;
	}
	if (at != bytes)
		errx(1, "records do not end where the file does: at=%zu bytes=%zu", at, bytes);
}

int main(int argc, char **argv)
{
	struct sums sums = {};
	struct stat info;
	const char *data;
	int fd;

	if (argc != 3)
		errx(2, "usage: count FILE PID");
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || fstat(fd, &info))
		err(1, "%s", argv[1]);
	data = mmap(NULL, info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		err(1, "%s", argv[1]);
	/* Twice: a cycle of the reader takes the operations before the forks that explain them. */
	walk(data, info.st_size, &sums, atoi(argv[2]), false);
	walk(data, info.st_size, &sums, atoi(argv[2]), true);
	printf("%ld %ld %ld %ld %ld %ld\n", sums.one_byte, sums.rw, sums.open, sums.exec, sums.fork, sums.exit);
	return 0;
}
