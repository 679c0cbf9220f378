/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the calls of the current process name: by text, relative to a directory, or by descriptor. */
#ifndef SI_CALL_H
#define SI_CALL_H

#include "files.h"
#include "thread.h"

#define AT_FDCWD (-100)

/* Appends a string of the current process, without its NUL. Returns the bytes appended. */
static __noinline u32 append_user_string(struct si_scratch *s, const char *from)
{
	u32 at = s->length;
	long n;

	if (at > SCRATCH_LIMIT) {
		s->flags |= TEXT_CUT;
		return 0;
	}
	n = bpf_probe_read_user_str(s->bytes + at, PATH_BYTES, from);
	if (n <= 0) {
		s->flags |= TEXT_UNREADABLE;
		return 0;
	}
	if (n == PATH_BYTES)
		s->flags |= TEXT_CUT;
	s->length = at + n - 1;
	return n - 1;
}

/* The open file behind a descriptor of the current process, or NULL. */
static __always_inline struct file *file_of(struct task_struct *task, u32 fd)
{
	struct fdtable *table = task->files->fdt;
	void *file;

	if (fd >= table->max_fds)
		return NULL;
	/* hlist_head stands for any structure that starts with a pointer: this is the plain load of fd[fd]. */
	file = CAST(hlist_head, table->fd + fd)->first;
	return file ? CAST(file, file) : NULL;
}

/* Appends the directory that a relative name starts from (dirfd or the working directory); nothing for an absolute name. */
static __noinline u32 append_base(struct si_scratch *s, struct task_struct *task, s32 dirfd, const char *name)
{
	struct file *file;
	char first = 0;

	bpf_probe_read_user(&first, 1, name);
	if (first == '/')
		return 0;
	if (dirfd == AT_FDCWD)
		return append_cwd(s, task);
	file = file_of(task, dirfd);
	if (!file)
		return 0;
	return append_path(s, file->f_path.dentry, file->f_path.mnt);
}

static __noinline u32 file_id(struct task_struct *task, struct file *file, u32 cause)
{
	struct si_scratch *s = scratch_take();
	u32 id;

	if (!s) {
		lose(SI_RING_CLASS_NAMES, SI_LOSS_REASON_NO_SCRATCH);
		return 0;
	}
	id = file_id_in(s, task, file, cause);
	scratch_release(s);
	return id;
}

/* Remembers the id of the file behind a descriptor, for the thread's next operation on it. */
static __always_inline struct si_cached_file *cache_file(struct si_slot *slot, u32 fd, struct file *file, u32 id)
{
	struct si_cached_file *c = &slot->files[fd % CACHED_FILES];
	struct inode *inode = file->f_inode;
	u16 type = inode->i_mode & S_IFMT;

	c->dentry = (u64)file->f_path.dentry;
	c->ino = inode->i_ino;
	c->dev = inode->i_sb->s_dev;
	c->generation = inode->i_generation;
	c->id = id;
	c->has_position = type == S_IFREG || type == S_IFBLK;
	return c;
}

#endif
