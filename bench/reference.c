// SPDX-License-Identifier: Apache-2.0
// The floor to measure against: our own BPF programs, with as little around them as C allows.
//
// usage: reference OBJECT OUT PROGRAM[,PROGRAM...] LIFECYCLE NAMES IO COMMAND [ARGUMENT]...
//
// Loads OBJECT, attaches the programs named, runs COMMAND, and copies what the rings hold (LIFECYCLE, NAMES and, a CPU,
// IO bytes) to the file OUT as it is, until the command has ended. bench/count.c reads that file.
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_LINKS 32
#define MAX_PID (1 << 22)
#define MAX_SLOTS 65536
#define SPAN_BYTES (4UL << 20)
#define IDLE_PAUSE_US 2000

/* The io rings of recorder.h: class IoRingLayout. */
#define IO_HEAD 0
#define IO_TAIL 128
#define IO_RECORDS_AT 4096
#define IO_OVERRUN 4096

struct ring {
	unsigned long *consumer;
	unsigned long *producer;
	unsigned char *data;
	unsigned long size;
	unsigned long limit; /* no span reaches behind a record that ends here or later */
};

static struct bpf_object *object;
static struct bpf_link *links[MAX_LINKS];
static int link_count;
static struct ring *rings;
static int ring_count;

static struct bpf_map *map(const char *name)
{
	struct bpf_map *m = bpf_object__find_map_by_name(object, name);

	if (!m)
		errx(1, "no map: name=%s", name);
	return m;
}

/* Sets a field of struct si_settings. The object's own type information says where it is. */
static void set(const char *name, unsigned int value)
{
	const struct btf *btf = bpf_object__btf(object);
	int id = btf__find_by_name_kind(btf, "si_settings", BTF_KIND_STRUCT);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	size_t size;
	char *settings = (char *)bpf_map__initial_value(map(".rodata.settings"), &size);
	int i;

	for (i = 0; type && i < btf_vlen(type); i++) {
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), name)) {
			memcpy(settings + btf_member_bit_offset(type, i) / 8, &value, sizeof(value));
			return;
		}
	}
	errx(1, "no setting: name=%s", name);
}

/* The largest pid there can be, as set. */
static unsigned int pid_max(void)
{
	unsigned int most = MAX_PID;
	FILE *file = fopen("/proc/sys/kernel/pid_max", "r");

	if (file) {
		if (fscanf(file, "%u", &most) != 1 || most > MAX_PID)
			most = MAX_PID;
		fclose(file);
	}
	return most;
}

/* Sizes maps and settings as the recorder does: class ProbeSet. */
static void size_maps(unsigned long lifecycle, unsigned long names, unsigned long io, int cpus)
{
	unsigned int pids = pid_max();
	unsigned int slots = (pids < MAX_SLOTS ? pids : MAX_SLOTS) + 1;

	set("slots", slots);
	set("page_bytes", sysconf(_SC_PAGESIZE));
	set("io_bytes", io);
	bpf_map__set_max_entries(map("slots"), slots);
	bpf_map__set_max_entries(map("free_slots"), slots);
	bpf_map__set_max_entries(map("slot_of_tid"), pids + 1);
	bpf_map__set_max_entries(map("lifecycle_ring"), lifecycle);
	bpf_map__set_max_entries(map("names_ring"), names);
	bpf_map__set_max_entries(map("io_rings"), cpus);
	bpf_map__set_value_size(map("io_rings"), IO_RECORDS_AT + io + IO_OVERRUN);
}

/* Lets the kernel note who this is: the one process that is never recorded. */
static void run_self(void)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);
	struct bpf_program *program = bpf_object__find_program_by_name(object, "si_self");

	if (!program || bpf_prog_test_run_opts(bpf_program__fd(program), &options))
		err(1, "cannot run si_self");
}

static void map_ring(int fd, unsigned long size)
{
	struct ring *ring = &rings[ring_count++];
	long page = sysconf(_SC_PAGESIZE);
	void *consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	void *producer = mmap(NULL, page + 2 * size, PROT_READ, MAP_SHARED, fd, page);

	if (consumer == MAP_FAILED || producer == MAP_FAILED)
		err(1, "cannot map a ring: bytes=%lu", size);
	*ring = (struct ring){
		.consumer = consumer, .producer = producer, .data = (unsigned char *)producer + page, .size = size, .limit = -1UL,
	};
}

static void map_io_ring(int fd, int cpu, unsigned long size)
{
	unsigned long length = IO_RECORDS_AT + size + IO_OVERRUN;
	unsigned char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, cpu * length);

	if (at == MAP_FAILED)
		err(1, "cannot map an io ring: bytes=%lu", size);
	rings[ring_count++] = (struct ring){
		.consumer = (unsigned long *)(at + IO_TAIL), .producer = (unsigned long *)(at + IO_HEAD),
		.data = at + IO_RECORDS_AT, .size = size, .limit = size,
	};
}

/* Io rings first, then names, then lifecycle: the order in which the recorder drains them. */
static void set_up(unsigned long lifecycle, unsigned long names, unsigned long io)
{
	int cpus = libbpf_num_possible_cpus(), cpu;

	rings = calloc(cpus + 2, sizeof(*rings));
	if (!rings)
		err(1, "rings");
	size_maps(lifecycle, names, io, cpus);
	if (bpf_object__load(object))
		err(1, "cannot load the BPF programs");
	run_self();
	for (cpu = 0; cpu < cpus; cpu++)
		map_io_ring(bpf_map__fd(map("io_rings")), cpu, io);
	map_ring(bpf_map__fd(map("names_ring")), names);
	map_ring(bpf_map__fd(map("lifecycle_ring")), lifecycle);
}

static void attach(char *names)
{
	char *name;

	for (name = strtok(names, ","); name; name = strtok(NULL, ",")) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, name);

		if (!program || link_count == MAX_LINKS)
			errx(1, "no such program: name=%s", name);
		links[link_count] = bpf_program__attach(program);
		if (!links[link_count++])
			err(1, "cannot attach: program=%s", name);
	}
}

static void write_all(int fd, const unsigned char *data, unsigned long bytes)
{
	while (bytes > 0) {
		ssize_t written = write(fd, data, bytes);

		if (written < 0)
			err(1, "write");
		data += written;
		bytes -= written;
	}
}

/* Copies the records that are complete, at most SPAN_BYTES; returns the bytes given back to the kernel. */
static unsigned long drain(struct ring *ring, int out)
{
	unsigned long start = *ring->consumer, at = start;
	unsigned long end = __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE), offset = start & (ring->size - 1);

	while (at < end && at - start < SPAN_BYTES && offset + (at - start) < ring->limit) {
		unsigned int header = __atomic_load_n((unsigned int *)(ring->data + offset + (at - start)), __ATOMIC_ACQUIRE);

		if (header & BPF_RINGBUF_BUSY_BIT)
			break;
		at += ((header & ~BPF_RINGBUF_DISCARD_BIT) + BPF_RINGBUF_HDR_SZ + 7) & -8UL;
	}
	if (at > start) {
		write_all(out, ring->data + offset, at - start);
		__atomic_store_n(ring->consumer, at, __ATOMIC_RELEASE);
	}
	return at - start;
}

static unsigned long drain_all(int out)
{
	unsigned long bytes = 0;
	int i;

	for (i = 0; i < ring_count; i++)
		bytes += drain(&rings[i], out);
	return bytes;
}

/* Starts the command; it execs once everything is attached and the pipe is closed. */
static pid_t start(char **command, const int go[2])
{
	pid_t pid = fork();
	char byte;

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		close(go[1]);
		if (read(go[0], &byte, 1) < 0)
			err(1, "read");
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	close(go[0]);
	return pid;
}

int main(int argc, char **argv)
{
	int go[2], out, status, i;
	pid_t pid, ended;

	if (argc < 8)
		errx(2, "usage: reference OBJECT OUT PROGRAM[,PROGRAM...] LIFECYCLE NAMES IO COMMAND [ARGUMENT]...");
	out = open(argv[2], O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	if (out < 0 || pipe2(go, O_CLOEXEC))
		err(1, "%s", argv[2]);
	object = bpf_object__open(argv[1]);
	if (!object)
		err(1, "%s", argv[1]);
	set_up(strtoul(argv[4], NULL, 10), strtoul(argv[5], NULL, 10), strtoul(argv[6], NULL, 10));
	pid = start(argv + 7, go);
	if (setpriority(PRIO_PROCESS, 0, -20))
		warn("goes on at its own priority");
	attach(argv[3]);
	close(go[1]);
	do {
		if (drain_all(out) < SPAN_BYTES)
			usleep(IDLE_PAUSE_US);
		ended = waitpid(pid, &status, WNOHANG);
	} while (!ended);
	for (i = 0; i < link_count; i++)
		bpf_link__destroy(links[i]);
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0); /* waits for programs that are still running */
	while (drain_all(out))
		continue;
	return ended != pid || status;
}
