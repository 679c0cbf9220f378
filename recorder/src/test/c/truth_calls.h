// SPDX-License-Identifier: Apache-2.0
// The calls of the truth workload that it makes everywhere: each does what it says, or ends the program, and books it.
#ifndef TRUTH_CALLS_H
#define TRUTH_CALLS_H

#include <fcntl.h>
#include <linux/openat2.h>

#include "truth_ledger.h"

static const char *self; /* this program's absolute path, as it was executed */
static char work[PATH_BYTES / 2];

/* Returns the path of a name below WORK, in one of a few buffers used in turn. */
static const char *at(const char *name)
{
	static char buffers[8][PATH_BYTES];
	static int next;
	char *path = buffers[next++ % 8];

	snprintf(path, PATH_BYTES, "%s/%s", work, name);
	return path;
}

static void must(bool ok, const char *what)
{
	if (!ok)
		die("truth: %s failed", what);
}

static long position(int fd)
{
	return lseek(fd, 0, SEEK_CUR);
}

/* Opens a name given by dirfd and name, which stand for path, and books it; error is the errno to expect, or 0. */
static int open_by(const char *call, int dirfd, const char *name, int flags, int mode, const char *path, int error)
{
	struct open_how how = { .flags = flags, .mode = mode };
	int fd;

	if (!strcmp(call, "open"))
		fd = syscall(SYS_open, name, flags, mode);
	else if (!strcmp(call, "creat"))
		fd = syscall(SYS_creat, name, mode);
	else if (!strcmp(call, "openat2"))
		fd = syscall(SYS_openat2, dirfd, name, &how, sizeof(how));
	else
		fd = syscall(SYS_openat, dirfd, name, flags, mode);
	if (error)
		must(fd < 0 && errno == error, path);
	else
		must(fd >= 0, path);
	did_open(call, path, flags, mode, error ? -error : fd);
	if (!error)
		fd_named(fd, path);
	return fd;
}

static int open_file(const char *name, int flags)
{
	return open_by("openat", AT_FDCWD, at(name), flags, flags & O_CREAT ? 0644 : 0, at(name), 0);
}

static int create(const char *name)
{
	return open_file(name, O_WRONLY | O_CREAT | O_TRUNC);
}

static void read_times(int fd, int times, size_t bytes)
{
	char buffer[64];

	for (int i = 0; i < times; i++) {
		long offset = position(fd);

		must(read(fd, buffer, bytes) == (ssize_t)bytes, "read");
		did_io(fd, "read", 'r', bytes, bytes, offset);
	}
}

static void write_times(int fd, int times, size_t bytes)
{
	static const char buffer[64] = "truth";

	for (int i = 0; i < times; i++) {
		long offset = position(fd);

		must(write(fd, buffer, bytes) == (ssize_t)bytes, "write");
		did_io(fd, "write", 'w', bytes, bytes, offset);
	}
}

static void write_new(const char *name, int times)
{
	int fd = create(name);

	write_times(fd, times, 1);
	close(fd);
}

#endif
