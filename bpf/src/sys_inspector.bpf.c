// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Entry and exit of system calls, and the table that says which call goes where. All other programs are included here.
#include "recorder.h"
#include "text.h"
#include "files.h"
#include "lifecycle.h"
#include "names.h"
#include "syscall_io.h"
#include "snapshot.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define SYSCALLS 512

/* What kind of call a system call is; 0 for those that are not recorded. */
enum {
	CALL_ONE_SIDE = 1, /* on one descriptor, at the file's own position */
	CALL_POSITIONED, /* the same, at a position given in the fourth argument */
	CALL_TWO_SIDES,
	CALL_MESSAGES,
	CALL_FTRUNCATE,
	CALL_OPEN,
	CALL_NAME,
	CALL_EXEC,
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
	[__NR_fsync] = IO(ONE_SIDE, FSYNC, W),
	[__NR_fdatasync] = IO(ONE_SIDE, FDATASYNC, W),
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

static __always_inline int open_exit(struct task_struct *task, struct si_call *call, struct pt_regs *regs, u32 nr, long ret)
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
	return opened(task, call->start, call->latency, &open, ret);
}

static __always_inline int name_exit(struct task_struct *task, struct si_call *call, struct pt_regs *regs, u32 nr, long ret)
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
	return named(task, call->start, call->latency, &name, ret);
}

static __always_inline int exec_exit(struct task_struct *task, struct pt_regs *regs, u32 nr, long ret)
{
	if (ret >= 0)
		return 0; /* si_exec has it */
	if (nr == __NR_execve)
		return failed_exec(task, ret, AT_FDCWD, (void *)regs->di, (void *)regs->si);
	return failed_exec(task, ret, regs->di, (void *)regs->si, (void *)regs->dx);
}

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
	if (slot) {
		slot->entered_tid = task->pid;
		slot->entered_ns = bpf_ktime_get_boot_ns();
	}
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(si_sys_exit, struct pt_regs *regs, long ret)
{
	unsigned long nr = regs->orig_ax;
	u16 entry;
	struct si_counters *counters;
	struct task_struct *task;
	struct si_slot *slot;
	struct si_call call;

	if (nr >= SYSCALLS)
		return 0;
	entry = syscalls[nr];
	if (!entry)
		return 0;
	task = bpf_get_current_task_btf();
	if (!recorded(task))
		return 0;
	if (task->thread_info.status & TS_COMPAT) { /* another numbering of calls */
		counters = my_counters();
		if (counters)
			__sync_fetch_and_add(&counters->compat, 1);
		return 0;
	}
	slot = slot_of(task->pid);
	if (!slot)
		return 0;
	call.ret = ret;
	call.op_dir = entry & 0xff;
	call_times(slot, task->pid, &call);
	ensure_thread(slot, task, call.end);
	switch (entry >> 8) {
	case CALL_ONE_SIDE:
		one_side(slot, task, &call, call.op_dir, regs->di, NO_OFFSET);
		break;
	case CALL_POSITIONED: /* preadv2 and pwritev2 take -1 for the file's own position, which is NO_OFFSET */
		one_side(slot, task, &call, call.op_dir, regs->di, regs->r10);
		break;
	case CALL_FTRUNCATE: /* the new length stands in place of the offset */
		one_side(slot, task, &call, call.op_dir, regs->di, regs->si);
		break;
	case CALL_TWO_SIDES:
		two_sides(slot, task, &call, regs);
		break;
	case CALL_MESSAGES:
		messages(slot, task, &call, regs);
		break;
	case CALL_OPEN:
		return open_exit(task, &call, regs, nr, ret);
	case CALL_NAME:
		return name_exit(task, &call, regs, nr, ret);
	case CALL_EXEC:
		return exec_exit(task, regs, nr, ret);
	}
	return 0;
}
