/* fuzz.h - what the fuzz targets share
 *
 * Each fuzz_X.c has one LLVMFuzzerTestOneInput with a property of X. It is
 * linked with libFuzzer (make fuzz) and with replay.c (make unit).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/reader.h"
#include "wire/json/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must be true of every input. */
#define HOLDS(it)                                                              \
	do {                                                                   \
		if (!(it))                                                     \
			abort();                                               \
	} while (0)

/* That the property was looked at, and not only passed by: test_fuzz_NAME fails
 * where no file of the corpus gets there (replay.c), and says what.
 */
#define REACHED(what)                                                          \
	do {                                                                   \
		static struct fuzz_reached here = {what, 0, 0};                \
		static struct fuzz_reached *listed                             \
			__attribute__((section("fuzz_reached"), used)) =       \
				&here;                                         \
		here.times++;                                                  \
	} while (0)

/* The target of a build that lacks the library. */
#define FUZZ_WITHOUT_LIBRARY                                                   \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)           \
	{                                                                      \
		(void)data;                                                    \
		(void)size;                                                    \
		REACHED("nothing: built without the library");                 \
		return 0;                                                      \
	}

struct fuzz_reached {
	const char *name;
	size_t times;
	size_t files; /* of the corpus, counted by replay.c */
};

/* Bytes as reader_next gives a line: LF and the pad behind them, no more. */
static inline char *fuzz_line(const void *p, size_t n)
{
	char *line = mem_zero(n + READER_PAD);

	if (n > 0)
		memcpy(line, p, n);
	line[n] = '\n';
	return line;
}

/* The read end of a pipe with these bytes, at most 64 KiB, and then EOF. */
static inline int fuzz_pipe(const void *p, size_t n)
{
	int fd[2];

	HOLDS(pipe(fd) == 0 && write(fd[1], p, n) == (ssize_t)n);
	close(fd[1]);
	return fd[0];
}

/* A file in memory with these bytes, to be read from its start. */
static inline int fuzz_file(struct slice s)
{
	int fd = (int)syscall(SYS_memfd_create, "fuzz", 0);

	HOLDS(fd >= 0 && write(fd, s.p ? s.p : "", s.n) == (ssize_t)s.n);
	HOLDS(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

/* All bytes of such a file. */
static inline void fuzz_read(int fd, struct buf *b)
{
	off_t n = lseek(fd, 0, SEEK_END);

	b->n = 0;
	HOLDS(n >= 0);
	HOLDS(pread(fd, buf_room(b, (size_t)n + 1), (size_t)n, 0) == n);
	b->n = (size_t)n;
}

/* Every line is an object and whole; how many have the text in them. */
static inline size_t fuzz_objects(struct slice all, const char *text)
{
	struct scan *s = scan_new();
	size_t found = 0;

	while (all.n > 0) {
		const char *lf = memchr(all.p, '\n', all.n);
		size_t n = lf ? (size_t)(lf - all.p) : 0;
		char *line = fuzz_line(all.p, n);

		HOLDS(lf && scan_object(s, slice_of(line, n)) == 0);
		found += memmem(line, n, text, strlen(text)) != NULL;
		free(line);
		all = slice_of(lf + 1, all.n - n - 1);
	}
	scan_free(s);
	return found;
}

/* How many lines are changes, by how they start: what else is in them is the
 * input's.
 */
static inline size_t fuzz_changes(struct slice all)
{
	size_t found = 0;

	(void)fuzz_objects(all, "");
	while (all.n > 0) {
		const char *lf = memchr(all.p, '\n', all.n);
		size_t n = (size_t)(lf + 1 - all.p);

		found += slice_starts(all, "{\"_rudder\":{\"type\":\"change\"");
		all = slice_of(lf + 1, all.n - n);
	}
	return found;
}

/* The input in two: what is before a line "%", and behind. */
static inline void fuzz_split(const uint8_t *data, size_t size, struct slice *a,
			      struct slice *b)
{
	const char *p = (const char *)data;
	const char *mark = memmem(p, size, "\n%\n", 3);

	*a = mark ? slice_of(p, (size_t)(mark + 1 - p)) : slice_of(p, size);
	*b = mark ? slice_of(mark + 3, (size_t)(p + size - mark) - 3)
		  : slice_of(p, 0);
}

/* The same rows with a blank at the end of each line, which has another hash,
 * and none, one or two behind "id", so that a value is not where it was in the
 * line before.
 */
static inline void fuzz_pad(struct slice rows, struct buf *b)
{
	static const char id[] = "\"id\"";
	size_t line = 0, n = strlen(id);

	for (size_t i = 0; i < rows.n; i++) {
		bool end = rows.p[i] == '\n';
		bool behind = i >= n && rows.p[i] == ':' &&
			      memcmp(rows.p + i - n, id, n) == 0;

		for (size_t k = 0; k < (end ? 1 : behind ? line % 3 : 0); k++)
			buf_char(b, ' ');
		buf_char(b, rows.p[i]);
		line += end;
	}
}

/* A new folder in memory that is the working directory until fuzz_leave, which
 * removes it with what is in it, at most one level deep.
 */
struct fuzz_folder {
	int was;
	char name[PATH_MAX];
};

static inline void fuzz_enter(struct fuzz_folder *f)
{
	const char *dir = getenv("SCRATCH_MEMORY"); /* of tests/run.sh */

	if (!dir)
		dir = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(f->name, sizeof(f->name), "%s/rudder-fuzz-XXXXXX", dir);
	f->was = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	HOLDS(f->was >= 0 && mkdtemp(f->name) && chdir(f->name) == 0);
}

static inline void fuzz_empty(const char *folder, int depth)
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		struct buf path = {0};

		buf_fmt(&path, "%s/%s", folder, d->d_name);
		if (strcmp(d->d_name, ".") != 0 &&
		    strcmp(d->d_name, "..") != 0 &&
		    unlink(buf_cstr(&path)) < 0) {
			if (depth > 0)
				fuzz_empty(buf_cstr(&path), depth - 1);
			HOLDS(rmdir(buf_cstr(&path)) == 0);
		}
		buf_clear(&path);
	}
	if (dir)
		closedir(dir);
}

static inline void fuzz_leave(struct fuzz_folder *f)
{
	fuzz_empty(f->name, 2);
	HOLDS(fchdir(f->was) == 0 && rmdir(f->name) == 0);
	close(f->was);
}

#endif
