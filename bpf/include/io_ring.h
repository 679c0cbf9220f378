/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The io rings: one a CPU, without a lock. */
#ifndef SI_IO_RING_H
#define SI_IO_RING_H

#include "recorder.h"

#define IO_RECORDS_AT 4096
#define IO_HEADER_BYTES 8

/*
 * The first page of a CPU's ring; the records follow, laid out as in a BPF_MAP_TYPE_RINGBUF, but for the header's second word: it
 * numbers the operations. Where a record ends behind the ring's last byte it runs on into the page after it.
 *
 * A ring has one writer at a time, and needs none of the ringbuf's locks: programs stay on their CPU, and where one is preempted
 * (kernels differ in whether that can be) whoever comes then finds it writing and counts its event as lost. On x86 stores are seen
 * in the order in which they were made: records before head.
 */
struct si_io_ring {
	u64 head; /* bytes ever written */
	u64 seen; /* operations that came here; its low half numbers them */
	u64 lost; /* of these, for want of room */
	u64 no_slot; /* of these, for want of a slot for their thread */
	u64 collided; /* lost besides these: another program was writing, preempted. Not in seen. */
	u32 writing;
	u32 mode; /* SI_PRESSURE_MODE_* */
	u32 pad[20];
	u64 tail; /* bytes ever read: the reader's */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, IO_RECORDS_AT);
} io_rings SEC(".maps");

/*
 * The ring of this CPU, to be given back by io_end; NULL if it is being written, or there is none: there is one for each CPU that was
 * online when the window began. The operations are lost then.
 */
static __always_inline struct si_io_ring *io_begin(u64 ops)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct si_io_ring *ring = bpf_map_lookup_elem(&io_rings, &cpu);

	if (!ring) {
		count_seen(SI_RING_CLASS_IO, ops);
		count_lost(SI_RING_CLASS_IO, SI_LOSS_REASON_NO_RING, ops);
		return NULL;
	}
	if (__sync_lock_test_and_set(&ring->writing, 1)) {
		__sync_fetch_and_add(&ring->collided, ops);
		return NULL;
	}
	return ring;
}

static __always_inline void io_end(struct si_io_ring *ring)
{
	barrier();
	*(volatile u32 *)&ring->writing = 0;
}

/* Room for a record that stands for some operations. NULL if there is none: they are lost then. */
static __always_inline void *io_reserve(struct si_io_ring *ring, u32 size, u64 ops)
{
	u64 head = ring->head, seen = ring->seen;
	u64 *header;

	ring->seen = seen + ops;
	if (head + IO_HEADER_BYTES + size - *(volatile u64 *)&ring->tail > settings.io_bytes) {
		ring->lost += ops;
		return NULL;
	}
	header = (void *)ring + IO_RECORDS_AT + (head & (settings.io_bytes - 1));
	*header = size | seen << 32;
	return header + 1;
}

/* Lets the reader see the record. */
static __always_inline void io_submit(struct si_io_ring *ring, u32 size)
{
	barrier();
	*(volatile u64 *)&ring->head = ring->head + IO_HEADER_BYTES + size;
}

/* Operations of a thread that has no slot. */
static __always_inline void io_lost(u64 ops)
{
	struct si_io_ring *ring = io_begin(ops);

	if (!ring)
		return;
	ring->seen += ops;
	ring->no_slot += ops;
	io_end(ring);
}

#endif
