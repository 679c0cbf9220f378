// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// What any recorder pays at a system call: programs that do nothing, or do no more than read the clock.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

unsigned long long last;

SEC("tp_btf/sys_enter")
int enter_empty(void *ctx)
{
	return 0;
}

SEC("tp_btf/sys_exit")
int exit_empty(void *ctx)
{
	return 0;
}

SEC("tp_btf/sys_enter")
int enter_clock(void *ctx)
{
	last = bpf_ktime_get_boot_ns();
	return 0;
}

SEC("tp_btf/sys_exit")
int exit_clock(void *ctx)
{
	last = bpf_ktime_get_boot_ns();
	return 0;
}
