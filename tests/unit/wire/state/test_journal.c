/* test_journal.c - unit tests of wire/state/journal.h */
#include "cmocka_all.h"

#include "made.h"
#include "wire/state/journal.h"

static const char magic[8] = "Journal";

/* A journal "j" with the head "head" and these frames. */
static void make(const char *const *frame, size_t n)
{
	struct journal j;
	struct err e;

	assert_int_equal(journal_create(&j, "j", magic, slice_str("head"), &e),
			 0);
	for (size_t i = 0; i < n; i++) {
		buf_str(journal_frame(&j), frame[i]);
		assert_int_equal(journal_flush(&j, i % 2 == 0, &e), 0);
	}
	assert_int_equal(j.bytes, made_size("j"));
	journal_close(&j);
}

/* Frames that can be read, as one text with a bar behind each. */
static int read_all(struct buf *b, size_t *valid, struct err *e)
{
	struct journal_file f;
	struct slice payload;
	int rc = journal_open(&f, "j", magic, e);

	if (rc <= 0)
		return rc;
	assert_true(slice_is(f.head, "head"));
	while ((rc = journal_next(&f, &payload, e)) > 0) {
		buf_slice(b, payload);
		buf_char(b, '|');
	}
	*valid = f.at;
	journal_forget(&f);
	return rc;
}

static void is(const char *want)
{
	struct buf b = {0};
	struct err e = {0};
	size_t valid;

	if (read_all(&b, &valid, &e) < 0)
		fail_msg("%s", e.text);
	assert_string_equal(buf_cstr(&b), want);
	buf_clear(&b);
}

static const char *const frames[] = {"one", "", "three", "a longer frame"};

/* head, frames: lengths with their headers, and what is read of a file cut
 * there; an empty frame is invalid
 */
enum { HEAD = JOURNAL_HEAD + 4, ONE = HEAD + 19, THREE = ONE + 21 };
enum { END = THREE + 30 };

static const struct {
	size_t n;
	const char *frames;
	size_t valid;
} cuts[] = {
	{END, "one|three|a longer frame|", END},
	{END - 1, "one|three|", THREE},
	{THREE + 17, "one|three|", THREE},
	{THREE + 16, "one|three|", THREE},
	{THREE + 15, "one|three|", THREE},
	{THREE + 1, "one|three|", THREE},
	{THREE, "one|three|", THREE},
	{THREE - 1, "one|", ONE},
	{ONE, "one|", ONE},
	{ONE - 1, "", HEAD},
	{HEAD + 7, "", HEAD},
	{HEAD, "", HEAD},
};

static void drops_a_last_frame_that_is_cut(void **state)
{
	(void)state;
	scratch_enter();
	for (size_t i = 0; i < COUNT_OF(cuts); i++) {
		struct buf b = {0};
		struct journal j;
		struct err e;
		size_t valid;

		make(frames, COUNT_OF(frames));
		assert_int_equal(truncate("j", (off_t)cuts[i].n), 0);
		assert_int_equal(read_all(&b, &valid, &e), 0);
		assert_string_equal(buf_cstr(&b), cuts[i].frames);
		assert_int_equal(valid, cuts[i].valid);
		/* and goes on from there */
		assert_int_equal(journal_resume(&j, "j", valid, &e), 0);
		buf_str(journal_frame(&j), "new");
		assert_int_equal(journal_flush(&j, false, &e), 0);
		journal_close(&j);
		buf_str(&b, "new|");
		is(buf_cstr(&b));
		buf_clear(&b);
	}
	scratch_leave();
}

static void takes_zeros_at_the_end_for_a_cut(void **state)
{
	(void)state;
	scratch_enter();
	make(frames, 1);
	assert_int_equal(truncate("j", ONE + 4096), 0);
	is("one|");
	scratch_leave();
}

static void refuses_damage_wherever_it_is(void **state)
{
	struct err e;
	struct buf b = {0};
	size_t valid;

	(void)state;
	scratch_enter();
	for (size_t at = 0; at < END; at++) {
		make(frames, COUNT_OF(frames));
		made_flip("j", at);
		e.kind = ERR_NONE;
		if (read_all(&b, &valid, &e) != -1)
			fail_msg("byte %zu", at);
		assert_int_equal(e.kind, ERR_CONFIG);
	}
	buf_clear(&b);
	make(frames, COUNT_OF(frames));
	made_flip("j", ONE + 20);
	assert_int_equal(read_all(&b, &valid, &e), -1);
	assert_string_equal(e.text,
			    "'j' is damaged at byte 55; see 'damaged state' in "
			    "rudder-sync(7)");
	assert_int_equal(valid, ONE);
	buf_clear(&b);
	scratch_leave();
}

/* A frame is found by its checked length even where its bytes were zeroed. */
static void refuses_a_frame_that_was_zeroed(void **state)
{
	static const char zeros[21];
	struct buf b = {0};
	struct err e;
	size_t valid;

	(void)state;
	scratch_enter();
	make(frames, COUNT_OF(frames));
	made_patch("j", ONE, zeros, sizeof(zeros));
	assert_int_equal(read_all(&b, &valid, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	buf_clear(&b);
	scratch_leave();
}

/* A frame of four blocks, in front of a small one or as the last, of which a
 * power cut has left one block unwritten.
 */
static void drops_a_frame_that_lacks_a_block(void **state)
{
	static const char zero[4096];

	(void)state;
	scratch_enter();
	for (size_t block = 1; block <= 3; block++) {
		for (int shape = 0; shape < 4; shape++) {
			bool last = shape & 1, loose = shape & 2;
			struct journal_file f;
			struct slice payload;
			struct journal j;
			struct err e = {0};
			int want = last || loose ? 0 : -1;

			make(frames, 1);
			assert_int_equal(journal_resume(&j, "j", ONE, &e), 0);
			for (int i = 0; i < 15000; i++)
				buf_char(journal_frame(&j), (char)(1 + i % 99));
			assert_int_equal(journal_flush(&j, true, &e), 0);
			buf_str(journal_frame(&j), last ? "" : "small");
			assert_int_equal(journal_flush(&j, true, &e), 0);
			journal_close(&j);
			made_patch("j", block * sizeof(zero), zero,
				   block < 3 ? sizeof(zero) : 100);
			assert_int_equal(journal_open(&f, "j", magic, &e), 1);
			f.loose = loose;
			assert_int_equal(journal_next(&f, &payload, &e), 1);
			/* a hundred bytes are no block */
			if (block == 3)
				want = -1;
			if (journal_next(&f, &payload, &e) != want)
				fail_msg("block %zu, shape %d", block, shape);
			journal_forget(&f);
		}
	}
	scratch_leave();
}

static void tells_what_is_wrong_with_a_file(void **state)
{
	const uint32_t newer = 2, order = 0x04030201;
	const uint64_t huge = UINT64_MAX - 8;
	struct journal_file f;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(journal_open(&f, "none", magic, &e), 0);
	scratch_file("j", "");
	assert_int_equal(journal_open(&f, "j", magic, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text,
			    "'j' is damaged, or not a file of rudder-diff; see "
			    "'damaged state' in rudder-sync(7)");
	make(frames, 1);
	assert_int_equal(journal_open(&f, "j", "Another", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_int_equal(truncate("j", JOURNAL_HEAD - 1), 0);
	assert_int_equal(journal_open(&f, "j", magic, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	make(frames, 1);
	made_patch("j", 8, &newer, sizeof(newer));
	assert_int_equal(journal_open(&f, "j", magic, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(
		e.text, "'j' has format 2; this rudder-diff supports format 1");
	make(frames, 1);
	made_patch("j", 12, &order, sizeof(order));
	assert_int_equal(journal_open(&f, "j", magic, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text, "'j' is damaged, or from a machine with a "
				    "different byte order; see 'damaged state' "
				    "in rudder-sync(7)");
	make(frames, 1);
	made_patch("j", 16, &huge, sizeof(huge));
	assert_int_equal(journal_open(&f, "j", magic, &e), -1);
	assert_string_equal(e.text, "'j' has a damaged header; see 'damaged "
				    "state' in rudder-sync(7)");
	assert_int_equal(journal_open(&f, ".", magic, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	journal_forget(&f);
	scratch_leave();
}

static void writes_nothing_for_an_empty_frame(void **state)
{
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(journal_create(&j, "j", magic, slice_of(NULL, 0), &e),
			 0);
	assert_int_equal(made_size("j"), JOURNAL_HEAD);
	assert_false(journal_waiting(&j));
	assert_int_equal(journal_flush(&j, true, &e), 0);
	assert_int_equal(made_size("j"), JOURNAL_HEAD);
	buf_str(journal_frame(&j), "x");
	assert_true(journal_waiting(&j));
	assert_int_equal(made_size("j"), JOURNAL_HEAD);
	assert_int_equal(journal_flush(&j, true, &e), 0);
	assert_false(journal_waiting(&j));
	assert_int_equal(made_size("j"), JOURNAL_HEAD + 17);
	buf_str(journal_frame(&j), "dropped");
	journal_close(&j);
	assert_int_equal(made_size("j"), JOURNAL_HEAD + 17);
	assert_int_equal(j.fd, -1); /* so that the second closes nothing */
	journal_close(&j);
	scratch_leave();
}

static void replaces_a_file_whole(void **state)
{
	(void)state;
	scratch_enter();
	make(frames, COUNT_OF(frames));
	make(frames, 1);
	is("one|");
	assert_string_equal(scratch_text("j.tmp"), "-");
	scratch_leave();
}

static void starts_on_a_descriptor_that_holds_rests(void **state)
{
	struct journal j;
	struct err e;
	int fd;

	(void)state;
	scratch_enter();
	scratch_file("j", "a few bytes of a killed process");
	fd = open("j", O_RDWR);
	assert_int_equal(journal_start(&j, fd, magic, slice_str("head"), &e),
			 0);
	buf_str(journal_frame(&j), "one");
	assert_int_equal(journal_flush(&j, false, &e), 0);
	journal_close(&j);
	is("one|");
	scratch_leave();
}

static void says_when_it_cannot_write(void **state)
{
	struct journal j;
	struct err e;
	int fd;

	(void)state;
	scratch_enter();
	assert_int_equal(journal_create(&j, "no/j", magic, slice_str(""), &e),
			 -1);
	assert_int_equal(e.kind, ERR_CREATE);
	journal_close(&j);
	assert_int_equal(journal_resume(&j, "none", 0, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	make(frames, 1);
	assert_int_equal(symlink("j", "link"), 0);
	assert_int_equal(journal_resume(&j, "link", ONE, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	fd = open("j", O_RDONLY);
	assert_int_equal(journal_resume_fd(&j, fd, ONE, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(journal_start(&j, fd, magic, slice_str(""), &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	close(fd);
	fd = open("/dev/full", O_WRONLY);
	j = (struct journal){.fd = fd};
	buf_str(journal_frame(&j), "0123456789abcdefx");
	assert_int_equal(journal_flush(&j, false, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.text, "cannot write the state: "
				    "No space left on device");
	journal_close(&j);
	is("one|");
	scratch_leave();
}

/* Many frames, each filled while the one before is written. */
static void writes_a_frame_while_the_next_is_filled(void **state)
{
	enum { FRAMES = 50 };
	struct buf want = {0};
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(journal_create(&j, "j", magic, slice_str("head"), &e),
			 0);
	assert_int_equal(journal_flush_begin(&j, &e), 0); /* nothing */
	assert_int_equal(journal_flush_end(&j, &e), 0);
	for (int i = 0; i < FRAMES; i++) {
		buf_fmt(journal_frame(&j), "frame %d", i);
		buf_fmt(&want, "frame %d|", i);
		assert_int_equal(journal_flush_begin(&j, &e), 0);
		assert_false(journal_waiting(&j));
	}
	assert_int_equal(journal_flush_end(&j, &e), 0);
	is(buf_cstr(&want));
	/* whoever writes next waits, and the file has its order */
	buf_str(journal_frame(&j), "beside");
	assert_int_equal(journal_flush_begin(&j, &e), 0);
	buf_str(journal_frame(&j), "behind");
	assert_int_equal(journal_flush(&j, false, &e), 0);
	buf_str(&want, "beside|behind|");
	buf_str(journal_frame(&j), "closed at once");
	assert_int_equal(journal_flush_begin(&j, &e), 0);
	assert_int_equal(made_size("j") <= j.bytes, 1);
	journal_close(&j);
	buf_str(&want, "closed at once|");
	is(buf_cstr(&want));
	buf_clear(&want);
	scratch_leave();
}

/* A pipe cannot be synced: so it shows whether that was tried. */
static void syncs_earlier_frames_without_a_new_one(void **state)
{
	struct err e = {0};

	(void)state;
	for (int beside = 0; beside < 2; beside++) {
		int pipes[2];
		struct journal j;

		assert_int_equal(pipe(pipes), 0);
		j = (struct journal){.fd = pipes[1]};
		assert_int_equal(journal_flush(&j, true, &e), 0);
		buf_str(journal_frame(&j), "0123456789abcdefx");
		assert_int_equal(journal_flush(&j, false, &e), 0);
		assert_int_equal(journal_flush(&j, false, &e), 0);
		assert_false(journal_waiting(&j));
		assert_int_equal(beside ? journal_flush_begin(&j, &e)
					: journal_flush(&j, true, &e),
				 -1);
		assert_int_equal(e.kind, ERR_IO);
		assert_string_equal(e.text, "cannot sync the state: "
					    "Invalid argument");
		journal_close(&j);
		close(pipes[0]);
	}
}

static void stays_broken(void **state)
{
	struct journal j = {.fd = open("/dev/full", O_WRONLY)};
	struct err e = {0};

	(void)state;
	buf_str(journal_frame(&j), "0123456789abcdefx");
	assert_int_equal(journal_flush_begin(&j, &e), 0);
	assert_int_equal(journal_flush_end(&j, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	e.kind = ERR_NONE;
	assert_int_equal(journal_flush_end(&j, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(journal_flush(&j, true, &e), -1);
	assert_int_equal(journal_flush_begin(&j, &e), -1);
	journal_close(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drops_a_last_frame_that_is_cut),
		cmocka_unit_test(takes_zeros_at_the_end_for_a_cut),
		cmocka_unit_test(refuses_damage_wherever_it_is),
		cmocka_unit_test(refuses_a_frame_that_was_zeroed),
		cmocka_unit_test(drops_a_frame_that_lacks_a_block),
		cmocka_unit_test(tells_what_is_wrong_with_a_file),
		cmocka_unit_test(writes_nothing_for_an_empty_frame),
		cmocka_unit_test(replaces_a_file_whole),
		cmocka_unit_test(starts_on_a_descriptor_that_holds_rests),
		cmocka_unit_test(says_when_it_cannot_write),
		cmocka_unit_test(writes_a_frame_while_the_next_is_filled),
		cmocka_unit_test(syncs_earlier_frames_without_a_new_one),
		cmocka_unit_test(stays_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
