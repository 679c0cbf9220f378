// SPDX-License-Identifier: Apache-2.0
// A workload that does a prime number of each thing the recorder knows, and prints as JSON exactly what it did.
//
//   truth prepare WORK   lays out the files that the others need; not part of what is counted
//   truth WORK           does it all; descriptor 9, if open, is a file opened by somebody else before
//   truth hold WORK      the same, after a byte has come in on standard input
//   truth noop|chain     what its children execute: nothing, or one more execution
//
// Only what is booked in the ledger touches files below WORK, and all of it through the very system calls named there.
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "truth_children.h"

#define INHERITED_FD 9
#define OPENS 101

static void positioned_and_vectored(void)
{
	char a[3], b[4];
	struct iovec iov[2] = { { a, sizeof(a) }, { b, sizeof(b) } };
	int in = open_file("vector.in", O_RDONLY), out = create("vector.out");
	long bytes = sizeof(a) + sizeof(b);

	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	for (int i = 0; i < 11; i++) {
		must(readv(in, iov, 2) == bytes, "readv");
		did_io(in, "readv", 'r', bytes, bytes, i * bytes);
	}
	for (int i = 0; i < 13; i++) {
		must(pread(in, a, 2, i * 5) == 2, "pread64");
		did_io(in, "pread64", 'r', 2, 2, i * 5);
	}
	for (int i = 0; i < 3; i++) {
		must(writev(out, iov, 2) == bytes, "writev");
		did_io(out, "writev", 'w', bytes, bytes, i * bytes);
	}
	for (int i = 0; i < 5; i++) {
		must(pwrite(out, b, 4, 100 + i) == 4, "pwrite64");
		did_io(out, "pwrite64", 'w', 4, 4, 100 + i);
	}
	for (int i = 0; i < 2; i++) {
		must(syscall(SYS_preadv, in, iov, 2, 17L, 0L) == bytes, "preadv");
		did_io(in, "preadv", 'r', bytes, bytes, 17);
		must(syscall(SYS_preadv2, in, iov, 2, 19L, 0L, 0) == bytes, "preadv2");
		did_io(in, "preadv2", 'r', bytes, bytes, 19);
		must(syscall(SYS_pwritev, out, iov, 2, 23L, 0L) == bytes, "pwritev");
		did_io(out, "pwritev", 'w', bytes, bytes, 23);
		must(syscall(SYS_pwritev2, out, iov, 2, 29L, 0L, 0) == bytes, "pwritev2");
		did_io(out, "pwritev2", 'w', bytes, bytes, 29);
	}
	for (int i = 0; i < 5; i++) {
		must(!fsync(out), "fsync");
		did_io(out, "fsync", 'w', 0, 0, -1);
	}
	for (int i = 0; i < 3; i++) {
		must(!fdatasync(out), "fdatasync");
		did_io(out, "fdatasync", 'w', 0, 0, -1);
	}
	close(in);
	close(out);
}

static void two_descriptors(void)
{
	int in = open_file("copy.in", O_RDONLY), sent = create("sendfile.out"), copied = create("copy.out"),
	    spliced = create("splice.out"), pipe_fd[2];

	for (int i = 0; i < 7; i++) {
		long from = position(in), to = position(sent);

		must(sendfile(sent, in, NULL, 101) == 101, "sendfile");
		did_io(in, "sendfile", 'r', 101, 101, from);
		did_io(sent, "sendfile", 'w', 101, 101, to);
	}
	for (int i = 0; i < 3; i++) {
		long from = position(in), to = position(copied);

		must(syscall(SYS_copy_file_range, in, NULL, copied, NULL, 499L, 0) == 499, "copy_file_range");
		did_io(in, "copy_file_range", 'r', 499, 499, from);
		did_io(copied, "copy_file_range", 'w', 499, 499, to);
	}
	must(!pipe2(pipe_fd, 0), "pipe2");
	fd_named(pipe_fd[0], NULL);
	fd_named(pipe_fd[1], NULL);
	write_times(pipe_fd[1], 2, 64);
	for (int i = 0; i < 3; i++) {
		long to = position(spliced);

		must(splice(pipe_fd[0], NULL, spliced, NULL, 37, 0) == 37, "splice");
		did_io(pipe_fd[0], "splice", 'r', 37, 37, -1);
		did_io(spliced, "splice", 'w', 37, 37, to);
	}
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	close(in);
	close(sent);
	close(copied);
	close(spliced);
}

static void sockets(void)
{
	char bytes[3][8] = { "one", "two", "three" };
	struct iovec iov[3];
	struct mmsghdr messages[3] = { 0 };
	int s[2];

	must(!socketpair(AF_UNIX, SOCK_DGRAM, 0, s), "socketpair");
	fd_named(s[0], NULL);
	fd_named(s[1], NULL);
	for (int i = 0; i < 3; i++) {
		iov[i] = (struct iovec){ bytes[i], 8 };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	for (int i = 0; i < 17; i++) {
		must(sendto(s[0], bytes[0], 5, 0, NULL, 0) == 5, "sendto");
		did_io(s[0], "sendto", 'w', 5, 5, -1);
		must(recvfrom(s[1], bytes[1], 5, 0, NULL, NULL) == 5, "recvfrom");
		did_io(s[1], "recvfrom", 'r', 5, 5, -1);
	}
	for (int i = 0; i < 5; i++) {
		must(sendmsg(s[0], &messages[0].msg_hdr, 0) == 8, "sendmsg");
		did_io(s[0], "sendmsg", 'w', 8, 8, -1);
		must(recvmsg(s[1], &messages[1].msg_hdr, 0) == 8, "recvmsg");
		did_io(s[1], "recvmsg", 'r', 8, 8, -1);
	}
	for (int i = 0; i < 2; i++) {
		must(sendmmsg(s[0], messages, 3, 0) == 3, "sendmmsg");
		did_io(s[0], "sendmmsg", 'w', 3, 24, -1);
		must(recvmmsg(s[1], messages, 3, 0, NULL) == 3, "recvmmsg");
		did_io(s[1], "recvmmsg", 'r', 3, 24, -1);
	}
	close(s[0]);
	close(s[1]);
}

static void names(int dirfd)
{
	int fd = create("renamed.old"), result;

	write_times(fd, 3, 1);
	must(!syscall(SYS_rename, at("renamed.old"), at("renamed.new")), "rename");
	did_name("rename", at("renamed.old"), at("renamed.new"), 0, 0);
	fd_named(fd, at("renamed.new"));
	write_times(fd, 2, 1);
	close(fd);

	fd = create("deleted.out");
	write_times(fd, 2, 1);
	must(!syscall(SYS_unlink, at("deleted.out")), "unlink");
	did_name("unlink", at("deleted.out"), NULL, 0, 0);
	write_times(fd, 3, 1);
	close(fd);
	result = syscall(SYS_unlinkat, dirfd, "missing-unlink", 0);
	must(result < 0 && errno == ENOENT, "unlinkat");
	did_name("unlink", at("dir/missing-unlink"), NULL, 0, -ENOENT);

	must(!syscall(SYS_linkat, AT_FDCWD, at("hard.first"), dirfd, "hard.second", 0), "linkat");
	did_name("link", at("hard.first"), at("dir/hard.second"), 0, 0);
	fd = open_file("dir/hard.second", O_WRONLY);
	write_times(fd, 2, 1);
	close(fd);
	must(!syscall(SYS_symlink, "copy.in", at("symbolic.link")), "symlink");
	did_name("symlink", "copy.in", at("symbolic.link"), 0, 0);
	fd = open_by("openat", AT_FDCWD, at("symbolic.link"), O_RDONLY, 0, at("copy.in"), 0);
	read_times(fd, 2, 1);
	close(fd);

	must(!truncate(at("truncated.out"), 4099), "truncate");
	did_name("truncate", at("truncated.out"), NULL, 4099, 0);
	fd = open_file("truncated.out", O_WRONLY);
	must(!ftruncate(fd, 101), "ftruncate");
	did_io(fd, "ftruncate", 'w', 0, 0, 101);
	close(fd);

	fd = create("odd\n\"quoted\" back\\slash \x1b[31m\xff\xfe");
	write_times(fd, 3, 1);
	close(fd);
}

static void *thread_work(void *unused)
{
	ledger->thread_tid = gettid();
	write_new("thread.out", 29);
	return unused;
}

static void opens(int dirfd)
{
	static const char *const calls[] = { "open", "openat", "openat2", "creat" };
	int flags = O_WRONLY | O_CREAT | O_TRUNC, fd;

	fd = open_by("openat", AT_FDCWD, "relative.out", flags, 0600, at("dir/relative.out"), 0);
	write_times(fd, 7, 1);
	close(fd);
	fd = open_by("openat2", dirfd, "at.out", flags, 0640, at("dir/at.out"), 0);
	write_times(fd, 2, 1);
	close(fd);
	open_by("open", AT_FDCWD, at("missing"), O_RDONLY, 0, at("missing"), ENOENT);
	open_by("openat", AT_FDCWD, "missing-relative", O_RDWR, 0, at("dir/missing-relative"), ENOENT);
	open_by("openat", dirfd, "missing-at", O_RDONLY, 0, at("dir/missing-at"), ENOENT);
	open_by("openat2", dirfd, "missing-openat2", O_RDONLY, 0, at("dir/missing-openat2"), ENOENT);
	open_by("openat", AT_FDCWD, at("dir"), O_WRONLY, 0, at("dir"), EISDIR);
	open_by("openat", AT_FDCWD, at("read.in"), O_WRONLY | O_CREAT | O_EXCL, 0644, at("read.in"), EEXIST);
	open_by("creat", AT_FDCWD, at("read.in/below"), flags, 0644, at("read.in/below"), ENOTDIR);
	for (int i = 0; ledger->open_count < OPENS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "many-%d", i);
		close(open_by(calls[i % 4], AT_FDCWD, at(name), flags, 0644, at(name), 0));
	}
}

static void run(void)
{
	pthread_t thread;
	char path[PATH_BYTES];
	ssize_t length = readlink("/proc/self/fd/9", path, sizeof(path) - 1);
	int fd, dirfd;

	write_new("marker", 1);
	if (length > 0) {
		path[length] = 0;
		fd_named(INHERITED_FD, path);
		read_times(INHERITED_FD, 19, 1);
	}
	must(!chdir(at("dir")), "chdir");
	dirfd = open_file("dir", O_RDONLY | O_DIRECTORY);
	must(read(dirfd, path, 1) < 0 && errno == EISDIR, "read of a directory");
	did_io(dirfd, "read", 'r', -EISDIR, 0, -1);

	fd = create("write.out");
	write_times(fd, 10007, 1);
	close(fd);
	fd = open_file("read.in", O_RDONLY);
	read_times(fd, 1009, 1);
	close(fd);
	positioned_and_vectored();
	two_descriptors();
	sockets();
	names(dirfd);
	execs(dirfd);
	child("one_millisecond", live_a_millisecond, 0);
	child("killed", wait_for_ever, SIGKILL);
	child("exit_42", exit_with_42, 0);
	child("intermediate", bear_daemon, 0);
	wait_for_daemon();
	must(!pthread_create(&thread, NULL, thread_work, NULL) && !pthread_join(thread, NULL), "thread");
	opens(dirfd);
}

static void fill(const char *path, int bytes, int mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	must(fd >= 0, path);
	for (int i = 0; i < bytes; i++)
		must(write(fd, &"0123456789abcdef"[i % 16], 1) == 1, path);
	close(fd);
}

static void prepare(void)
{
	int fd;

	must(!mkdir(at("dir"), 0755), "mkdir");
	fill(at("read.in"), 2003, 0644);
	fill(at("vector.in"), 1009, 0644);
	fill(at("copy.in"), 4001, 0644);
	fill(at("hard.first"), 1, 0644);
	fill(at("truncated.out"), 1, 0644);
	fill(at("not-executable"), 1, 0644);
	must(!symlink(self, at("dir/program.link")), "symlink");
	fd = open(at("script"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	must(fd >= 0 && dprintf(fd, "#!%s noop\n", self) > 0 && !close(fd), "script");
}

int main(int argc, char **argv)
{
	char *noop[] = { "again", "noop", NULL }, byte;
	const char *mode = argc > 1 ? argv[1] : "";

	self = (const char *)getauxval(AT_EXECFN);
	if (!strcmp(mode, "noop"))
		return 0;
	if (!strcmp(mode, "chain"))
		return execve(self, noop, environ);
	if (argc < 2 || argc > 3 || argv[argc - 1][0] != '/' || self[0] != '/' || strlen(argv[argc - 1]) >= sizeof(work))
		die("usage: /absolute/truth [prepare|hold] /absolute/WORK");
	strcpy(work, argv[argc - 1]);
	if (!strcmp(mode, "prepare")) {
		prepare();
		return 0;
	}
	if (!strcmp(mode, "hold"))
		must(read(STDIN_FILENO, &byte, 1) == 1, "read of standard input");
	ledger_open();
	run();
	put_report(work);
	for (size_t done = 0; done < json_length;) {
		ssize_t n = write(STDOUT_FILENO, json + done, json_length - done);

		must(n > 0, "write of the report");
		done += n;
	}
	return 0;
}
