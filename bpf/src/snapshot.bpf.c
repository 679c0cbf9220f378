// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// What was there before the probes: processes and open files, by iterator. Read once, after the probes are attached.
#include "files.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The iterators' own: they can be preempted. One thread reads them, one after the other. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct si_scratch);
} snapshot_scratch SEC(".maps");

SEC("iter.s/task")
int si_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task, *parent;
	struct si_snapshot *r;
	struct si_scratch *s;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct file *exe;
	u32 zero = 0, at, wanted;

	if (!task || task->pid != task->tgid || task->tgid == (int)shared.self_tgid)
		return 0;
	s = bpf_map_lookup_elem(&snapshot_scratch, &zero);
	if (!s)
		return 0;
	r = scratch_begin(s, sizeof(*r));
	fill_head(r, task, SI_TYPE_SNAPSHOT, SI_RING_CLASS_LIFECYCLE, bpf_ktime_get_boot_ns());
	parent = WALK(task)->real_parent;
	r->parent_key = parent->tgid ? proc_key(parent) : 0;
	r->start_ns = task->start_boottime;
	r->cgroup_id = cgroup_id(task);
	r->uid = WALK(task)->cred->uid.val;
	r->euid = WALK(task)->cred->euid.val;
	r->ns_pid = inner_pid(task);
	r->pad = 0;
	r->pad2 = 0;
	read_comm(r->comm, task);
	read_tty(r->tty, task);
	r->cwd_len = 0;
	fs = WALK(task)->fs;
	if (fs)
		r->cwd_len = append_path(s, fs->pwd.dentry, fs->pwd.mnt);
	r->exe_len = 0;
	r->argv_bytes = 0;
	r->argv_len = 0;
	mm = WALK(task)->mm;
	if (mm) {
		exe = mm->exe_file;
		if (exe)
			r->exe_len = append_path(s, exe->f_path.dentry, exe->f_path.mnt);
		r->argv_bytes = mm->arg_end - mm->arg_start;
		wanted = r->argv_bytes;
		if (wanted > ARGV_BYTES) {
			wanted = ARGV_BYTES;
			s->flags |= TEXT_UNREADABLE;
		}
		at = s->length;
		if (at <= SCRATCH_LIMIT && !bpf_copy_from_user_task(s->bytes + at, wanted, (void *)mm->arg_start, task, 0)) {
			r->argv_len = wanted;
			s->length = at + wanted;
		} else {
			s->flags |= TEXT_UNREADABLE;
		}
	}
	r->flags = s->flags;
	send(&lifecycle_ring, SI_RING_CLASS_LIFECYCLE, s);
	return 0;
}

SEC("iter/task_file")
int si_files(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct si_scratch *s;
	u32 zero = 0;

	if (!task || !file || task->tgid == (int)shared.self_tgid)
		return 0;
	s = bpf_map_lookup_elem(&snapshot_scratch, &zero);
	if (s)
		file_id_in(s, task, CAST(file, file), SI_CAUSE_SNAPSHOT);
	return 0;
}
