/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Ids that stand for a file and a name of it, so that an io record carries four bytes and no path. */
#ifndef SI_FILES_H
#define SI_FILES_H

#include "text.h"

struct si_file_key {
	u64 dentry;
	u64 mnt;
	u64 ino;
	u32 dev;
	u32 generation;
};

struct si_file_value {
	u64 path_hash;
	u32 id;
	u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, struct si_file_key);
	__type(value, struct si_file_value);
} files SEC(".maps");

static __always_inline bool id_valid(u32 id)
{
	return id && file_ids - id < FILE_ID_WINDOW;
}

/* Writes the record that says what an id stands for; false if it has no place. */
static __always_inline bool send_file(struct si_scratch *s, struct task_struct *task, struct file *file, u32 id, u32 cause)
{
	struct si_file *r = scratch_begin(s, sizeof(*r));
	struct inode *inode = file->f_inode;
	struct dentry *dentry = file->f_path.dentry;

	r->tid_type = (task->pid & TID_MASK) | SI_TYPE_FILE << 24;
	r->exec_no = exec_no(task);
	r->ts_ns = bpf_ktime_get_boot_ns();
	r->proc_key = proc_key(task);
	r->ino = inode->i_ino;
	r->dev = inode->i_sb->s_dev;
	r->generation = inode->i_generation;
	r->file_id = id;
	r->fs_magic = inode->i_sb->s_magic;
	r->mode = inode->i_mode;
	r->cause = cause;
	r->pad = 0;
	r->path_len = append_path(s, dentry, file->f_path.mnt);
	r->flags = s->flags & TEXT_CUT;
	/* A name that is no longer hashed is deleted; a root has none. */
	if (!dentry->d_hash.pprev && dentry->d_parent != dentry)
		r->flags |= 1;
	return send(&names_ring, SI_RING_CLASS_NAMES, s);
}

/* The id of an open file under its present name, made and told if it is new; 0 if it could not be told. */
static __noinline u32 file_id_in(struct si_scratch *s, struct task_struct *task, struct file *file, u32 cause)
{
	struct inode *inode = file->f_inode;
	struct si_file_key key = {
		.dentry = (u64)file->f_path.dentry,
		.mnt = (u64)file->f_path.mnt,
		.ino = inode->i_ino,
		.dev = inode->i_sb->s_dev,
		.generation = inode->i_generation,
	};
	struct si_file_value value = { .path_hash = path_hash(file) };
	struct si_file_value *known = bpf_map_lookup_elem(&files, &key);

	if (known && known->path_hash == value.path_hash && id_valid(known->id))
		return known->id;
	value.id = __sync_fetch_and_add(&file_ids, 1) + 1;
	if (!send_file(s, task, file, value.id, cause))
		return 0;
	bpf_map_update_elem(&files, &key, &value, BPF_ANY);
	return value.id;
}

static __noinline u32 file_id(struct task_struct *task, struct file *file, u32 cause)
{
	struct si_scratch *s = scratch_take();
	u32 id;

	if (!s) {
		count(SI_RING_CLASS_NAMES, false);
		return 0;
	}
	id = file_id_in(s, task, file, cause);
	scratch_release(s);
	return id;
}

#endif
