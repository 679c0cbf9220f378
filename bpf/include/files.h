/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Ids that stand for a file and a name of it, so that an io record carries four bytes and no path. */
#ifndef SI_FILES_H
#define SI_FILES_H

#include "text.h"

#define FILE_SETS 8192 /* a power of two */
#define FILES_A_SET 4
#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFBLK 0060000

/* Files whose hashes fall together, in one line of the cache. Whoever sets busy has it; others take the file for a new one. */
struct si_file_set {
	u64 hashes[FILES_A_SET]; /* over path and inode; two files have the same by a chance of 1 in 2^64 */
	u32 ids[FILES_A_SET]; /* 0 if there is none */
	u32 busy;
	u32 next; /* whose place the next new one takes */
	u64 pad;
};

/* The kernel's hash table takes several times as long for a new file, and where a program walks a tree they are all new. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FILE_SETS);
	__type(key, u32);
	__type(value, struct si_file_set);
} files SEC(".maps");

static __always_inline bool id_valid(u32 id)
{
	return id && shared.file_ids - id < FILE_ID_WINDOW;
}

/* Writes the record that says what an id stands for; false if it has no place. */
static __always_inline bool send_file(struct si_scratch *s, struct task_struct *task, struct file *file, u32 id, u32 cause)
{
	struct si_file *r = scratch_begin(s, sizeof(*r));
	struct inode *inode = file->f_inode;
	struct dentry *dentry = file->f_path.dentry;

	fill_head(r, task, SI_TYPE_FILE, SI_RING_CLASS_NAMES, bpf_ktime_get_boot_ns());
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

static __always_inline u64 file_hash(struct si_scratch *s, struct file *file)
{
	struct inode *inode = file->f_inode;
	u64 hash = path_hash(file);

	/* Pipes and the like have no path. By way of memory, as there is no arithmetic on pointers. */
	s->pointer = (u64)file->f_path.dentry;
	hash = mix(hash, *(volatile u64 *)&s->pointer);
	hash = mix(hash, inode->i_ino);
	return mix(hash, (u64)inode->i_generation << 32 | inode->i_sb->s_dev);
}

/* The set that a file belongs to, with busy set; NULL if another program has it. */
static __always_inline struct si_file_set *file_set_take(u64 hash)
{
	u32 index = hash >> 32 & (FILE_SETS - 1);
	struct si_file_set *set = bpf_map_lookup_elem(&files, &index);

	return set && !__sync_lock_test_and_set(&set->busy, 1) ? set : NULL;
}

static __always_inline void file_set_release(struct si_file_set *set)
{
	barrier();
	*(volatile u32 *)&set->busy = 0;
}

/* The id of a file in its set, 0 if it has none. */
static __always_inline u32 known_id(struct si_file_set *set, u64 hash)
{
	u32 i;

	for (i = 0; i < FILES_A_SET; i++)
		if (set->hashes[i] == hash && id_valid(set->ids[i]))
			return set->ids[i];
	return 0;
}

static __always_inline void remember(struct si_file_set *set, u64 hash, u32 id)
{
	u32 i = set->next++ % FILES_A_SET;

	set->hashes[i] = hash;
	set->ids[i] = id;
}

/* The id of an open file under its present name, made and told if it is new; 0 if it could not be told. */
static __noinline u32 file_id_in(struct si_scratch *s, struct task_struct *task, struct file *file, u32 cause)
{
	u64 hash = file_hash(s, file);
	struct si_file_set *set = file_set_take(hash);
	u32 id = set ? known_id(set, hash) : 0;

	if (!id) {
		id = __sync_fetch_and_add(&shared.file_ids, 1) + 1;
		if (!send_file(s, task, file, id, cause))
			id = 0;
		else if (set)
			remember(set, hash, id);
	}
	if (set)
		file_set_release(set);
	return id;
}

#endif
