/* test_backlog.c - unit tests of sync/backlog.h */
#include "cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "sync/backlog.h"

enum { BYTES = 5 * 1024 * 1024 + 4321, PIECE = 50 * 1000 };

/* A byte that tells its position. */
static char byte_at(size_t i)
{
	return (char)((i * 2654435761U) >> 13);
}

struct world {
	int in[2], out[2]; /* pipes */
	size_t put, got;   /* bytes into in, and taken from out */
};

static void open_world(struct world *w)
{
	*w = (struct world){0};
	assert_int_equal(pipe2(w->in, O_NONBLOCK), 0);
	assert_int_equal(pipe2(w->out, O_NONBLOCK), 0);
}

static void close_world(const struct world *w)
{
	for (int i = 0; i < 2; i++) {
		if (w->in[i] >= 0)
			close(w->in[i]);
		close(w->out[i]);
	}
}

static void put_some(struct world *w, size_t most)
{
	char piece[PIECE];
	size_t n = most < PIECE ? most : PIECE;
	ssize_t put;

	for (size_t i = 0; i < n; i++)
		piece[i] = byte_at(w->put + i);
	put = write(w->in[1], piece, n);
	w->put += put > 0 ? (size_t)put : 0;
}

/* Reader i takes what the pipe holds, and it is what was put. */
static void take_some(struct world *w, struct backlog *b, size_t i)
{
	char piece[PIECE];
	struct err e;
	ssize_t n;

	assert_int_equal(backlog_write(b, i, w->out[1], &e), 1);
	while ((n = read(w->out[0], piece, sizeof(piece))) > 0) {
		for (size_t k = 0; k < (size_t)n; k++)
			assert_int_equal(piece[k], byte_at(w->got + k));
		w->got += (size_t)n;
	}
}

/* One slow reader: as much is read as --spill and memory hold, and every byte
 * arrives, in order.
 */
static void keeps_what_a_slow_reader_needs(void **state)
{
	static const uint64_t max[] = {0,      1,       BACKLOG_CHUNK,
				       777777, 1 << 20, 64 << 20};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(max); i++) {
		struct backlog *b = backlog_new(2, max[i]);
		size_t most = 0;
		struct world w;

		open_world(&w);
		backlog_leave(b, 0);
		while (w.got < BYTES) {
			put_some(&w, BYTES - w.put);
			if (backlog_room(b))
				assert_int_equal(backlog_read(b, w.in[0], &e),
						 1);
			if (backlog_left(b, 1) > most)
				most = backlog_left(b, 1);
			if (!backlog_room(b) || w.put == BYTES)
				take_some(&w, b, 1);
		}
		assert_true(most <= BACKLOG_MEMORY + max[i] + BACKLOG_CHUNK);
		assert_true(most + 2 * BACKLOG_CHUNK >=
				    BACKLOG_MEMORY + max[i] ||
			    most + BACKLOG_CHUNK + PIECE >= BYTES);
		assert_int_equal(backlog_left(b, 0), 0);
		backlog_free(b);
		close_world(&w);
	}
}

static void says_when_input_ends_and_in_a_line(void **state)
{
	struct backlog *b = backlog_new(1, 0);
	struct world w;
	struct err e;

	(void)state;
	open_world(&w);
	assert_false(backlog_in_line(b));
	assert_int_equal(write(w.in[1], "a\nb", 3), 3);
	assert_int_equal(backlog_read(b, w.in[0], &e), 1);
	assert_true(backlog_in_line(b));
	assert_int_equal(write(w.in[1], "\n", 1), 1);
	assert_int_equal(backlog_read(b, w.in[0], &e), 1);
	assert_false(backlog_in_line(b));
	assert_int_equal(backlog_left(b, 0), 4);
	close(w.in[1]);
	w.in[1] = -1;
	assert_int_equal(backlog_read(b, w.in[0], &e), 0);
	backlog_free(b);
	close_world(&w);
}

static void says_when_a_reader_has_gone(void **state)
{
	struct backlog *b = backlog_new(1, 0);
	struct world w;
	struct err e;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	open_world(&w);
	put_some(&w, 10);
	assert_int_equal(backlog_read(b, w.in[0], &e), 1);
	close(w.out[0]);
	assert_int_equal(backlog_write(b, 0, w.out[1], &e), 0);
	w.out[0] = dup(w.out[1]);
	backlog_free(b);
	close_world(&w);
}

static void refuses_without_a_folder_for_files(void **state)
{
	struct backlog *b = backlog_new(1, 1 << 20);
	struct world w;
	struct err e;
	int rc = 1;

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	open_world(&w);
	while (rc > 0) {
		put_some(&w, PIECE);
		rc = backlog_read(b, w.in[0], &e);
	}
	assert_int_equal(rc, -1);
	assert_int_equal(e.kind, ERR_CREATE);
	unsetenv("TMPDIR");
	backlog_free(b);
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_a_slow_reader_needs),
		cmocka_unit_test(says_when_input_ends_and_in_a_line),
		cmocka_unit_test(says_when_a_reader_has_gone),
		cmocka_unit_test(refuses_without_a_folder_for_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
