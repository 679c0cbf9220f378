/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Calls that work on names: open, rename, unlink, link, symlink, truncate. */
#ifndef SI_NAMES_H
#define SI_NAMES_H

#include "call.h"

#define O_CREAT 0100

/* What an open was asked, whichever call it was. */
struct si_open_call {
	const char *name;
	s32 dirfd;
	u32 flags;
	u32 mode;
};

static __always_inline void opened(struct si_exit_call *e, struct si_open_call *open)
{
	struct task_struct *task = e->task;
	struct si_call *call = &e->call;
	long ret = call->ret;
	struct si_scratch *s;
	struct si_open *r;
	u32 id = 0;
	struct file *file = NULL;

	if (ret >= 0)
		file = file_of(task, ret);
	if (file) {
		id = file_id(task, file, open->flags & O_CREAT ? SI_CAUSE_CREATE : SI_CAUSE_OPEN);
		cache_file(e->slot, ret, file, id);
	}
	s = scratch_take();
	if (!s) {
		lose(SI_RING_CLASS_NAMES, SI_LOSS_REASON_NO_SCRATCH);
		return;
	}
	r = scratch_begin(s, sizeof(*r));
	fill_head(r, task, SI_TYPE_OPEN, SI_RING_CLASS_NAMES, call->start);
	r->latency_ns = call->latency;
	r->file_id = id;
	r->flags = open->flags;
	r->mode = open->mode;
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
		r->dir_len = append_base(s, task, open->dirfd, open->name);
		r->path_len = append_user_string(s, open->name);
	}
	r->path_flags = s->flags;
	send(&names_ring, SI_RING_CLASS_NAMES, s);
	scratch_release(s);
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

static __always_inline void named(struct task_struct *task, struct si_call *call, struct si_name_call *name)
{
	struct si_scratch *s = scratch_take();
	struct si_name_op *r;

	if (!s) {
		lose(SI_RING_CLASS_NAMES, SI_LOSS_REASON_NO_SCRATCH);
		return;
	}
	r = scratch_begin(s, sizeof(*r));
	fill_head(r, task, SI_TYPE_NAME_OP, SI_RING_CLASS_NAMES, call->start);
	r->latency_ns = call->latency;
	r->arg = name->arg;
	r->ret = call->ret;
	r->op = name->op;
	r->pad = 0;
	r->dir_len = 0;
	r->new_dir_len = 0;
	r->new_path_len = 0;
	if (name->op != SI_NAME_OP_SYMLINK) /* the text of a link starts nowhere */
		r->dir_len = append_base(s, task, name->dirfd, name->name);
	r->path_len = append_user_string(s, name->name);
	if (name->new_name) {
		r->new_dir_len = append_base(s, task, name->new_dirfd, name->new_name);
		r->new_path_len = append_user_string(s, name->new_name);
	}
	r->flags = s->flags;
	send(&names_ring, SI_RING_CLASS_NAMES, s);
	scratch_release(s);
}

#endif
