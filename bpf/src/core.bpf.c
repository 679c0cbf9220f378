// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Entry and exit of system calls, and the table that says which call goes where. The programs of lifecycle.h are included here.
#include "lifecycle.h"
#include "names.h"
#include "syscall_io.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Never used: brings the layout of all records into the object's type information, where a test compares it with the schemas. */
const union si_records *layouts;
const struct si_io_ring *ring_layout;
const struct si_head *head_layout;

/* What the log tells of losses. The recorder keeps it here, where it outlives the recorder: class ToldLosses. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u64));
} told SEC(".maps");

/*
 * Used by no program. The kernel answers an update of a map of maps once no program runs that was running before
 * (maybe_wait_bpf_programs, since 1ae80cf31938): so the recorder waits for programs that it has detached.
 */
struct si_waited {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} waited SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct si_waited);
} waiting SEC(".maps");

/* Run once by the recorder, before anything is attached. */
SEC("syscall")
int si_self(void *ctx)
{
	shared.self_tgid = bpf_get_current_pid_tgid() >> 32;
	return shared.self_tgid;
}

#define SYSCALLS 512

/* What kind of call a system call is; 0 for those that are not recorded. */
enum {
	CALL_ONE_SIDE = 1, /* on one descriptor, at the file's own position */
	CALL_POSITIONED, /* the same, at a position given in the fourth argument */
	CALL_FTRUNCATE,
	CALL_SYNC,
	CALL_TWO_SIDES, /* from here on: each a program of its own */
	CALL_MESSAGES,
	CALL_OPEN,
	CALL_NAME,
	CALL_EXEC,
	CALLS,
};

#define IO(kind, op, dir) ((CALL_##kind) << 8 | SI_IO_OP_##op << 1 | DIR_##dir)

static const volatile u16 syscalls[SYSCALLS] = {
	[__NR_read] = IO(ONE_SIDE, READ, R),
	[__NR_write] = IO(ONE_SIDE, WRITE, W),
	[__NR_pread64] = IO(POSITIONED, PREAD64, R),
	[__NR_pwrite64] = IO(POSITIONED, PWRITE64, W),
	[__NR_readv] = IO(ONE_SIDE, READV, R),
	[__NR_writev] = IO(ONE_SIDE, WRITEV, W),
	[__NR_preadv] = IO(POSITIONED, PREADV, R),
	[__NR_pwritev] = IO(POSITIONED, PWRITEV, W),
	[__NR_preadv2] = IO(POSITIONED, PREADV2, R),
	[__NR_pwritev2] = IO(POSITIONED, PWRITEV2, W),
	[__NR_sendfile] = IO(TWO_SIDES, SENDFILE, R),
	[__NR_splice] = IO(TWO_SIDES, SPLICE, R),
	[__NR_copy_file_range] = IO(TWO_SIDES, COPY_FILE_RANGE, R),
	[__NR_fsync] = IO(SYNC, FSYNC, W),
	[__NR_fdatasync] = IO(SYNC, FDATASYNC, W),
	[__NR_sendto] = IO(ONE_SIDE, SENDTO, W),
	[__NR_recvfrom] = IO(ONE_SIDE, RECVFROM, R),
	[__NR_sendmsg] = IO(ONE_SIDE, SENDMSG, W),
	[__NR_recvmsg] = IO(ONE_SIDE, RECVMSG, R),
	[__NR_sendmmsg] = IO(MESSAGES, SENDMMSG, W),
	[__NR_recvmmsg] = IO(MESSAGES, RECVMMSG, R),
	[__NR_ftruncate] = IO(FTRUNCATE, FTRUNCATE, W),
	[__NR_open] = CALL_OPEN << 8,
	[__NR_openat] = CALL_OPEN << 8,
	[__NR_openat2] = CALL_OPEN << 8,
	[__NR_creat] = CALL_OPEN << 8,
	[__NR_rename] = CALL_NAME << 8,
	[__NR_renameat] = CALL_NAME << 8,
	[__NR_renameat2] = CALL_NAME << 8,
	[__NR_unlink] = CALL_NAME << 8,
	[__NR_unlinkat] = CALL_NAME << 8,
	[__NR_link] = CALL_NAME << 8,
	[__NR_linkat] = CALL_NAME << 8,
	[__NR_symlink] = CALL_NAME << 8,
	[__NR_symlinkat] = CALL_NAME << 8,
	[__NR_truncate] = CALL_NAME << 8,
	[__NR_execve] = CALL_EXEC << 8,
	[__NR_execveat] = CALL_EXEC << 8,
};

/* Flags and mode lead struct open_how. A function of its own, or clang folds this load with one from regs. */
static __noinline void read_open_how(struct si_open_call *open, const void *from)
{
	u64 how[2] = {};

	bpf_probe_read_user(how, sizeof(how), from);
	open->flags = how[0];
	open->mode = how[1];
}

static __always_inline void open_exit(struct si_exit_call *e, struct pt_regs *regs, u32 nr)
{
	struct si_open_call open = { .name = (void *)regs->di, .dirfd = AT_FDCWD };

	switch (nr) {
	case __NR_open:
		open.flags = regs->si;
		open.mode = regs->dx;
		break;
	case __NR_creat:
		open.flags = 01000 | O_CREAT | 1; /* O_TRUNC, O_WRONLY */
		open.mode = regs->si;
		break;
	case __NR_openat:
		open.dirfd = regs->di;
		open.name = (void *)regs->si;
		open.flags = regs->dx;
		open.mode = regs->r10;
		break;
	default: /* openat2 */
		open.dirfd = regs->di;
		open.name = (void *)regs->si;
		read_open_how(&open, (void *)regs->dx);
	}
	opened(e, &open);
}

static __always_inline void name_exit(struct task_struct *task, struct si_call *call, struct pt_regs *regs, u32 nr)
{
	struct si_name_call name = { .name = (void *)regs->di, .dirfd = AT_FDCWD, .new_dirfd = AT_FDCWD };

	switch (nr) {
	case __NR_rename:
	case __NR_link:
	case __NR_symlink:
		name.new_name = (void *)regs->si;
		name.op = nr == __NR_rename ? SI_NAME_OP_RENAME : nr == __NR_link ? SI_NAME_OP_LINK : SI_NAME_OP_SYMLINK;
		break;
	case __NR_renameat:
	case __NR_renameat2:
	case __NR_linkat:
		name.dirfd = regs->di;
		name.name = (void *)regs->si;
		name.new_dirfd = regs->dx;
		name.new_name = (void *)regs->r10;
		name.arg = nr == __NR_renameat ? 0 : regs->r8;
		name.op = nr == __NR_linkat ? SI_NAME_OP_LINK : SI_NAME_OP_RENAME;
		break;
	case __NR_symlinkat:
		name.new_dirfd = regs->si;
		name.new_name = (void *)regs->dx;
		name.op = SI_NAME_OP_SYMLINK;
		break;
	case __NR_unlink:
		name.op = SI_NAME_OP_UNLINK;
		break;
	case __NR_unlinkat:
		name.dirfd = regs->di;
		name.name = (void *)regs->si;
		name.arg = regs->dx;
		name.op = SI_NAME_OP_UNLINK;
		break;
	default: /* truncate */
		name.arg = regs->si;
		name.op = SI_NAME_OP_TRUNCATE;
	}
	named(task, call, &name);
}

/* The call that ends here, which makes events of a class. False if its thread is not recorded. */
static __always_inline bool begin_exit(struct si_exit_call *e, struct pt_regs *regs, long ret, u32 ring_class, u32 events)
{
	e->task = bpf_get_current_task_btf();
	if (!recorded(e->task))
		return false;
	if (e->task->thread_info.status & TS_COMPAT) /* another numbering of calls */
		return false;
	e->slot = slot_of(e->task->pid);
	if (!e->slot) { /* its entry was not seen, or all slots are taken */
		e->slot = slot_take(e->task->pid);
		if (!e->slot) {
			if (ring_class == SI_RING_CLASS_IO)
				io_lost(events);
			else
				lose(ring_class, SI_LOSS_REASON_NO_SLOT);
			return false;
		}
	}
	e->call.ret = ret;
	e->call.op_dir = syscalls[regs->orig_ax & (SYSCALLS - 1)] & 0xff;
	call_times(e->slot, &e->call);
	if (!e->slot->known)
		tell_thread(e->slot, e->task, e->call.end);
	return true;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(si_two_sides, struct pt_regs *regs, long ret)
{
	struct si_exit_call e;

	if (begin_exit(&e, regs, ret, SI_RING_CLASS_IO, 2))
		two_sides(&e, regs);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(si_messages, struct pt_regs *regs, long ret)
{
	struct si_exit_call e;

	if (begin_exit(&e, regs, ret, SI_RING_CLASS_IO, 1))
		messages(e.slot, e.task, &e.call, regs);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(si_open, struct pt_regs *regs, long ret)
{
	struct si_exit_call e;

	if (begin_exit(&e, regs, ret, SI_RING_CLASS_NAMES, 1))
		open_exit(&e, regs, regs->orig_ax);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(si_name, struct pt_regs *regs, long ret)
{
	struct si_exit_call e;

	if (begin_exit(&e, regs, ret, SI_RING_CLASS_NAMES, 1))
		name_exit(e.task, &e.call, regs, regs->orig_ax);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(si_failed_exec, struct pt_regs *regs, long ret)
{
	struct si_exit_call e;

	if (ret >= 0 || !begin_exit(&e, regs, ret, SI_RING_CLASS_LIFECYCLE, 1)) /* si_exec has those that succeed */
		return 0;
	if (regs->orig_ax == __NR_execve)
		failed_exec(e.task, ret, AT_FDCWD, (void *)regs->di, (void *)regs->si);
	else
		failed_exec(e.task, ret, regs->di, (void *)regs->si, (void *)regs->dx);
	return 0;
}

/* Programs for the rarer calls: apart, so that the verifier need not multiply their paths, nor the processor load them. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CALLS);
	__uint(key_size, sizeof(u32));
	__array(values, int(void *));
} rare_calls SEC(".maps") = {
	.values = {
		[CALL_TWO_SIDES] = (void *)&si_two_sides,
		[CALL_MESSAGES] = (void *)&si_messages,
		[CALL_OPEN] = (void *)&si_open,
		[CALL_NAME] = (void *)&si_name,
		[CALL_EXEC] = (void *)&si_failed_exec,
	},
};

SEC("tp_btf/sys_enter")
int BPF_PROG(si_sys_enter, struct pt_regs *regs, long id)
{
	struct task_struct *task;
	struct si_slot *slot;
	unsigned long nr = id;

	if (nr >= SYSCALLS || !syscalls[nr])
		return 0;
	task = bpf_get_current_task_btf();
	slot = slot_of(task->pid);
	if (!slot)
		slot = slot_take(task->pid);
	if (slot)
		slot->entered_ns = bpf_ktime_get_boot_ns();
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(si_sys_exit, struct pt_regs *regs, long ret)
{
	unsigned long nr = regs->orig_ax;
	struct si_exit_call e;
	u64 at = NO_OFFSET;
	u32 kind;

	if (nr >= SYSCALLS || !syscalls[nr])
		return 0;
	kind = syscalls[nr] >> 8;
	if (kind >= CALL_TWO_SIDES) {
		bpf_tail_call(ctx, &rare_calls, kind);
		return 0;
	}
	if (!begin_exit(&e, regs, ret, SI_RING_CLASS_IO, 1))
		return 0;
	if (kind == CALL_POSITIONED) /* preadv2 and pwritev2 take -1 for the file's own position, which is NO_OFFSET */
		at = regs->r10;
	else if (kind == CALL_FTRUNCATE) /* the new length stands in place of the offset */
		at = regs->si;
	else if (kind == CALL_SYNC)
		at = NOWHERE;
	one_side(e.slot, e.task, &e.call, e.call.op_dir, regs->di, at);
	return 0;
}
