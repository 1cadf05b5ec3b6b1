/* test_intent.c - unit tests of wire/state/intent.h */
#include "cmocka_all.h"

#include "scratch.h"
#include "wire/state/intent.h"
#include "wire/state/journal.h"

/* A file "pending" with these frames: their types, and what follows. */
struct frame {
	uint64_t type;
	struct slice rest;
};

static void make(size_t head_n, const struct frame *frame, size_t n)
{
	const struct intent_head head = {.seed = 0};
	struct journal j;
	struct err e;

	assert_int_equal(journal_create(&j, "pending", intent_magic,
					slice_of((const char *)&head, head_n),
					&e),
			 0);
	for (size_t i = 0; i < n; i++) {
		buf_add(journal_frame(&j), &frame[i].type,
			sizeof(frame[i].type));
		buf_slice(journal_frame(&j), frame[i].rest);
		assert_int_equal(journal_flush(&j, true, &e), 0);
	}
	journal_close(&j);
}

static const struct intent_record one = {
	.key = {1, 2},
	.row = {3, 4},
	.version = 5,
	.bits = 1 | 1 << INTENT_LENGTH,
};

static struct slice records(struct buf *b)
{
	buf_add(b, &one, sizeof(one));
	buf_char(b, '7');
	return buf_all(b);
}

static uint64_t id_of_one(void)
{
	const struct intent_head head = {.seed = 0};

	return intent_id(one.key, one.row, one.version, 1, intent_seed(&head))
		.hi;
}

static int enter(void **state)
{
	(void)state;
	scratch_enter();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	scratch_leave();
	return 0;
}

static void holds_the_ids_of_the_file(void **state)
{
	struct buf b = {0};
	const struct frame frame[] = {{INTENT_FRAME, records(&b)}};
	struct intent_set s;
	struct err e;

	(void)state;
	make(sizeof(struct intent_head), frame, 1);
	assert_int_equal(intent_set_load(&s, "pending", &e), 0);
	assert_int_equal(s.n, 1);
	assert_true(intent_set_has(&s, id_of_one()));
	assert_false(intent_set_has(&s, id_of_one() + 1));
	intent_set_clear(&s);
	buf_clear(&b);
}

static void holds_nothing_of_no_file(void **state)
{
	struct intent_set s;
	struct err e;

	(void)state;
	assert_int_equal(intent_set_load(&s, "pending", &e), 0);
	assert_false(intent_set_has(&s, id_of_one()));
	intent_set_clear(&s);
	assert_true(intent_set_has(&s, id_of_one())); /* all-zero: everything */
}

/* A frame of a kind that it does not know is for others. */
static void passes_over_other_frames(void **state)
{
	struct buf b = {0};
	const struct frame frame[] = {
		{UINT64_C(0x6e65777468696e67), slice_str("whatever")},
		{INTENT_FRAME, records(&b)},
	};
	struct intent_set s;
	struct err e;

	(void)state;
	make(sizeof(struct intent_head), frame, 2);
	assert_int_equal(intent_set_load(&s, "pending", &e), 0);
	assert_true(intent_set_has(&s, id_of_one()));
	intent_set_clear(&s);
	buf_clear(&b);
}

/* No commit of their time has dropped any. */
static void holds_everything_beside_records_of_older_formats(void **state)
{
	static const uint64_t old[] = {2, 3, 5};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(old); i++) {
		const struct frame frame = {old[i], slice_str("whatever")};
		struct intent_set s;
		struct err e;

		make(sizeof(struct intent_head), &frame, 1);
		assert_int_equal(intent_set_load(&s, "pending", &e), 0);
		assert_true(intent_set_has(&s, 1));
		intent_set_clear(&s);
	}
}

static void refused(void)
{
	struct intent_set s;
	struct err e = {0};

	assert_int_equal(intent_set_load(&s, "pending", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text, "'pending' is damaged; see 'damaged "
				    "state' in rudder-sync(7)");
	intent_set_clear(&s);
}

static void refuses_what_is_not_a_list_of_records(void **state)
{
	struct buf b = {0};
	struct slice whole = records(&b);
	struct journal j;
	struct err e;

	(void)state;
	for (size_t n = 1; n < whole.n; n++) {
		const struct frame cut = {INTENT_FRAME, slice_of(whole.p, n)};

		make(sizeof(struct intent_head), &cut, 1);
		refused();
	}
	make(sizeof(struct intent_head) - 1, NULL, 0);
	refused();
	/* a frame without its type */
	make(sizeof(struct intent_head), NULL, 0);
	assert_int_equal(
		journal_resume(&j, "pending",
			       JOURNAL_HEAD + sizeof(struct intent_head), &e),
		0);
	buf_str(journal_frame(&j), "short");
	assert_int_equal(journal_flush(&j, true, &e), 0);
	journal_close(&j);
	refused();
	buf_clear(&b);
}

static void refuses_a_file_of_another_kind(void **state)
{
	struct intent_set s;
	struct err e = {0};

	(void)state;
	scratch_file("pending", "not a journal, and longer than its head");
	assert_int_equal(intent_set_load(&s, "pending", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	intent_set_clear(&s);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(holds_the_ids_of_the_file),
		IN_FOLDER(holds_nothing_of_no_file),
		IN_FOLDER(passes_over_other_frames),
		IN_FOLDER(holds_everything_beside_records_of_older_formats),
		IN_FOLDER(refuses_what_is_not_a_list_of_records),
		IN_FOLDER(refuses_a_file_of_another_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
