// SPDX-License-Identifier: Apache-2.0
// Texts and lists of them as C has them.
package org.sysinspector.recorder.system;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;

/** Texts and lists of them as C has them, in memory that JNA gives back once nobody refers to it. Has no state. */
public final class CString {
    private CString() {}

    /** Returns bytes, ended by NUL. */
    public static Memory of(byte[] bytes) {
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    /** Returns a list of pointers, ended by NULL. What they point to must be referred to as long as the list is used. */
    public static Memory list(List<? extends Pointer> pointers) {
        Memory memory = new Memory((pointers.size() + 1L) * Long.BYTES);
        for (int i = 0; i < pointers.size(); i++) {
            memory.setPointer((long) i * Long.BYTES, pointers.get(i));
        }
        memory.setPointer((long) pointers.size() * Long.BYTES, null);
        return memory;
    }
}
