/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Calls that work on names: open, rename, unlink, link, symlink, truncate. */
#ifndef SI_NAMES_H
#define SI_NAMES_H

#include "files.h"

#define AT_FDCWD (-100)
#define O_CREAT 0100

/* What an open was asked, whichever call it was. */
struct si_open_call {
	const char *name;
	s32 dirfd;
	u32 flags;
	u32 mode;
};

static __noinline int opened(struct task_struct *task, u64 start, u64 latency, struct si_open_call *call, long ret)
{
	struct si_scratch *s;
	struct si_open *r;
	u32 pos = sizeof(*r), id = 0;
	struct file *file = NULL;

	if (ret >= 0)
		file = file_of(task, ret);
	if (file)
		id = file_id(task, file, call->flags & O_CREAT ? SI_CAUSE_CREATE : SI_CAUSE_OPEN);
	s = scratch_take();
	if (!s) {
		count(SI_RING_CLASS_NAMES, false);
		return 0;
	}
	r = (void *)s->bytes;
	r->tid_type = (task->pid & TID_MASK) | SI_TYPE_OPEN << 24;
	r->exec_no = exec_no(task);
	r->ts_ns = start;
	r->proc_key = proc_key(task);
	r->latency_ns = latency;
	r->file_id = id;
	r->flags = call->flags;
	r->mode = call->mode;
	r->ret = ret;
	r->dir_len = 0;
	r->path_len = 0;
	r->ino = 0;
	r->dev = 0;
	r->generation = 0;
	if (file) {
		r->ino = file->f_inode->i_ino;
		r->dev = file->f_inode->i_sb->s_dev;
		r->generation = file->f_inode->i_generation;
	}
	if (!id) { /* it failed, or the name could not be told by id */
		r->dir_len = append_base(s, pos, task, call->dirfd, call->name);
		pos += r->dir_len;
		r->path_len = append_user_string(s, pos, call->name);
		pos += r->path_len;
	}
	r->path_flags = s->flags;
	send(&names_ring, SI_RING_CLASS_NAMES, s, pos);
	scratch_release(s);
	return 0;
}

/* What a call on names was asked: one name, or two. */
struct si_name_call {
	const char *name;
	const char *new_name;
	u64 arg;
	s32 dirfd;
	s32 new_dirfd;
	u32 op;
};

static __noinline int named(struct task_struct *task, u64 start, u64 latency, struct si_name_call *call, long ret)
{
	struct si_scratch *s = scratch_take();
	struct si_name_op *r;
	u32 pos = sizeof(*r);

	if (!s) {
		count(SI_RING_CLASS_NAMES, false);
		return 0;
	}
	r = (void *)s->bytes;
	r->tid_type = (task->pid & TID_MASK) | SI_TYPE_NAME_OP << 24;
	r->exec_no = exec_no(task);
	r->ts_ns = start;
	r->proc_key = proc_key(task);
	r->latency_ns = latency;
	r->arg = call->arg;
	r->ret = ret;
	r->op = call->op;
	r->pad = 0;
	r->dir_len = 0;
	r->new_dir_len = 0;
	r->new_path_len = 0;
	if (call->op != SI_NAME_OP_SYMLINK) /* the text of a link starts nowhere */
		r->dir_len = append_base(s, pos, task, call->dirfd, call->name);
	pos += r->dir_len;
	r->path_len = append_user_string(s, pos, call->name);
	pos += r->path_len;
	if (call->new_name) {
		r->new_dir_len = append_base(s, pos, task, call->new_dirfd, call->new_name);
		pos += r->new_dir_len;
		r->new_path_len = append_user_string(s, pos, call->new_name);
		pos += r->new_path_len;
	}
	r->flags = s->flags;
	send(&names_ring, SI_RING_CLASS_NAMES, s, pos);
	scratch_release(s);
	return 0;
}

#endif
