/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Operations on descriptors: one record each, at the exit of the call; two where bytes go from one descriptor to another. */
#ifndef SI_SYSCALL_IO_H
#define SI_SYSCALL_IO_H

#include "runs.h"

#define NO_OFFSET (~0ULL)
#define NOWHERE (~1ULL) /* of a call on the whole file */
#define NARROW_NO_OFFSET ((1ULL << 48) - 1)
#define MAX_MESSAGES 1024 /* UIO_MAXIOV, the kernel's own bound */
#define MMSGHDR_BYTES 64
#define MMSGHDR_LEN_AT 56

enum { DIR_R, DIR_W };

static __always_inline void call_times(struct si_slot *slot, struct si_call *call)
{
	call->end = bpf_ktime_get_boot_ns();
	if (slot->entered_ns) {
		call->start = slot->entered_ns;
		call->latency = call->end - call->start;
	} else {
		call->start = call->end;
		call->latency = NOT_SEEN;
	}
	slot->entered_ns = 0;
}

/* The remembered id of the file behind a descriptor; the long way round only where it is another file than last time. */
static __always_inline struct si_cached_file *cached_file(struct si_slot *slot, struct task_struct *task, u32 fd, struct file *file)
{
	struct si_cached_file *c = &slot->files[fd % CACHED_FILES];
	struct inode *inode = file->f_inode;

	if (c->dentry == (u64)file->f_path.dentry && c->ino == inode->i_ino && c->dev == inode->i_sb->s_dev &&
	    c->generation == inode->i_generation && id_valid(c->id))
		return c;
	return cache_file(slot, fd, file, file_id(task, file, SI_CAUSE_IO));
}

/* Whether an operation fits the narrow record. */
static __always_inline bool is_narrow(struct si_call *call, struct si_operation *o)
{
	return !o->wide && o->fd < 65536 && (o->offset < NARROW_NO_OFFSET || o->offset == NO_OFFSET) &&
	       (call->latency < 0xffffffff || call->latency == NOT_SEEN);
}

static __always_inline void send_narrow(struct si_io_ring *ring, u32 tid_type, struct si_call *call, struct si_operation *o)
{
	struct si_io *r = io_reserve(ring, sizeof(*r), 1);

	if (!r)
		return;
	r->tid_type = tid_type;
	r->file_id = o->id;
	r->ts_ns = call->start;
	r->latency_ns = call->latency;
	r->ret = call->ret;
	r->offset_fd = (o->offset & NARROW_NO_OFFSET) | (u64)o->fd << 48;
	io_submit(ring, sizeof(*r));
}

static __always_inline void send_wide(struct si_io_ring *ring, u32 tid_type, struct si_call *call, struct si_operation *o)
{
	struct si_io_wide *r = io_reserve(ring, sizeof(*r), 1);

	if (!r)
		return;
	r->tid_type = tid_type | 0x40u << 24;
	r->file_id = o->id;
	r->ts_ns = call->start;
	r->latency_ns = call->latency;
	r->ret = call->ret;
	r->offset = o->offset;
	r->latency_high = call->latency >> 32;
	r->fd = o->fd;
	r->bytes = o->bytes;
	r->ops = 1;
	r->pad = 0;
	io_submit(ring, sizeof(*r));
}

static __always_inline void send_io(struct si_slot *slot, struct si_call *call, struct si_operation *o)
{
	struct si_moved_side *moved = &slot->moved[o->op_dir & 1];
	u32 tid_type = slot->tid | (u32)(0x80 | o->op_dir) << 24;
	struct si_io_ring *ring;

	moved->ops++;
	moved->bytes += o->bytes;
	ring = io_begin(1);
	if (!ring)
		return;
	if (settings.coalesce && put_together(ring, slot, call, o))
		; /* told later */
	else if (is_narrow(call, o))
		send_narrow(ring, tid_type, call, o);
	else
		send_wide(ring, tid_type, call, o);
	io_end(ring);
}

/* Where a call at the file's own position started: the position has moved by what the call moved. */
static __always_inline u64 position_before(struct file *file, long ret)
{
	u64 position = file->f_pos;

	return ret > 0 ? position - ret : position;
}

/* A call on one descriptor. at is its explicit offset, NO_OFFSET for the file's own position, or NOWHERE. */
static __always_inline void one_side(struct si_slot *slot, struct task_struct *task, struct si_call *call, u32 op_dir, u32 fd,
				     u64 at)
{
	struct si_operation o = { .offset = NO_OFFSET, .fd = fd, .op_dir = op_dir, .bytes = call->ret > 0 ? call->ret : 0 };
	struct file *file = file_of(task, fd);

	if (file) {
		struct si_cached_file *c = cached_file(slot, task, fd, file);

		o.id = c->id;
		if (c->has_position && at != NOWHERE)
			o.offset = at == NO_OFFSET ? position_before(file, call->ret) : at;
	}
	send_io(slot, call, &o);
}

/* Explicit offset of a two-descriptor call: the kernel has moved it by what the call moved. */
static __always_inline u64 moved_offset(const void *pointer, long ret)
{
	u64 at = NO_OFFSET;

	if (pointer && !bpf_probe_read_user(&at, sizeof(at), pointer) && ret > 0)
		at -= ret;
	return at;
}

/* A call from one descriptor to another, and what it does to each. */
struct si_two_sides {
	struct si_exit_call *e;
	u32 fd[2]; /* by DIR_R, DIR_W */
	u64 at[2];
};

static long send_side(u64 dir, struct si_two_sides *sides)
{
	struct si_exit_call *e = sides->e;

	one_side(e->slot, e->task, &e->call, e->call.op_dir | dir, sides->fd[dir & 1], sides->at[dir & 1]);
	return 0;
}

/* From one descriptor to another: a row for each side. A loop, so that the verifier walks the side once. */
static __always_inline void two_sides(struct si_exit_call *e, struct pt_regs *regs)
{
	struct si_two_sides sides = { .e = e };
	long ret = e->call.ret;

	if (e->call.op_dir >> 1 == SI_IO_OP_SENDFILE) { /* out, in, in's offset */
		sides.fd[DIR_W] = regs->di;
		sides.fd[DIR_R] = regs->si;
		sides.at[DIR_R] = moved_offset((void *)regs->dx, ret);
		sides.at[DIR_W] = NO_OFFSET;
	} else { /* splice and copy_file_range: in, in's offset, out, out's offset */
		sides.fd[DIR_R] = regs->di;
		sides.at[DIR_R] = moved_offset((void *)regs->si, ret);
		sides.fd[DIR_W] = regs->dx;
		sides.at[DIR_W] = moved_offset((void *)regs->r10, ret);
	}
	bpf_loop(2, send_side, &sides, 0);
}

struct si_message_sum {
	const char *messages;
	u64 bytes;
};

static long add_message(u64 i, struct si_message_sum *sum)
{
	u32 len = 0;

	bpf_probe_read_user(&len, sizeof(len), sum->messages + i * MMSGHDR_BYTES + MMSGHDR_LEN_AT);
	sum->bytes += len;
	return 0;
}

/* sendmmsg and recvmmsg return a count of messages; the bytes stand in each message's header. */
static __noinline void messages(struct si_slot *slot, struct task_struct *task, struct si_call *call, struct pt_regs *regs)
{
	struct si_message_sum sum = { .messages = (void *)regs->si };
	struct si_operation o = { .offset = NO_OFFSET, .fd = regs->di, .op_dir = call->op_dir, .wide = true };
	long ret = call->ret;
	struct file *file = file_of(task, o.fd);

	if (ret > 0 && ret <= MAX_MESSAGES)
		bpf_loop(ret, add_message, &sum, 0);
	o.bytes = sum.bytes;
	if (file)
		o.id = cached_file(slot, task, o.fd, file)->id;
	send_io(slot, call, &o);
}

#endif
