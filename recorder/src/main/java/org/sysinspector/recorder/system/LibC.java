// SPDX-License-Identifier: Apache-2.0
// The functions of the C library that the recorder calls.
package org.sysinspector.recorder.system;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/**
 * The functions of the C library that the recorder calls, mapped directly. Those that declare
 * {@link LastErrorException} throw it with errno; posix_spawn returns errno itself.
 */
public final class LibC {
    /** The C library, by the name under which the dynamic linker has already loaded it. */
    public static final String LIBRARY = "libc.so.6";
    /** clock_gettime: time since boot, suspend included. */
    public static final int CLOCK_BOOTTIME = 7;
    /** clock_gettime: wall time. */
    public static final int CLOCK_REALTIME = 0;
    /** clock_gettime: CPU time of this process. */
    public static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    /** setpriority: of one thread. */
    public static final int PRIO_PROCESS = 0;
    /** errno: a signal came. */
    public static final int EINTR = 4;
    /** errno: nothing has that name. */
    public static final int ENOENT = 2;
    /** errno: not allowed. */
    public static final int EACCES = 13;
    /** errno: what was to be a directory is none. */
    public static final int ENOTDIR = 20;
    /** errno: not now. */
    public static final int EAGAIN = 11;
    /** fcntl: flags of the descriptor itself. */
    public static final int F_SETFD = 2;
    /** Flag of a descriptor: closed by exec. */
    public static final long FD_CLOEXEC = 1;
    /** A child has ended. */
    public static final int SIGCHLD = 17;
    /** kill: please end. */
    public static final int SIGTERM = 15;
    /** open: not through a link. */
    public static final int O_NOFOLLOW = isArm() ? 0100000 : 0400000;
    /** open: not inherited by programs that are started. */
    public static final int O_CLOEXEC = 02000000;
    /** open: does not wait for the other end of a pipe. */
    public static final int O_NONBLOCK = 04000;
    /** open: only holds what is there, whatever it is. */
    public static final int O_PATH = 010000000;
    /** mmap: may be read. */
    public static final int PROT_READ = 1;
    /** mmap: may be written. */
    public static final int PROT_WRITE = 2;
    /** mmap: with the kernel and others. */
    public static final int MAP_SHARED = 1;

    static {
        NativeAccess.prepare();
        Native.register(LibC.class, LIBRARY);
    }

    private LibC() {}

    private static boolean isArm() {
        return System.getProperty("os.arch").startsWith("aarch64");
    }

    /** Maps memory of a descriptor. */
    public static native Pointer mmap(Pointer at, long length, int protection, int flags, int fd, long offset)
            throws LastErrorException;

    /** Gives mapped memory back. */
    public static native int munmap(Pointer at, long length) throws LastErrorException;

    /** Reads from a descriptor; returns the bytes read, 0 at the end. */
    public static native long read(int fd, Pointer into, long count) throws LastErrorException;

    /** Opens a file to read it; returns the descriptor. */
    public static native int open(String path, int flags) throws LastErrorException;

    /** Opens what has a name, a C string, in an open directory; returns the descriptor. */
    public static native int openat(int directory, byte[] name, int flags) throws LastErrorException;

    /** Reads where a link leads, of an empty name the open link itself; returns the bytes, which no NUL ends. */
    public static native long readlinkat(int directory, byte[] name, byte[] into, long bytes) throws LastErrorException;

    /** Gives an open file to a user and group. */
    public static native int fchown(int fd, int uid, int gid) throws LastErrorException;

    /** Tells of the file system of a path, a C string, in a struct statvfs. */
    public static native int statvfs(Pointer path, Pointer answer) throws LastErrorException;

    /** Closes a descriptor. */
    public static native int close(int fd);

    /** Returns the effective user id. */
    public static native int geteuid();

    /** Returns the id of the calling thread. */
    public static native int gettid();

    /** Sets the nice value of a thread; -1 and errno on failure. */
    public static native int setpriority(int which, int who, int nice) throws LastErrorException;

    /** Reads a clock into a struct timespec. */
    public static native int clock_gettime(int clock, Pointer timespec) throws LastErrorException;

    /** Sends a signal to a process. */
    public static native int kill(int pid, int signal) throws LastErrorException;

    /** Waits for a child to end; the wait status goes to {@code status}. */
    public static native int waitpid(int pid, IntByReference status, int options) throws LastErrorException;

    /** Starts a program; returns 0 or errno. */
    public static native int posix_spawn(IntByReference pid, Pointer path, Pointer fileActions, Pointer attributes,
            Pointer argv, Pointer environment);

    /** Prepares attributes for posix_spawn; 512 bytes are more than any of the C library's takes. */
    public static native int posix_spawnattr_init(Pointer attributes);

    /** Says which attributes posix_spawn heeds. */
    public static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    /** Sets the signals that the new program starts with blocked. */
    public static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    /** Prepares what posix_spawn does with descriptors; 512 bytes are more than it takes. */
    public static native int posix_spawn_file_actions_init(Pointer actions);

    /** Gives back what was prepared. */
    public static native int posix_spawn_file_actions_destroy(Pointer actions);

    /** Lets posix_spawn close a descriptor; it need not be open. */
    public static native int posix_spawn_file_actions_addclose(Pointer actions, int fd);

    /** Gets or sets something of a descriptor. */
    public static native int fcntl(int fd, int what, long value) throws LastErrorException;

    /** Sets what is done at a signal, and tells what was; returns 0, or -1 on failure. */
    public static native int sigaction(int signal, Pointer action, Pointer before);

    /** Sets the handler of a signal, null for what the system does by itself; returns the one before. */
    public static native Pointer signal(int signal, Pointer handler);

    /** Returns the words for an errno. */
    public static native String strerror(int errno);

    /** Returns the value of a variable of the environment, null if it is not set. */
    public static native Pointer getenv(String name);

    /** Returns the environment: pointers to NAME=VALUE, ended by NULL. */
    public static Pointer environment() {
        return NativeLibrary.getInstance(LIBRARY).getGlobalVariableAddress("environ").getPointer(0);
    }

    /** Gives memory that malloc holds and does not need back to the system; returns 1 if there was any. */
    public static native int malloc_trim(long keep);

    /** Writes text as vprintf does; the arguments are a va_list, which x86-64 passes as a pointer. */
    public static native int vsnprintf(Pointer into, long bytes, Pointer format, Pointer arguments);

    /** Mounts a file system. */
    public static native int mount(String source, String at, String type, long flags, String data) throws LastErrorException;

    /** Unmounts a file system. */
    public static native int umount2(String at, int flags) throws LastErrorException;

    /** Returns 1 if a descriptor is a terminal. */
    public static native int isatty(int fd);
}
