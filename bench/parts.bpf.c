// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// The recorder's programs, and its exit from a read or write in part: to see what each part costs.
#include "../bpf/src/core.bpf.c"

static __always_inline bool is_one_sided(struct pt_regs *regs)
{
	unsigned long nr = regs->orig_ax;

	return nr < SYSCALLS && syscalls[nr] >> 8 == CALL_ONE_SIDE;
}

/* Who called, and how long it took. */
SEC("tp_btf/sys_exit")
int BPF_PROG(si_exit_who, struct pt_regs *regs, long ret)
{
	struct si_exit_call e;

	if (is_one_sided(regs) && begin_exit(&e, regs, ret, SI_RING_CLASS_IO, 1))
		e.slot->moved[e.call.op_dir & 1].bytes += e.call.latency;
	return 0;
}

/* And which file. */
SEC("tp_btf/sys_exit")
int BPF_PROG(si_exit_file, struct pt_regs *regs, long ret)
{
	struct si_exit_call e;
	struct file *file;

	if (!is_one_sided(regs) || !begin_exit(&e, regs, ret, SI_RING_CLASS_IO, 1))
		return 0;
	file = file_of(e.task, regs->di);
	if (file)
		e.slot->moved[e.call.op_dir & 1].bytes += e.call.latency + cached_file(e.slot, e.task, regs->di, file)->id;
	return 0;
}
