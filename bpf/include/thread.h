/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What is remembered of each thread that makes recorded calls: its slot. */
#ifndef SI_THREAD_H
#define SI_THREAD_H

#include "recorder.h"

#define CACHED_FILES 4
#define SLOT_ENDED (1u << 31) /* in slot_of_tid: the thread has ended, and what it moved is accounted */

struct si_cached_file {
	u64 dentry;
	u64 ino;
	u32 dev;
	u32 generation;
	u32 id;
	u32 has_position;
};

struct si_moved_side {
	u64 ops;
	u64 bytes;
};

/* A slot is one thread's alone, from its first recorded call to its end, so nothing in it needs a lock. */
struct si_slot {
	u64 entered_ns; /* start of the call at hand, 0 if there is none or it was not seen */
	u64 proc_key;
	u32 exec_no;
	u32 tid;
	u16 known; /* the thread record is written */
	u16 runs; /* bit by cached file: it may have a run, see runs.h */
	u32 index; /* of this slot */
	struct si_moved_side moved[2]; /* by direction, in this execution, not told yet */
	struct si_cached_file files[CACHED_FILES];
};

/* Slot 0 is nobody's. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct si_slot);
} slots SEC(".maps");

/* The slot of each tid, 0 if it has none. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} slot_of_tid SEC(".maps");

/* Slots given back. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 1);
	__uint(value_size, sizeof(u32));
} free_slots SEC(".maps");

/* Totals that had no place in the ring; the recorder reads them at the end. */
struct si_total_key {
	u64 proc_key;
	u32 exec_no;
	u32 tid;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct si_total_key);
	__type(value, struct si_moved_side[2]);
} late_totals SEC(".maps");

/* A call at its exit, with the thread that made it. */
struct si_exit_call {
	struct task_struct *task;
	struct si_slot *slot;
	struct si_call call;
};

/* The slot of a thread, or NULL if it has none. */
static __always_inline struct si_slot *slot_of(u32 tid)
{
	u32 *index = bpf_map_lookup_elem(&slot_of_tid, &tid);
	u32 slot;

	if (!index)
		return NULL;
	slot = *index;
	return slot && !(slot & SLOT_ENDED) ? bpf_map_lookup_elem(&slots, &slot) : NULL;
}

/* Gives a thread a slot; NULL if all are taken. */
static __noinline struct si_slot *slot_take(u32 tid)
{
	u32 *index = bpf_map_lookup_elem(&slot_of_tid, &tid);
	struct si_slot *slot;
	u32 taken = 0;

	if (!index || *index)
		return NULL;
	if (bpf_map_pop_elem(&free_slots, &taken)) {
		if (shared.slots_taken >= settings.slots - 1)
			return NULL;
		taken = __sync_fetch_and_add(&shared.slots_taken, 1) + 1;
	}
	slot = bpf_map_lookup_elem(&slots, &taken);
	if (!slot)
		return NULL;
	__builtin_memset(slot, 0, sizeof(*slot));
	slot->tid = tid;
	slot->index = taken;
	*index = taken;
	return slot;
}

/* Keeps what has no place in the ring. An execution that is told twice adds up; the key is its own thread's, so nobody else adds. */
static __always_inline void keep_total(struct si_slot *slot)
{
	struct si_total_key key = { .proc_key = slot->proc_key, .exec_no = slot->exec_no, .tid = slot->tid };
	struct si_moved_side *late = bpf_map_lookup_elem(&late_totals, &key);

	if (late) {
		late[0].ops += slot->moved[0].ops;
		late[0].bytes += slot->moved[0].bytes;
		late[1].ops += slot->moved[1].ops;
		late[1].bytes += slot->moved[1].bytes;
	} else if (bpf_map_update_elem(&late_totals, &key, &slot->moved, BPF_NOEXIST)) {
		lose(SI_RING_CLASS_LIFECYCLE, SI_LOSS_REASON_RING_FULL);
	}
}

/* Tells what a slot's thread has moved so far in this execution, and starts anew. */
static __noinline void tell_total(struct si_slot *slot)
{
	struct si_total *r;

	if (!slot->moved[0].ops && !slot->moved[1].ops)
		return;
	r = bpf_ringbuf_reserve(&lifecycle_ring, sizeof(*r), 0);
	if (r) {
		number(r, SI_RING_CLASS_LIFECYCLE);
		r->tid_type = slot->tid | SI_TYPE_TOTAL << 24;
		r->exec_no = slot->exec_no;
		r->ts_ns = bpf_ktime_get_boot_ns();
		r->proc_key = slot->proc_key;
		r->read_ops = slot->moved[0].ops;
		r->read_bytes = slot->moved[0].bytes;
		r->written_ops = slot->moved[1].ops;
		r->written_bytes = slot->moved[1].bytes;
		bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	} else {
		keep_total(slot);
	}
	__builtin_memset(&slot->moved, 0, sizeof(slot->moved));
}

/* Tells that a thread has ended of which a thread record was written, so that nobody has to remember whose its tid was. */
static __noinline void tell_end(struct si_slot *slot)
{
	struct si_thread_end *r;

	if (!slot->proc_key)
		return;
	r = bpf_ringbuf_reserve(&lifecycle_ring, sizeof(*r), 0);
	if (!r) {
		lose(SI_RING_CLASS_LIFECYCLE, SI_LOSS_REASON_RING_FULL);
		return;
	}
	number(r, SI_RING_CLASS_LIFECYCLE);
	r->tid_type = slot->tid | SI_TYPE_THREAD_END << 24;
	r->exec_no = slot->exec_no;
	r->ts_ns = bpf_ktime_get_boot_ns();
	r->proc_key = slot->proc_key;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

/* A thread ends: its slot goes back. Where others of its process go on, no exit record will tell of it. */
static __always_inline void slot_end(u32 tid, bool others)
{
	u32 *index = bpf_map_lookup_elem(&slot_of_tid, &tid);
	struct si_slot *slot;
	u32 taken;

	if (!index)
		return;
	taken = *index;
	*index = SLOT_ENDED;
	if (!taken || taken & SLOT_ENDED)
		return;
	slot = bpf_map_lookup_elem(&slots, &taken);
	if (slot) {
		tell_total(slot);
		if (others)
			tell_end(slot);
	}
	bpf_map_push_elem(&free_slots, &taken, 0);
}

static __always_inline bool has_ended(u32 tid)
{
	u32 *index = bpf_map_lookup_elem(&slot_of_tid, &tid);

	return index && *index == SLOT_ENDED;
}

/* A thread is born: what was known of its tid was of an earlier one. */
static __always_inline void slot_begin(u32 tid)
{
	u32 *index = bpf_map_lookup_elem(&slot_of_tid, &tid);

	if (index && *index == SLOT_ENDED)
		*index = 0;
}

/* Tells whose a tid is, before the first record that gives no more than the tid. */
static __noinline void tell_thread(struct si_slot *slot, struct task_struct *task, u64 now)
{
	struct si_thread *r;

	tell_total(slot); /* of the execution before, if any */
	slot->proc_key = proc_key(task);
	slot->exec_no = exec_no(task);
	r = bpf_ringbuf_reserve(&lifecycle_ring, sizeof(*r), 0);
	if (!r) {
		lose(SI_RING_CLASS_LIFECYCLE, SI_LOSS_REASON_RING_FULL);
		return;
	}
	fill_head(r, task, SI_TYPE_THREAD, SI_RING_CLASS_LIFECYCLE, now);
	read_comm(r->comm, task);
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	slot->known = 1;
}

#endif
