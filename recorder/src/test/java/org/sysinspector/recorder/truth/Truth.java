// SPDX-License-Identifier: Apache-2.0
// What a run of the truth workload did, as it says itself.
package org.sysinspector.recorder.truth;

import java.util.List;

/**
 * What a run of the truth workload did. Paths, names and arguments are in the text form of the recorder: control bytes, bytes from
 * 0x7f on and the backslash as {@code \xHH}. Pids are those of the workload's own pid namespace.
 *
 * <p>Of the files below {@code work}, and of pipes and sockets, these lists are complete: the workload does nothing else to them.
 *
 * @param work the directory that the workload works in, absolute
 * @param rootPid the process that does most
 * @param threadTid the tid of its second thread
 * @param io calls on descriptors, summed up
 * @param opens every open, in order, failed ones too
 * @param execs every execution by its children, in order of their start, then the failed ones of the root
 * @param names every rename, unlink, link, symlink and truncate by path, in order
 * @param processes every child, in order of its end
 */
public record Truth(
        String work,
        int rootPid,
        int threadTid,
        List<Io> io,
        List<Open> opens,
        List<Exec> execs,
        List<Name> names,
        List<Child> processes) {

    /**
     * The rows of table {@code io} for one thread, descriptor, name, call and direction.
     *
     * @param pid process
     * @param tid thread
     * @param fd descriptor
     * @param path the name the file had at that time; {@code pipe:[INO]} and {@code socket:[INO]} where there is none
     * @param fileType file, directory, pipe or socket
     * @param dev device as stat(2) codes it
     * @param ino inode
     * @param op system call
     * @param dir r or w
     * @param rows number of calls
     * @param bytes bytes moved by all of them
     * @param retSum sum of what they returned, negative errnos too
     * @param offsetSum sum of the file offsets they started at (for ftruncate the new length), null where there is no position
     */
    public record Io(
            int pid,
            int tid,
            int fd,
            String path,
            String fileType,
            long dev,
            long ino,
            String op,
            String dir,
            long rows,
            long bytes,
            long retSum,
            Long offsetSum) {}

    /**
     * An open.
     *
     * @param pid process
     * @param tid thread
     * @param call open, openat, openat2 or creat
     * @param path absolute path of the file opened, or of the name that failed
     * @param flags flags of the call; for creat those that it stands for
     * @param mode mode of the call
     * @param ret descriptor or negative errno
     * @param dev device of the file, 0 if it failed
     * @param ino inode of the file, 0 if it failed
     */
    public record Open(int pid, int tid, String call, String path, long flags, int mode, int ret, long dev, long ino) {}

    /**
     * An execution.
     *
     * @param pid process
     * @param execNo number of the execution since the birth of the process, 0 for a failed call
     * @param ret 0 or negative errno
     * @param path file as the caller named it, made absolute
     * @param exe binary that runs then, empty for a failed call
     * @param cwd working directory
     * @param argv all arguments, uncut
     */
    public record Exec(int pid, int execNo, int ret, String path, String exe, String cwd, List<String> argv) {}

    /**
     * An operation on names.
     *
     * @param pid process
     * @param op rename, unlink, link, symlink or truncate
     * @param path the name it worked on, absolute; for symlink the text of the link
     * @param newPath the name it made, absolute; null if none
     * @param arg length for truncate, else flags
     * @param ret 0 or negative errno
     */
    public record Name(int pid, String op, String path, String newPath, long arg, int ret) {}

    /**
     * A child process.
     *
     * @param role exec, one_millisecond, killed, exit_42, intermediate or daemon
     * @param pid its pid
     * @param parentPid the process that forked it (the intermediate one for the daemon)
     * @param exitCode value given to exit, 0 where a signal ended it
     * @param signal signal that ended it, 0 if none
     */
    public record Child(String role, int pid, int parentPid, int exitCode, int signal) {}

    /** Returns the child of a role that only one has. */
    public Child child(String role) {
        List<Child> found = processes.stream().filter(c -> c.role().equals(role)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("children of role " + role + ": " + found);
        }
        return found.get(0);
    }

    /** Returns the number of calls of one kind by the thread, for any file. */
    public long rows(int tid, String op, String dir) {
        return io.stream()
                .filter(i -> i.tid() == tid && i.op().equals(op) && i.dir().equals(dir))
                .mapToLong(Io::rows)
                .sum();
    }
}
