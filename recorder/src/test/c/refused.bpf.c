// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// A program whose hook no kernel has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("tp_btf/si_no_such_tracepoint")
int si_refused(void *ctx)
{
	return 0;
}
