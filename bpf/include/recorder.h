/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What all programs share: settings, rings, counters, and who a task is. */
#ifndef SI_RECORDER_H
#define SI_RECORDER_H

#include <asm/unistd_64.h>
#include "vmlinux_subset.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include "events.h"

#define TID_MASK 0xffffffu
#define PID_BITS 22
#define NOT_SEEN (~0ULL) /* a latency whose start was not seen */
#define FILE_ID_WINDOW 131072u /* an id in use is never older than the newest minus this */
#define TS_COMPAT 2 /* thread_info.status: in a 32-bit system call */

/* Since 6.2 (fd264ca02094, "bpf: Add a kfunc to type cast from bpf uapi ctx to kernel ctx"): plain loads, not probe reads. */
extern void *bpf_rdonly_cast(const void *obj, u32 btf_id) __ksym;
#define CAST(type, pointer) ((struct type *)bpf_rdonly_cast(pointer, bpf_core_type_id_kernel(struct type)))

/*
 * A task to read pointers from. At each pointer read from one that it trusts the verifier looks four times for a type by name, one
 * after the other, to see whether to trust that too: with the task as it is given that is half of the time to load. What runs at
 * every system call reads from the task as it is all the same: there each read takes less.
 */
#define WALK(task) CAST(task_struct, task)

/* Settings, written before the load. The recorder knows this layout: class Settings. */
struct si_settings {
	u32 slots; /* size of map slots */
	u32 filter_tree; /* 1: record the command's process tree only */
	u32 page_bytes;
	u32 io_bytes; /* of the records in each io ring, a power of two */
	u32 coalesce; /* 1: under pressure, consecutive operations become one record */
};

const volatile struct si_settings settings SEC(".rodata.settings");

/*
 * What the programs of all objects write: the objects are loaded one by one, and those after the first take its maps of the same
 * names, this one and the settings among them (class BpfObject).
 */
struct si_shared {
	/*
	 * The recorder, never recorded: its pid as the kernel has it, which the recorder itself does not know in a pid namespace.
	 * Written once by si_self; in a cache line of its own, as every event reads it and file_ids changes often.
	 */
	u32 self_tgid;
	u32 pad[15];
	u32 file_ids; /* the newest; ids count up from 1 and are never used twice */
	u32 slots_taken; /* ever */
};

struct si_shared shared SEC(".data.shared") = {};

struct si_counters {
	u64 seen[SI_RING_CLASS_CODES]; /* those of io are in the rings themselves, but for CPUs without a ring */
	u64 lost[SI_RING_CLASS_CODES][SI_LOSS_REASON_CODES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct si_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} lifecycle_ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} names_ring SEC(".maps");

/* Whether a task belongs to the command's tree; used with filter_tree only. */
enum { TREE_ARMED = 1, TREE_MEMBER = 2 };

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u32);
} tree SEC(".maps");

/* A call at its exit: when it started, how long it took, what it returned. */
struct si_call {
	u64 start;
	u64 latency;
	u64 end;
	long ret;
	u32 op_dir; /* io_op << 1 | dir */
};

static __always_inline struct si_counters *my_counters(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&counters, &zero);
}

/* Counts events of a class, in a ring that all CPUs share. Returns how many there were before it on this CPU. */
static __always_inline u32 count_seen(u32 ring_class, u64 events)
{
	struct si_counters *c = my_counters();

	/* Atomic, as the iterators can be preempted. */
	return c ? __sync_fetch_and_add(&c->seen[ring_class], events) : 0;
}

/* Counts some of those as lost. */
static __always_inline void count_lost(u32 ring_class, u32 reason, u64 events)
{
	struct si_counters *c = my_counters();

	if (c)
		__sync_fetch_and_add(&c->lost[ring_class][reason], events);
}

/* Counts an event that has no record. */
static __always_inline void lose(u32 ring_class, u32 reason)
{
	count_seen(ring_class, 1);
	count_lost(ring_class, reason, 1);
}

/* A process: its start in milliseconds since boot, and its pid. */
static __always_inline u64 proc_key(struct task_struct *task)
{
	return WALK(task)->group_leader->start_boottime / 1000000 << PID_BITS | (u32)task->tgid;
}

/*
 * Executions since birth. The kernel counts them in self_exec_id and leaves the count at birth in parent_exec_id
 * (copy_process), so nothing has to be remembered here.
 */
static __always_inline u32 exec_no(struct task_struct *task)
{
	return task->self_exec_id - task->parent_exec_id;
}

/* pid of a task in its innermost pid namespace */
static __always_inline u32 inner_pid(struct task_struct *task)
{
	struct pid *pid = WALK(task)->thread_pid;
	u32 level = pid->level & 31;
	u64 at = (u64)pid + bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid);
	u32 nr = 0;

	bpf_probe_read_kernel(&nr, sizeof(nr), (void *)(at + bpf_core_field_offset(struct upid, nr)));
	return nr;
}

/* What all records in the shared rings begin with. */
struct si_head {
	u32 tid_type;
	u32 exec_no;
	u64 ts_ns;
	u64 proc_key;
	u32 number; /* by class and CPU, from 0, lost ones counted: where one is missing, it was lost */
	u32 cpu;
};

/* Counts an event that has a record, and gives it its number. */
static __always_inline void number(void *record, u32 ring_class)
{
	struct si_head *head = record;

	head->number = count_seen(ring_class, 1);
	head->cpu = bpf_get_smp_processor_id();
}

/* Begins the record of an event: counts it, and says who it was of. */
static __always_inline void fill_head(void *record, struct task_struct *task, u32 type, u32 ring_class, u64 ts_ns)
{
	struct si_head *head = record;

	head->tid_type = (task->pid & TID_MASK) | type << 24;
	head->exec_no = exec_no(task);
	head->ts_ns = ts_ns;
	head->proc_key = proc_key(task);
	number(record, ring_class);
}

static __always_inline u64 cgroup_id(struct task_struct *task)
{
	return WALK(task)->cgroups->dfl_cgrp->kn->id;
}

static __always_inline void read_tty(char tty[16], struct task_struct *task)
{
	struct tty_struct *t = WALK(task)->signal->tty;

	__builtin_memset(tty, 0, 16);
	if (t)
		bpf_probe_read_kernel_str(tty, 16, (void *)((u64)t + bpf_core_field_offset(struct tty_struct, name)));
}

static __always_inline void read_comm(char comm[16], struct task_struct *task)
{
	bpf_probe_read_kernel(comm, 16, task->comm);
}

static __always_inline bool recorded(struct task_struct *task)
{
	u32 *member;

	if (task->tgid == (int)shared.self_tgid)
		return false;
	if (!settings.filter_tree)
		return true;
	member = bpf_task_storage_get(&tree, task, NULL, 0);
	return member && *member == TREE_MEMBER;
}

#endif
