// SPDX-License-Identifier: Apache-2.0
// The book of what the truth workload did: filled after each call, printed as JSON at the end.
#ifndef TRUTH_LEDGER_H
#define TRUTH_LEDGER_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_BYTES 512
#define MAX_FD 64
#define MAX_LINES 192
#define MAX_ARGS 64

/* Rows of table io that one thread, file, call and direction gives. */
struct io_line {
	int pid, tid, fd;
	char path[PATH_BYTES];
	const char *file_type, *op;
	char dir;
	unsigned long dev, ino;
	long rows, bytes, ret_sum, offset_sum;
	bool has_offset;
};

struct open_line {
	int pid, tid;
	char path[PATH_BYTES];
	const char *call;
	long flags, mode;
	int ret;
	unsigned long dev, ino;
};

struct exec_line {
	int pid, exec_no, ret;
	char path[PATH_BYTES], exe[PATH_BYTES], cwd[PATH_BYTES];
	char *argv[MAX_ARGS];
};

struct name_line {
	int pid, ret;
	const char *op;
	char path[PATH_BYTES], new_path[PATH_BYTES];
	bool has_new;
	long arg;
};

struct process_line {
	const char *role;
	int pid, parent_pid, status;
};

/* In memory shared with all children, which are waited for one after the other: no two ever write at once. */
struct ledger {
	int io_count, open_count, exec_count, name_count, process_count, thread_tid;
	struct io_line io[MAX_LINES];
	struct open_line open[MAX_LINES];
	struct exec_line exec[MAX_LINES];
	struct name_line name[MAX_LINES];
	struct process_line process[MAX_LINES];
	volatile int daemon_pid;
};

static struct ledger *ledger;

/* What each descriptor stands for; a child inherits the book as it inherits the descriptors. */
static char fd_path[MAX_FD][PATH_BYTES];

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	vdprintf(STDERR_FILENO, format, args);
	va_end(args);
	dprintf(STDERR_FILENO, ": %s\n", strerror(error));
	_exit(1);
}

static void ledger_open(void)
{
	ledger = mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ledger == MAP_FAILED)
		die("mmap");
}

static int next_line(int *count)
{
	if (*count == MAX_LINES)
		die("ledger full");
	return (*count)++;
}

static void copy_path(char *to, const char *from)
{
	if (snprintf(to, PATH_BYTES, "%s", from) >= PATH_BYTES)
		die("path too long: %s", from);
}

static const char *file_type(mode_t mode)
{
	return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "directory" : S_ISFIFO(mode) ? "pipe" : S_ISSOCK(mode) ? "socket" : "char";
}

/* Says what path a descriptor has from now on; NULL for pipes and sockets, which are named by inode. */
static void fd_named(int fd, const char *path)
{
	struct stat st;

	if (fd < 0 || fd >= MAX_FD || fstat(fd, &st))
		die("descriptor %d", fd);
	if (path)
		copy_path(fd_path[fd], path);
	else
		snprintf(fd_path[fd], PATH_BYTES, "%s:[%lu]", file_type(st.st_mode), st.st_ino);
}

/* Books one call; offset is -1 where the file has no position. */
static void did_io(int fd, const char *op, char dir, long ret, long bytes, long offset)
{
	int tid = gettid();
	struct io_line *line = NULL;
	struct stat st;

	if (fstat(fd, &st))
		die("fstat of descriptor %d", fd);
	for (int i = ledger->io_count - 1; i >= 0 && !line; i--) {
		struct io_line *l = &ledger->io[i];

		if (l->tid == tid && l->fd == fd && l->dir == dir && l->dev == st.st_dev && l->ino == st.st_ino
		    && !strcmp(l->op, op) && !strcmp(l->path, fd_path[fd]))
			line = l;
	}
	if (!line) {
		line = &ledger->io[next_line(&ledger->io_count)];
		*line = (struct io_line){ .pid = getpid(), .tid = tid, .fd = fd, .op = op, .dir = dir, .dev = st.st_dev,
					  .ino = st.st_ino, .file_type = file_type(st.st_mode), .has_offset = offset >= 0 };
		copy_path(line->path, fd_path[fd]);
	}
	line->rows++;
	line->bytes += bytes;
	line->ret_sum += ret;
	line->offset_sum += offset;
}

static void did_open(const char *call, const char *path, long flags, long mode, int ret)
{
	struct open_line *line = &ledger->open[next_line(&ledger->open_count)];
	struct stat st = { 0 };

	if (ret >= 0 && fstat(ret, &st))
		die("fstat of %s", path);
	*line = (struct open_line){ .pid = getpid(), .tid = gettid(), .call = call, .flags = flags, .mode = mode,
				    .ret = ret, .dev = st.st_dev, .ino = st.st_ino };
	copy_path(line->path, path);
}

/* exec_no is 0 where the caller does not know it (its own, for a failed call). The arguments must stay where they are. */
static void did_exec(int pid, int exec_no, const char *path, const char *exe, char *const argv[], const char *cwd, int ret)
{
	struct exec_line *line = &ledger->exec[next_line(&ledger->exec_count)];

	*line = (struct exec_line){ .pid = pid, .exec_no = exec_no, .ret = ret };
	copy_path(line->path, path);
	copy_path(line->exe, exe);
	copy_path(line->cwd, cwd);
	for (int i = 0; argv[i]; i++) {
		if (i == MAX_ARGS - 1)
			die("too many arguments");
		line->argv[i] = argv[i];
	}
}

static void did_name(const char *op, const char *path, const char *new_path, long arg, int ret)
{
	struct name_line *line = &ledger->name[next_line(&ledger->name_count)];

	*line = (struct name_line){ .pid = getpid(), .op = op, .has_new = new_path != NULL, .arg = arg, .ret = ret };
	copy_path(line->path, path);
	copy_path(line->new_path, new_path ? new_path : "");
}

static void did_end(const char *role, int pid, int parent_pid, int status)
{
	ledger->process[next_line(&ledger->process_count)]
		= (struct process_line){ .role = role, .pid = pid, .parent_pid = parent_pid, .status = status };
}

static char json[1 << 20];
static size_t json_length;

static void __attribute__((format(printf, 1, 2))) put(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	json_length += vsnprintf(json + json_length, sizeof(json) - json_length, format, args);
	va_end(args);
	if (json_length >= sizeof(json))
		die("report too long");
}

/* As the recorder writes text: control bytes, bytes from 0x7f on and the backslash as \xHH, which JSON escapes once more. */
static void put_string(const char *text)
{
	put("\"");
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c < 0x20 || *c >= 0x7f || *c == '\\')
			put("\\\\x%02X", *c);
		else
			put(*c == '"' ? "\\%c" : "%c", *c);
	}
	put("\"");
}

static void put_text(const char *key, const char *text)
{
	put("\"%s\":", key);
	put_string(text);
}

static void put_report(const char *work)
{
	put("{");
	put_text("work", work);
	put(",\"root_pid\":%d,\"thread_tid\":%d,\n\"io\":[", getpid(), ledger->thread_tid);
	for (int i = 0; i < ledger->io_count; i++) {
		struct io_line *l = &ledger->io[i];

		put("%s\n{\"pid\":%d,\"tid\":%d,\"fd\":%d,", i ? "," : "", l->pid, l->tid, l->fd);
		put_text("path", l->path);
		put(",\"file_type\":\"%s\",\"dev\":%lu,\"ino\":%lu,\"op\":\"%s\",\"dir\":\"%c\",", l->file_type, l->dev, l->ino,
		    l->op, l->dir);
		put("\"rows\":%ld,\"bytes\":%ld,\"ret_sum\":%ld,\"offset_sum\":", l->rows, l->bytes, l->ret_sum);
		if (l->has_offset)
			put("%ld}", l->offset_sum);
		else
			put("null}");
	}
	put("],\n\"opens\":[");
	for (int i = 0; i < ledger->open_count; i++) {
		struct open_line *l = &ledger->open[i];

		put("%s\n{\"pid\":%d,\"tid\":%d,\"call\":\"%s\",", i ? "," : "", l->pid, l->tid, l->call);
		put_text("path", l->path);
		put(",\"flags\":%ld,\"mode\":%ld,\"ret\":%d,\"dev\":%lu,\"ino\":%lu}", l->flags, l->mode, l->ret, l->dev, l->ino);
	}
	put("],\n\"execs\":[");
	for (int i = 0; i < ledger->exec_count; i++) {
		struct exec_line *l = &ledger->exec[i];

		put("%s\n{\"pid\":%d,\"exec_no\":%d,\"ret\":%d,", i ? "," : "", l->pid, l->exec_no, l->ret);
		put_text("path", l->path);
		put(",");
		put_text("exe", l->exe);
		put(",");
		put_text("cwd", l->cwd);
		put(",\"argv\":[");
		for (int a = 0; l->argv[a]; a++) {
			put("%s", a ? "," : "");
			put_string(l->argv[a]);
		}
		put("]}");
	}
	put("],\n\"names\":[");
	for (int i = 0; i < ledger->name_count; i++) {
		struct name_line *l = &ledger->name[i];

		put("%s\n{\"pid\":%d,\"op\":\"%s\",", i ? "," : "", l->pid, l->op);
		put_text("path", l->path);
		put(",");
		if (l->has_new)
			put_text("new_path", l->new_path);
		else
			put("\"new_path\":null");
		put(",\"arg\":%ld,\"ret\":%d}", l->arg, l->ret);
	}
	put("],\n\"processes\":[");
	for (int i = 0; i < ledger->process_count; i++) {
		struct process_line *l = &ledger->process[i];
		int exited = WIFEXITED(l->status);

		put("%s\n{\"role\":\"%s\",\"pid\":%d,\"parent_pid\":%d,\"exit_code\":%d,\"signal\":%d}", i ? "," : "", l->role, l->pid,
		    l->parent_pid, exited ? WEXITSTATUS(l->status) : 0, exited ? 0 : WTERMSIG(l->status));
	}
	put("]}\n");
}

#endif
