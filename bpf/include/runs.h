/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Under pressure: consecutive operations of a thread on a descriptor become one record, before anything is lost. */
#ifndef SI_RUNS_H
#define SI_RUNS_H

#include "call.h"
#include "io_ring.h"

#define RUN_NS 10000000 /* a run ends after this at the latest, at the thread's next operation */
#define RUN_OPS 1048576

/* An operation on a descriptor, at its end. */
struct si_operation {
	u64 offset; /* NO_OFFSET if there is none */
	u32 id;
	u32 fd;
	u32 op_dir;
	u64 bytes; /* that moved */
	bool wide;
};

/*
 * Operations not written yet. Its thread adds to it; the recorder takes those that are left over (class OpenRuns). Whoever sets
 * busy has it; neither waits for the other.
 */
struct si_run {
	u64 start_ns; /* of the first */
	u64 end_ns; /* of the last */
	u64 latency_ns; /* sum; NOT_SEEN if that holds for all of them */
	u64 bytes;
	u64 offset; /* of the first */
	u32 file_id;
	u32 fd;
	u32 tid_type;
	u32 ops; /* 0: there is none */
	u32 busy;
	u32 pad;
};

/* CACHED_FILES for each slot. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct si_run);
} runs SEC(".maps");

static __always_inline struct si_run *run_of(struct si_slot *slot, u32 file)
{
	u32 index = slot->index * CACHED_FILES + file % CACHED_FILES;

	return bpf_map_lookup_elem(&runs, &index);
}

/* Writes a run and ends it. */
static __noinline void end_run(struct si_io_ring *ring, struct si_run *run)
{
	struct si_io_wide *r = io_reserve(ring, sizeof(*r), run->ops);

	if (r) {
		r->tid_type = run->tid_type;
		r->file_id = id_valid(run->file_id) ? run->file_id : 0;
		r->ts_ns = run->start_ns;
		r->latency_ns = run->latency_ns;
		r->ret = run->ops > 1 ? 0 : run->bytes;
		r->offset = run->offset;
		r->latency_high = run->latency_ns >> 32;
		r->fd = run->fd;
		r->bytes = run->bytes;
		r->ops = run->ops;
		r->pad = 0;
		io_submit(ring, sizeof(*r));
	}
	run->ops = 0;
}

static __always_inline void set_mode(struct si_io_ring *ring, u32 mode, u64 used)
{
	struct si_pressure *r = io_reserve(ring, sizeof(*r), 1);

	ring->mode = mode;
	if (!r)
		return;
	r->tid_type = (u32)SI_TYPE_PRESSURE << 24;
	r->cpu = bpf_get_smp_processor_id();
	r->ts_ns = bpf_ktime_get_boot_ns();
	r->mode = mode;
	r->pad = 0;
	r->used_bytes = used;
	io_submit(ring, sizeof(*r));
}

/* Operations are put together from a half-full ring on, until an eighth is left. */
static __always_inline void heed_pressure(struct si_io_ring *ring)
{
	u64 used = ring->head - *(volatile u64 *)&ring->tail;

	if (ring->mode == SI_PRESSURE_MODE_EACH) {
		if (used > settings.io_bytes / 2)
			set_mode(ring, SI_PRESSURE_MODE_COALESCE, used);
	} else if (used < settings.io_bytes / 8) {
		set_mode(ring, SI_PRESSURE_MODE_EACH, used);
	}
}

static __always_inline bool continues(struct si_run *run, struct si_call *call, struct si_operation *o, u32 tid_type)
{
	return run->tid_type == tid_type && run->file_id == o->id && run->fd == o->fd && run->ops < RUN_OPS &&
	       call->end - run->start_ns < RUN_NS && (run->latency_ns == NOT_SEEN) == (call->latency == NOT_SEEN);
}

static __always_inline void add_to_run(struct si_run *run, struct si_call *call, struct si_operation *o, u32 tid_type)
{
	if (!run->ops) {
		run->start_ns = call->start;
		run->latency_ns = 0;
		run->bytes = 0;
		run->offset = o->offset;
		run->file_id = o->id;
		run->fd = o->fd;
		run->tid_type = tid_type;
	}
	run->end_ns = call->end;
	run->latency_ns = call->latency == NOT_SEEN ? NOT_SEEN : run->latency_ns + call->latency;
	run->bytes += o->bytes;
	run->ops++;
}

/* What fails, or is no transfer of bytes, has a record of its own always. */
static __always_inline bool joins_runs(struct si_call *call, struct si_operation *o)
{
	u32 op = o->op_dir >> 1;

	return call->ret >= 0 && !o->wide && op != SI_IO_OP_FSYNC && op != SI_IO_OP_FDATASYNC &&
	       op != SI_IO_OP_FTRUNCATE;
}

/* True if the operation is in a run now. */
static __noinline bool put_together(struct si_io_ring *ring, struct si_slot *slot, struct si_call *call, struct si_operation *o)
{
	u32 tid_type = slot->tid | (u32)(0xc0 | o->op_dir) << 24, bit;
	struct si_run *run;
	bool joins;

	heed_pressure(ring);
	joins = ring->mode == SI_PRESSURE_MODE_COALESCE && joins_runs(call, o);
	bit = 1 << o->fd % CACHED_FILES;
	if (!joins && !(slot->runs & bit))
		return false;
	run = run_of(slot, o->fd);
	if (!run || __sync_lock_test_and_set(&run->busy, 1))
		return false;
	if (run->ops && !(joins && continues(run, call, o, tid_type)))
		end_run(ring, run);
	if (joins) {
		add_to_run(run, call, o, tid_type);
		slot->runs |= bit;
	} else {
		slot->runs &= ~bit;
	}
	__sync_lock_test_and_set(&run->busy, 0);
	return joins;
}

/* Ends the runs of a thread: what follows is another execution's, or nobody's. */
static __noinline void end_runs(struct si_slot *slot)
{
	struct si_io_ring *ring;
	struct si_run *run;
	u32 i;

	ring = io_begin(0);
	if (!ring)
		return; /* the recorder takes them */
	for (i = 0; i < CACHED_FILES; i++) {
		run = slot->runs & 1 << i ? run_of(slot, i) : NULL;
		if (!run || __sync_lock_test_and_set(&run->busy, 1))
			continue;
		if (run->ops)
			end_run(ring, run);
		__sync_lock_test_and_set(&run->busy, 0);
	}
	slot->runs = 0;
	io_end(ring);
}

/* To be called wherever an execution of a thread ends, or its name changes. */
static __always_inline void leave_runs(struct si_slot *slot)
{
	if (settings.coalesce && slot && slot->runs)
		end_runs(slot);
}

#endif
