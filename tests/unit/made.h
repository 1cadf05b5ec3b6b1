/* made.h - what the unit tests of diff/ make: keys, intents, rows, damage */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include <sys/stat.h>

#include "diff/state/state.h"
#include "scratch.h"
#include "wire/stream/input.h"

enum { MADE_SEED = 7 };

/* What the line of a row is above its content. */
enum { MADE_LINE = 1000000 };

/* The hash of a key's text, as rudder-diff makes it. */
static inline struct hash made_key(const char *text)
{
	return hash_bytes(text, strlen(text), MADE_SEED);
}

/* text must outlive the intent; a delete has no row. */
static inline struct intent made_intent(const char *text, uint32_t version,
					enum pending_action action,
					uint64_t row)
{
	return (struct intent){
		.key = made_key(text),
		.row = {.hi = action == PENDING_DELETE ? 0 : row},
		.line = action == PENDING_DELETE ? 0 : row + MADE_LINE,
		.text = text,
		.text_n = (uint32_t)strlen(text),
		.version = version,
		.action = action,
	};
}

static inline struct snapshot_row made_row(const char *text, uint32_t version,
					   uint64_t row)
{
	return (struct snapshot_row){
		.key = made_key(text),
		.mark = {.content = row, .line = row + MADE_LINE},
		.text = text,
		.text_n = (uint32_t)strlen(text),
		.version = version,
	};
}

/* A snapshot in memory of ordered rows. */
struct made_rows {
	const struct snapshot_row *row;
	size_t n;
	bool given;
};

static inline int made_rows_next(void *ctx, const struct snapshot_row **row,
				 size_t *n, struct err *e)
{
	struct made_rows *r = ctx;

	(void)e;
	*row = r->row;
	*n = r->n;
	r->given = !r->given;
	return r->given;
}

static inline void made_rows_rewind(void *ctx)
{
	((struct made_rows *)ctx)->given = false;
}

static inline void made_snapshot(struct snapshot *s,
				 const struct snapshot_row *row, size_t n)
{
	struct made_rows r = {row, n, false};
	struct snapshot_feed feed = {.next = made_rows_next,
				     .rewind = made_rows_rewind,
				     .ctx = &r,
				     .counted = true,
				     .n = n};
	struct err e;

	for (size_t i = 0; i < n; i++)
		feed.text_n += row[i].text_n + row[i].kept_n;
	assert_int_equal(snapshot_build(s, &feed, &e), 0);
}

/* Intent k of a file that was read, which it borrows from. */
static inline struct intent made_pending(const struct pending *p, size_t k)
{
	struct pending_walk w;
	struct intent i;
	struct err e;

	pending_walk(p, &w);
	do
		assert_int_equal(pending_next(&w, &i, &e), 1);
	while (k-- > 0);
	return i;
}

static inline size_t made_size(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (size_t)st.st_size;
}

/* Another value for one byte of a file. */
static inline void made_flip(const char *path, size_t at)
{
	int fd = open(path, O_RDWR);
	char c;

	assert_int_equal(pread(fd, &c, 1, (off_t)at), 1);
	c = (char)~c;
	assert_int_equal(pwrite(fd, &c, 1, (off_t)at), 1);
	close(fd);
}

/* Bytes written over those of a file, from an offset. */
static inline void made_patch(const char *path, size_t at, const void *p,
			      size_t n)
{
	int fd = open(path, O_RDWR);

	assert_int_equal(pwrite(fd, p, n, (off_t)at), n);
	close(fd);
}

/* A descriptor that reads this text, at most 64 KiB, and then the end. */
static inline int made_pipe(const char *text)
{
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], text, strlen(text)), strlen(text));
	close(fd[1]);
	return fd[0];
}

/* An input of this text that needs no end line; it owns *fd, which the caller
 * closes.
 */
static inline void made_input(struct input *in, int *fd, const char *text)
{
	static const struct input_options o = {.max_line = INPUT_MAX_LINE,
					       .trust_eof = true};

	*fd = made_pipe(text);
	input_init(in, *fd, &o, NULL, NULL);
}

#endif
