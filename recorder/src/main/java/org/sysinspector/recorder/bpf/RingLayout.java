// SPDX-License-Identifier: Apache-2.0
// Where things lie in a BPF ring buffer.
package org.sysinspector.recorder.bpf;

import org.sysinspector.recorder.log.RecordLayout;

/**
 * Layout of a BPF ring buffer (BPF_MAP_TYPE_RINGBUF) as the kernel maps it; {@link RecordLayout} has that of the records in
 * it. All values are little-endian. Source: kernel/bpf/ringbuf.c and include/uapi/linux/bpf.h of Linux.
 *
 * <pre>
 * consumer page (read-write)         producer mapping (read-only)
 * 0  u64 consumer position           0         u64 producer position
 *                                    pageSize  data, then the same data once more: a record that
 *                                              wraps is contiguous
 * </pre>
 */
final class RingLayout {
    /** Offset of the consumer or producer position in its page. */
    static final int POSITION_OFFSET = 0;

    private RingLayout() {}
}
