// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Placeholder until the programs land.
char LICENSE[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
