/* test_pending_tail.c - unit tests of diff/state/pending_tail.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "diff/state/pending_tail.h"
#include "diff/state/pending_write.h"
#include "made.h"

static void start(struct journal *j)
{
	struct err e;

	assert_int_equal(pending_write_start(j, "pending", MADE_SEED, 0,
					     slice_str("r1"),
					     slice_str("[\"id\"]"), &e),
			 0);
}

/* Frames of n intents each, of keys from *next on. */
static void add(struct journal *j, int frames, int n, int *next)
{
	struct err e;

	for (int f = 0; f < frames; f++) {
		for (int i = 0; i < n; i++) {
			char text[16];
			struct intent x;

			snprintf(text, sizeof(text), "%d", (*next)++);
			x = made_intent(text, 0, PENDING_INSERT, 5);
			pending_write_add(j, &x);
		}
		assert_int_equal(journal_flush(j, false, &e), 0);
	}
}

static int count(void *ctx, const struct intent *x, struct err *e)
{
	int *n = ctx;
	char text[16];

	(void)e;
	snprintf(text, sizeof(text), "%d", (*n)++);
	assert_true(slice_is(slice_of(x->text, x->text_n), text));
	return 0;
}

static int read_all(struct pending_tail *t, int *n)
{
	struct err e = {0};
	int rc;

	while ((rc = pending_tail_next(t, count, n, &e)) > 0)
		;
	return rc;
}

static void reads_what_is_added_and_hands_it_over(void **state)
{
	static const char attempt[] = "0123456789abcdef0123456789abcdef";
	const struct slice note[SNAPSHOT_NOTES] = {[SNAPSHOT_TAG] =
							   slice_str("tag")};
	const bool has[SNAPSHOT_NOTES] = {[SNAPSHOT_TAG] = true};
	struct pending_tail t;
	struct pending p;
	struct journal j;
	struct intent x;
	struct err e = {0};
	int written = 0, n = 0;

	(void)state;
	scratch_enter();
	assert_int_equal(pending_tail_open(&t, "pending", &e), 0);
	start(&j);
	add(&j, 1, 3, &written);
	assert_int_equal(pending_tail_open(&t, "pending", &e), 1);
	assert_int_equal(read_all(&t, &n), 0);
	assert_int_equal(n, 3);
	/* the notes stay what they are when the file is mapped anew; the last
	 * frames are more than the room that was left for it
	 */
	assert_int_equal(pending_write_mark(&j, &e), 0);
	assert_int_equal(pending_write_notes(&j, attempt, note, has, &e), 0);
	add(&j, 2, 10, &written);
	assert_int_equal(read_all(&t, &n), 0);
	add(&j, 20, 20000, &written);
	assert_int_equal(read_all(&t, &n), 0);
	assert_int_equal(n, written);
	assert_int_equal(pending_open(&p, "pending", &e), 1);
	assert_int_equal(pending_tail_hand_over(&t, &p), 0);
	pending_tail_clear(&t);
	assert_int_equal(p.n, written);
	assert_int_equal(p.marked, 3);
	assert_true(slice_is(p.note[SNAPSHOT_TAG], "tag"));
	assert_true(slice_is(p.attempt, attempt));
	assert_true(slice_is(p.run, "r1"));
	n = 0;
	{
		struct pending_walk w;

		pending_walk(&p, &w);
		while (pending_next(&w, &x, &e) > 0) {
			assert_int_equal(x.doubt, n < 3);
			count(&n, &x, &e);
		}
	}
	assert_int_equal(n, written);
	pending_clear(&p);
	journal_close(&j);
	pending_tail_clear(&t);
	scratch_leave();
}

static void waits_for_the_rest_of_a_frame(void **state)
{
	struct pending_tail t;
	struct journal j;
	struct err e = {0};
	int written = 0, n = 0;
	size_t size;
	FILE *f;
	char *bytes;

	(void)state;
	scratch_enter();
	start(&j);
	add(&j, 1, 3, &written);
	journal_close(&j);
	size = made_size("pending");
	bytes = mem_zero(size);
	f = fopen("pending", "r+");
	assert_non_null(f);
	assert_int_equal(fread(bytes, 1, size, f), size);
	for (size_t cut = size; cut-- > size - 100;) {
		n = 0;
		assert_int_equal(truncate("pending", (off_t)cut), 0);
		assert_int_equal(pending_tail_open(&t, "pending", &e), 1);
		assert_int_equal(read_all(&t, &n), 0);
		assert_int_equal(n, 0);
		rewind(f);
		assert_int_equal(fwrite(bytes, 1, size, f), size);
		assert_int_equal(fflush(f), 0);
		assert_int_equal(read_all(&t, &n), 0);
		assert_int_equal(n, 3);
		pending_tail_clear(&t);
	}
	fclose(f);
	free(bytes);
	scratch_leave();
}

static void knows_another_file(void **state)
{
	struct pending_tail t;
	struct pending p;
	struct journal j;
	struct err e = {0};
	int written = 0, n = 0;

	(void)state;
	scratch_enter();
	start(&j);
	add(&j, 1, 3, &written);
	journal_close(&j);
	assert_int_equal(pending_tail_open(&t, "pending", &e), 1);
	assert_int_equal(read_all(&t, &n), 0);
	start(&j);
	written = 0;
	add(&j, 1, 3, &written);
	journal_close(&j);
	assert_int_equal(pending_open(&p, "pending", &e), 1);
	assert_int_equal(pending_tail_hand_over(&t, &p), -1);
	pending_clear(&p);
	pending_tail_clear(&t);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_added_and_hands_it_over),
		cmocka_unit_test(waits_for_the_rest_of_a_frame),
		cmocka_unit_test(knows_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
