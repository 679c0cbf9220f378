/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Programs for who started whom: fork, exec, exit, and changes of a thread's name. */
#ifndef SI_LIFECYCLE_H
#define SI_LIFECYCLE_H

#include "runs.h"

#define SIGNAL_GROUP_EXIT 4
#define MAX_THREADS 65536
#define ARGV_POINTERS 64
#define EXEC_FROM_DIRFD 4 /* bit of si_exec.flags */
#define EXIT_SUMS_UNKNOWN 1 /* bit of si_exit.flags */

/* What threads of a process moved that ended before it. */
struct si_moved {
	u64 rchar, wchar, read_bytes, write_bytes, cancelled_write_bytes;
};

/* A process some threads of which have ended: kept with its first thread, which is there as long as it is. */
struct si_process {
	struct si_moved moved;
	u32 exit_told; /* its exit is written: two last threads can both find themselves the last */
	u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct si_process);
} processes SEC(".maps");

/* Processes whose sums had no room, by key: theirs are not known. Where there are more than fit, nobody's are from then on. */
#define MAX_UNKNOWN 16
u32 unknown_sums;
u64 unknown_sum[MAX_UNKNOWN];

static __always_inline u64 clone_flags(struct task_struct *parent)
{
	struct pt_regs *regs = CAST(pt_regs, (void *)bpf_task_pt_regs(parent));
	u64 flags = 0;

	switch (regs->orig_ax) {
	case __NR_clone:
		return regs->di;
	case __NR_clone3: /* the first member of struct clone_args */
		bpf_probe_read_user(&flags, sizeof(flags), (void *)regs->di);
		return flags;
	case __NR_vfork:
		return 0x4000 | 0x100 | 17; /* CLONE_VFORK | CLONE_VM | SIGCHLD */
	case __NR_fork:
		return 17; /* SIGCHLD */
	}
	return 0;
}

/* With filter_tree: whether the child is recorded. The recorder's own child is the command, which waits for its exec. */
static __always_inline bool adopt(struct task_struct *parent, struct task_struct *child)
{
	u32 state = TREE_MEMBER;

	if (parent->tgid == (int)shared.self_tgid)
		state = TREE_ARMED;
	else if (!recorded(parent))
		return false;
	bpf_task_storage_get(&tree, child, &state, BPF_LOCAL_STORAGE_GET_F_CREATE);
	return true;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(si_fork, struct task_struct *parent, struct task_struct *child)
{
	bool thread = child->tgid == parent->tgid;
	struct si_fork *r;

	slot_begin(child->pid);
	if (thread && parent->tgid == (int)shared.self_tgid)
		return 0;
	if (settings.filter_tree && !adopt(parent, child))
		return 0;
	r = bpf_ringbuf_reserve(&lifecycle_ring, sizeof(*r), 0);
	if (!r) {
		lose(SI_RING_CLASS_LIFECYCLE, SI_LOSS_REASON_RING_FULL);
		return 0;
	}
	fill_head(r, parent, SI_TYPE_FORK, SI_RING_CLASS_LIFECYCLE, bpf_ktime_get_boot_ns());
	r->child_key = proc_key(child);
	r->clone_flags = clone_flags(parent);
	r->cgroup_id = cgroup_id(parent);
	r->child_tid = child->pid;
	r->ns_pid = inner_pid(child);
	r->uid = WALK(parent)->cred->uid.val;
	r->child_exec_no = exec_no(child);
	read_comm(r->comm, parent);
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

/* What the record of an exec, successful or not, says of its process. */
static __always_inline void fill_exec(struct si_exec *r, struct task_struct *task)
{
	fill_head(r, task, SI_TYPE_EXEC, SI_RING_CLASS_LIFECYCLE, bpf_ktime_get_boot_ns());
	r->cgroup_id = cgroup_id(task);
	r->uid = WALK(task)->cred->uid.val;
	r->euid = WALK(task)->cred->euid.val;
	r->ns_pid = inner_pid(task);
	read_comm(r->comm, task);
	read_tty(r->tty, task);
}

static __always_inline u32 append_kernel_string(struct si_scratch *s, const char *from)
{
	u32 at = s->length;
	long n = -1;

	if (at <= SCRATCH_LIMIT)
		n = bpf_probe_read_kernel_str(s->bytes + at, PATH_BYTES, from);
	if (n <= 0)
		return 0;
	s->length = at + n - 1;
	return n - 1;
}

static __always_inline bool begin_tree(struct task_struct *task)
{
	u32 *state = bpf_task_storage_get(&tree, task, NULL, 0);

	if (!state)
		return false;
	*state = TREE_MEMBER;
	return true;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(si_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct si_slot *slot = slot_of(task->pid);
	struct mm_struct *mm = WALK(task)->mm;
	struct si_scratch *s;
	struct si_exec *r;
	struct file *exe;
	u32 at, wanted;

	if (slot) {
		leave_runs(slot);
		tell_total(slot);
		slot->known = 0;
	}
	if (old_pid != task->pid) { /* a thread other than the first called: it has the tid of the first, which has ended, now */
		leave_runs(slot_of(old_pid));
		slot_end(old_pid, true);
		slot_begin(task->pid);
	}
	if (task->tgid == (int)shared.self_tgid || (settings.filter_tree && !begin_tree(task)))
		return 0;
	s = scratch_take();
	if (!s) {
		lose(SI_RING_CLASS_LIFECYCLE, SI_LOSS_REASON_NO_SCRATCH);
		return 0;
	}
	r = scratch_begin(s, sizeof(*r));
	fill_exec(r, task);
	r->path_len = append_kernel_string(s, bprm->filename);
	r->cwd_len = append_cwd(s, task);
	exe = mm->exe_file;
	r->exe_len = append_path(s, exe->f_path.dentry, exe->f_path.mnt);
	/* The kernel has just laid the arguments out, one after the other. */
	r->argv_bytes = mm->arg_end - mm->arg_start;
	wanted = r->argv_bytes;
	if (wanted > ARGV_BYTES) {
		wanted = ARGV_BYTES;
		s->flags |= TEXT_UNREADABLE;
	}
	r->argv_len = 0;
	at = s->length;
	if (at <= SCRATCH_LIMIT && !bpf_probe_read_user(s->bytes + at, wanted, (void *)mm->arg_start)) {
		r->argv_len = wanted;
		s->length = at + wanted;
	} else {
		s->flags |= TEXT_UNREADABLE;
	}
	r->ret = 0;
	r->flags = s->flags;
	send(&lifecycle_ring, SI_RING_CLASS_LIFECYCLE, s);
	scratch_release(s);
	return 0;
}

struct si_argv_walk {
	struct si_scratch *scratch;
	const char *const *argv;
	u32 start;
	bool ended;
};

static long append_argument(u64 i, struct si_argv_walk *w)
{
	struct si_scratch *s = w->scratch;
	const char *argument = NULL;
	u32 at = s->length;
	long n;

	if (bpf_probe_read_user(&argument, sizeof(argument), w->argv + i))
		return 1;
	if (!argument) {
		w->ended = true;
		return 1;
	}
	if (at > SCRATCH_LIMIT || at - w->start >= ARGV_BYTES)
		return 1;
	n = bpf_probe_read_user_str(s->bytes + at, ARGV_BYTES, argument);
	if (n <= 0)
		return 1;
	s->length = at + n;
	return 0;
}

/* A failed execve or execveat, at its exit. */
static __always_inline void failed_exec(struct task_struct *task, long ret, s32 dirfd, const char *name, const char *const *argv)
{
	struct si_scratch *s = scratch_take();
	struct si_argv_walk w = { .scratch = s, .argv = argv };
	struct si_exec *r;

	if (!s) {
		lose(SI_RING_CLASS_LIFECYCLE, SI_LOSS_REASON_NO_SCRATCH);
		return;
	}
	r = scratch_begin(s, sizeof(*r));
	fill_exec(r, task);
	r->path_len = append_user_string(s, name);
	if (dirfd == AT_FDCWD)
		r->cwd_len = append_cwd(s, task);
	else
		r->cwd_len = append_base(s, task, dirfd, name);
	r->exe_len = 0;
	w.start = s->length;
	bpf_loop(ARGV_POINTERS, append_argument, &w, 0);
	r->argv_bytes = s->length - w.start;
	if (r->argv_bytes > ARGV_BYTES)
		s->length = w.start + ARGV_BYTES;
	if (!w.ended || r->argv_bytes > ARGV_BYTES)
		s->flags |= TEXT_UNREADABLE;
	r->argv_len = s->length - w.start;
	r->ret = ret;
	r->flags = s->flags | (dirfd == AT_FDCWD ? 0 : EXEC_FROM_DIRFD);
	send(&lifecycle_ring, SI_RING_CLASS_LIFECYCLE, s);
	scratch_release(s);
}

static __always_inline void add_moved(struct si_moved *sum, struct task_struct *task)
{
	__sync_fetch_and_add(&sum->rchar, task->ioac.rchar);
	__sync_fetch_and_add(&sum->wchar, task->ioac.wchar);
	__sync_fetch_and_add(&sum->read_bytes, task->ioac.read_bytes);
	__sync_fetch_and_add(&sum->write_bytes, task->ioac.write_bytes);
	__sync_fetch_and_add(&sum->cancelled_write_bytes, task->ioac.cancelled_write_bytes);
}

/* A thread ends and others go on. */
static __always_inline void thread_ended(struct task_struct *task)
{
	struct si_process *process = bpf_task_storage_get(&processes, task->group_leader, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	u32 i;

	if (process) {
		add_moved(&process->moved, task);
		return;
	}
	i = __sync_fetch_and_add(&unknown_sums, 1);
	if (i < MAX_UNKNOWN)
		unknown_sum[i] = proc_key(task);
}

static __always_inline bool sum_unknown(u64 key)
{
	u32 i;

	if (unknown_sums > MAX_UNKNOWN)
		return true;
	for (i = 0; i < MAX_UNKNOWN; i++)
		if (unknown_sum[i] == key)
			return true;
	return false;
}

/*
 * What is kept of a process whose last thread ends. It is made where that may not be the only one to find itself the last: another
 * one is there still, or this one is not the first. Then the first alone may come after it, and finds it.
 */
static __always_inline struct si_process *last_of(struct task_struct *task)
{
	struct signal_struct *signal = WALK(task)->signal;
	bool alone = task->pid == task->tgid && signal->thread_head.next == signal->thread_head.prev;

	return bpf_task_storage_get(&processes, task->group_leader, NULL, alone ? 0 : BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* Sums over the threads of a process that are not released yet. */
struct si_thread_walk {
	struct list_head *head;
	struct list_head *next;
	struct si_moved moved;
	u64 utime, stime, runtime;
};

static long add_thread(u64 i, struct si_thread_walk *w)
{
	struct list_head *node = CAST(list_head, w->next);
	struct task_struct *task;

	if (node == w->head)
		return 1;
	task = CAST(task_struct, (void *)((u64)node - bpf_core_field_offset(struct task_struct, thread_node)));
	w->next = node->next;
	w->utime += task->utime;
	w->stime += task->stime;
	w->runtime += task->se.sum_exec_runtime;
	if (!has_ended(task->pid)) { /* else it is in what is kept of the process */
		w->moved.rchar += task->ioac.rchar;
		w->moved.wchar += task->ioac.wchar;
		w->moved.read_bytes += task->ioac.read_bytes;
		w->moved.write_bytes += task->ioac.write_bytes;
		w->moved.cancelled_write_bytes += task->ioac.cancelled_write_bytes;
	}
	return 0;
}

/*
 * What a process used is what its released threads left in the signal structure, and its other threads. Not so for the bytes it
 * moved: there the signal structure has those of its children as well, once it has waited for them. So they are summed up here.
 */
static __always_inline void fill_exit(struct si_exit *r, struct task_struct *task, struct si_process *process)
{
	struct signal_struct *signal = WALK(task)->signal;
	struct si_thread_walk w = { .head = &signal->thread_head, .next = signal->thread_head.next };

	bpf_loop(MAX_THREADS, add_thread, &w, 0);
	r->utime_ns = signal->utime + w.utime;
	r->stime_ns = signal->stime + w.stime;
	r->runtime_ns = signal->sum_sched_runtime + w.runtime;
	r->max_rss_bytes = signal->maxrss * settings.page_bytes;
	r->rchar = w.moved.rchar + (process ? process->moved.rchar : 0);
	r->wchar = w.moved.wchar + (process ? process->moved.wchar : 0);
	r->read_bytes = w.moved.read_bytes + (process ? process->moved.read_bytes : 0);
	r->write_bytes = w.moved.write_bytes + (process ? process->moved.write_bytes : 0);
	r->cancelled_write_bytes = w.moved.cancelled_write_bytes + (process ? process->moved.cancelled_write_bytes : 0);
	r->code = signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : WALK(task)->group_leader->exit_code;
}

/* A process ends with its last thread. */
static __always_inline void process_ended(struct task_struct *task)
{
	struct si_process *process = last_of(task);
	struct si_exit *r;

	if (process && __sync_lock_test_and_set(&process->exit_told, 1))
		return;
	r = bpf_ringbuf_reserve(&lifecycle_ring, sizeof(*r), 0);
	if (!r) {
		lose(SI_RING_CLASS_LIFECYCLE, SI_LOSS_REASON_RING_FULL);
		return;
	}
	fill_head(r, task, SI_TYPE_EXIT, SI_RING_CLASS_LIFECYCLE, bpf_ktime_get_boot_ns());
	fill_exit(r, task, process);
	r->flags = sum_unknown(r->proc_key) ? EXIT_SUMS_UNKNOWN : 0;
	read_comm(r->comm, task);
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(si_exit, struct task_struct *task)
{
	bool last = !WALK(task)->signal->live.counter;

	leave_runs(slot_of(task->pid));
	if (recorded(task)) {
		if (last)
			process_ended(task);
		else
			thread_ended(task);
	}
	slot_end(task->pid, !last); /* only now: fill_exit takes those that have ended for accounted */
	return 0;
}

SEC("tp_btf/task_rename")
int BPF_PROG(si_task_rename, struct task_struct *task)
{
	struct si_slot *slot = slot_of(task->pid);

	if (slot) {
		leave_runs(slot);
		slot->known = 0;
	}
	return 0;
}

#endif
