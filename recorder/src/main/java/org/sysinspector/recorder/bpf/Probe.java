// SPDX-License-Identifier: Apache-2.0
// Programs of one BPF object that are attached for the length of the window.
package org.sysinspector.recorder.bpf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs of one BPF object that are attached for the length of the window. They load and are refused together.
 *
 * @param object name of the object, {@code bpf/src/NAME.bpf.c}
 * @param hooks where each program is attached, by program, in the order of attaching
 * @param isRequired whether nothing is recorded without them; if not, the rest goes on
 */
public record Probe(String object, Map<String, String> hooks, boolean isRequired) {
    static final String AT_ENTRY = "si_sys_enter";

    /** Processes, names and operations on descriptors; the others share its maps. */
    public static final Probe CORE = new Probe("core", core(), true);

    /** All there are; the first is {@link #CORE}. */
    static final List<Probe> ALL = List.of(CORE);

    private static Map<String, String> core() {
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put("si_fork", "tp_btf/sched_process_fork");
        programs.put("si_exec", "tp_btf/sched_process_exec");
        programs.put("si_exit", "tp_btf/sched_process_exit");
        programs.put("si_task_rename", "tp_btf/task_rename");
        programs.put(AT_ENTRY, "tp_btf/sys_enter");
        programs.put("si_sys_exit", "tp_btf/sys_exit");
        return programs;
    }
}
