/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Paths and other text of variable length, put together in a scratch buffer and sent from there. */
#ifndef SI_TEXT_H
#define SI_TEXT_H

#include "recorder.h"

#define PATH_BYTES 4096
#define NAME_BYTES 256
#define PATH_DEPTH 64
#define ARGV_BYTES 4096
#define SCRATCH_LIMIT 20480 /* no part starts behind this */
#define SCRATCH_BYTES (SCRATCH_LIMIT + PATH_BYTES + NAME_BYTES)

enum { TEXT_UNREADABLE = 1, TEXT_CUT = 2 };

struct si_scratch {
	u32 busy;
	u32 flags; /* TEXT_* of the parts so far */
	u32 length; /* of the record so far; kept here, not in a register, so that the verifier's states stay few */
	u32 pad;
	u64 pointer; /* on its way to being a number */
	u8 bytes[SCRATCH_BYTES]; /* a record's fixed part, then its tail */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct si_scratch);
} scratches SEC(".maps");

/* Begins a record in a scratch buffer, with a fixed part of a given size. */
static __always_inline void *scratch_begin(struct si_scratch *s, u32 size)
{
	s->flags = 0;
	s->length = size;
	return s->bytes;
}

/* The scratch buffer of this CPU, or NULL if a preempted program holds it: the event is counted as lost then. */
static __always_inline struct si_scratch *scratch_take(void)
{
	u32 zero = 0;
	struct si_scratch *s = bpf_map_lookup_elem(&scratches, &zero);

	return s && !__sync_lock_test_and_set(&s->busy, 1) ? s : NULL;
}

static __always_inline void scratch_release(struct si_scratch *s)
{
	s->busy = 0;
}

/* Sends the record in a scratch buffer, whose head is filled; false if it has no place in the ring. */
static __always_inline bool send(void *ring, u32 ring_class, struct si_scratch *s)
{
	u32 size = s->length;
	long err = -1;

	if (size <= SCRATCH_BYTES)
		err = bpf_ringbuf_output(ring, s->bytes, size, BPF_RB_NO_WAKEUP);
	if (err)
		count_lost(ring_class, SI_LOSS_REASON_RING_FULL, 1);
	return !err;
}

/* On the way from a file up to the root: the place, and what was found so far. */
struct si_walk {
	struct dentry *dentry;
	struct vfsmount *mnt;
	struct si_scratch *scratch;
	u64 hash;
	u32 start;
	u32 ended; /* 1: the root of all is reached */
};

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return CAST(mount, (void *)((u64)mnt - bpf_core_field_offset(struct mount, mnt)));
}

/*
 * One step up: from a mount's root to where it is mounted, else to the parent. Returns the dentry whose name belongs to the path,
 * NULL where a mount was left or the walk is over.
 */
static __always_inline struct dentry *step_up(struct si_walk *w)
{
	struct dentry *dentry = CAST(dentry, w->dentry), *parent;
	struct vfsmount *mnt = CAST(vfsmount, w->mnt);

	if (dentry == mnt->mnt_root) {
		struct mount *m = mount_of(mnt);
		struct mount *outer = m->mnt_parent;

		w->ended = outer == m;
		w->dentry = m->mnt_mountpoint;
		w->mnt = CAST(vfsmount, &outer->mnt);
		return NULL;
	}
	parent = dentry->d_parent;
	w->ended = parent == dentry;
	w->dentry = parent;
	return dentry;
}

static __always_inline u64 mix(u64 hash, u64 part)
{
	hash = (hash ^ part) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

static long hash_step(u64 i, struct si_walk *w)
{
	struct vfsmount *mnt = w->mnt;
	struct dentry *dentry = step_up(w);

	w->hash = mix(w->hash, dentry ? dentry->d_name.hash_len : mount_of(mnt)->mnt_id);
	return w->ended ? 1 : 0;
}

/*
 * A hash over all names from a file up to the root, mounts included. It changes with any rename above the file, so a path once
 * resolved holds as long as this does, and nothing has to be told of renames and mounts.
 */
static __noinline u64 path_hash(struct file *file)
{
	struct si_walk w = { .dentry = file->f_path.dentry, .mnt = file->f_path.mnt };

	bpf_loop(PATH_DEPTH, hash_step, &w, 0);
	return w.hash;
}

static long name_step(u64 i, struct si_walk *w)
{
	struct dentry *dentry = step_up(w);
	struct si_scratch *s = w->scratch;
	u32 at = s->length;
	long n;

	if (!dentry)
		return w->ended ? 1 : 0;
	if (at > SCRATCH_LIMIT || at - w->start > PATH_BYTES - NAME_BYTES) {
		w->ended = false;
		return 1;
	}
	n = bpf_probe_read_kernel_str(s->bytes + at, NAME_BYTES, dentry->d_name.name);
	if (n > 0)
		s->length = at + n;
	return w->ended ? 1 : 0;
}

/* Appends a path's components, innermost first, each ended by NUL. Returns the bytes appended, at most PATH_BYTES. */
static __noinline u32 append_path(struct si_scratch *s, struct dentry *dentry, struct vfsmount *mnt)
{
	struct si_walk w = { .dentry = dentry, .mnt = mnt, .scratch = s, .start = s->length };

	bpf_loop(PATH_DEPTH, name_step, &w, 0);
	if (!w.ended)
		s->flags |= TEXT_CUT;
	return s->length - w.start;
}

/* Appends the working directory of a task. */
static __always_inline u32 append_cwd(struct si_scratch *s, struct task_struct *task)
{
	struct fs_struct *fs = WALK(task)->fs;

	return append_path(s, fs->pwd.dentry, fs->pwd.mnt);
}

#endif
