// SPDX-License-Identifier: Apache-2.0
// Where BPF maps are found by name.
package org.sysinspector.recorder.bpf;

/** Where BPF maps are found by name: a loaded object, or the pins of one. */
interface BpfMaps {
    /** Returns the descriptor of a map. */
    int mapFd(String map);
}
