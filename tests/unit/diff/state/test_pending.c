/* test_pending.c - unit tests of diff/state/pending.h */
#include "cmocka_all.h"

#include "core/mem.h"
#include "diff/state/pending_write.h"
#include "made.h"
#include "wire/state/intent.h"

static const char *const run = "r0000000000000000001";

static const struct {
	struct intent i;
	const char *text, *word;
} cases[] = {
	{{.version = 0, .action = PENDING_INSERT, .row = {1, 2}, .line = 3},
	 "7",
	 "insert"},
	{{.version = 1, .action = PENDING_UPDATE, .row = {1, 3}, .doubt = true},
	 "\"a\\\"b\"",
	 "update"},
	{{.version = UINT32_MAX, .action = PENDING_DELETE},
	 "[\"de\",7]",
	 "delete"},
	{{.version = 9, .action = PENDING_INSERT, .row = {UINT64_MAX, 0}},
	 "\"\"",
	 "insert"},
};

static struct intent intent(size_t k)
{
	struct intent i = cases[k].i;

	i.key = made_key(cases[k].text);
	i.text = cases[k].text;
	i.text_n = (uint32_t)strlen(i.text);
	return i;
}

static void same(const struct intent *a, const struct intent *b)
{
	assert_true(hash_eq(a->key, b->key));
	assert_true(hash_eq(a->row, b->row));
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->text_n, b->text_n);
	assert_memory_equal(a->text, b->text, a->text_n);
	assert_int_equal(a->version, b->version);
	assert_int_equal(a->action, b->action);
	assert_int_equal(a->doubt, b->doubt);
}

/* A file "p" with all cases, two of them in one frame. */
/* A file with only these intents in the place of another. */
static int replace(const struct pending *p, const struct intent *const *open,
		   size_t n, const char *path, struct err *e)
{
	struct pending_new new;
	int rc;

	if (n == 0)
		return file_remove(path, e);
	rc = pending_write_begin(&new, p, path, e);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = pending_write_keep(&new, open[i], e);
	if (rc == 0)
		rc = pending_write_done(&new, e);
	pending_write_drop(&new);
	return rc;
}

static void make(struct journal *j)
{
	struct err e;

	assert_int_equal(pending_write_start(j, "p", MADE_SEED, 0,
					     slice_str(run),
					     slice_str("[\"id\"]"), &e),
			 0);
	for (size_t k = 0; k < COUNT_OF(cases); k++) {
		struct intent i = intent(k);

		pending_write_add(j, &i);
		if (k != 1)
			assert_int_equal(journal_flush(j, false, &e), 0);
	}
}

static void reads_what_was_added(void **state)
{
	struct journal j;
	struct pending p;
	struct err e;

	(void)state;
	scratch_enter();
	make(&j);
	assert_int_equal(pending_read(&p, "p", &e), 1);
	assert_true(slice_is(p.run, run));
	assert_true(slice_is(p.columns, "[\"id\"]"));
	assert_int_equal(p.seed, MADE_SEED);
	assert_int_equal(p.n, COUNT_OF(cases));
	assert_int_equal(p.valid, made_size("p"));
	for (size_t k = 0; k < p.n; k++) {
		struct intent i = intent(k), x = made_pending(&p, k);

		same(&x, &i);
		assert_string_equal(pending_word(x.action), cases[k].word);
	}
	pending_clear(&p);
	pending_clear(&p);
	journal_close(&j);
	scratch_leave();
}

static void reads_a_file_without_intents(void **state)
{
	struct journal j;
	struct pending p;
	struct err e;
	char longest[65];

	(void)state;
	scratch_enter();
	assert_int_equal(pending_read(&p, "p", &e), 0);
	memset(longest, 'r', 64);
	longest[64] = '\0';
	assert_int_equal(pending_write_start(&j, "p", 1, 0, slice_str(longest),
					     slice_str(""), &e),
			 0);
	journal_close(&j);
	assert_int_equal(pending_read(&p, "p", &e), 1);
	assert_true(slice_is(p.run, longest));
	assert_int_equal(p.columns.n, 0);
	assert_int_equal(p.n, 0);
	pending_clear(&p);
	scratch_leave();
}

static bool parses(const char *p, size_t n)
{
	struct slice list = slice_of(p, n);
	struct intent i;
	int rc = pending_parse(&list, &i);

	assert_true(rc == 1 || rc == -1);
	if (rc > 0)
		assert_int_equal(list.n, 0);
	return rc > 0;
}

static void refuses_lengths_beyond_the_frame(void **state)
{
	struct intent i = intent(0);
	struct buf b = {0};
	char *copy;
	uint32_t bits, n;
	const size_t at_kept = sizeof(struct intent_record);

	(void)state;
	i.kept = "\"kept\"";
	i.kept_n = 6;
	i.keep_sum = 1;
	pending_write_record(&b, &i);
	assert_true(parses(b.p, b.n));
	/* whatever is truncated: a copy, so that a sanitiser sees its end */
	for (size_t k = 1; k < b.n; k++) {
		copy = mem_resize(NULL, k);
		memcpy(copy, b.p, k);
		if (parses(copy, k))
			fail_msg("cut after %zu of %zu bytes", k, b.n);
		free(copy);
	}
	/* no text, and the largest lengths */
	copy = b.p + offsetof(struct intent_record, bits);
	memcpy(&bits, copy, sizeof(bits));
	for (uint32_t text_n = 0; text_n < 2; text_n++) {
		n = (bits & ((1u << INTENT_LENGTH) - 1)) |
		    (text_n ? UINT32_MAX << INTENT_LENGTH : 0);
		memcpy(copy, &n, sizeof(n));
		assert_false(parses(b.p, b.n));
	}
	memcpy(copy, &bits, sizeof(bits));
	for (n = UINT32_MAX; n > UINT32_MAX - 9; n--) {
		memcpy(b.p + at_kept, &n, sizeof(n));
		assert_false(parses(b.p, b.n));
	}
	buf_clear(&b);
	/* without values, cut in its text */
	i.text = "\"0123456789\"";
	i.text_n = 12;
	i.kept_n = i.keep_sum = 0;
	pending_write_record(&b, &i);
	assert_true(parses(b.p, b.n));
	assert_false(parses(b.p, b.n - 1));
	buf_clear(&b);
}

static void puts_all_before_the_last_mark_in_doubt(void **state)
{
	const struct intent later = made_intent("8", 1, PENDING_INSERT, 1);
	struct intent first, last;
	struct journal j;
	struct pending p;
	struct err e;

	(void)state;
	scratch_enter();
	make(&j);
	assert_int_equal(pending_write_mark(&j, &e), 0);
	pending_write_add(&j, &later);
	assert_int_equal(journal_flush(&j, true, &e), 0);
	journal_close(&j);
	assert_int_equal(pending_read(&p, "p", &e), 1);
	assert_int_equal(p.n, COUNT_OF(cases) + 1);
	for (size_t k = 0; k < p.n; k++)
		assert_int_equal(made_pending(&p, k).doubt,
				 k < COUNT_OF(cases));
	first = made_pending(&p, 0);
	last = made_pending(&p, 4);
	/* doubt outlives a replacement */
	assert_int_equal(replace(&p, (const struct intent *[]){&first, &last},
				 2, "p", &e),
			 0);
	pending_clear(&p);
	assert_int_equal(pending_read(&p, "p", &e), 1);
	assert_true(made_pending(&p, 0).doubt);
	assert_false(made_pending(&p, 1).doubt);
	pending_clear(&p);
	scratch_leave();
}

static void drops_intents_of_a_cut_frame(void **state)
{
	struct journal j;
	struct pending p;
	struct err e;

	(void)state;
	scratch_enter();
	make(&j);
	journal_close(&j);
	assert_int_equal(truncate("p", (off_t)made_size("p") - 1), 0);
	assert_int_equal(pending_read(&p, "p", &e), 1);
	assert_int_equal(p.n, COUNT_OF(cases) - 1);
	assert_true(p.valid < made_size("p"));
	pending_clear(&p);
	scratch_leave();
}

static void keeps_the_open_ones_in_a_new_file(void **state)
{
	struct journal j;
	struct pending p, q;
	struct intent kept, again;
	struct err e;

	(void)state;
	scratch_enter();
	make(&j);
	journal_close(&j);
	assert_int_equal(pending_read(&p, "p", &e), 1);
	kept = made_pending(&p, 2);
	assert_int_equal(
		replace(&p, (const struct intent *[]){&kept}, 1, "p", &e), 0);
	assert_int_equal(pending_read(&q, "p", &e), 1);
	assert_int_equal(q.n, 1);
	again = made_pending(&q, 0);
	same(&again, &kept);
	assert_true(slice_is(q.run, run));
	assert_true(slice_is(q.columns, "[\"id\"]"));
	assert_int_equal(q.seed, p.seed);
	pending_clear(&q);
	assert_int_equal(replace(&p, NULL, 0, "p", &e), 0);
	assert_string_equal(scratch_text("p"), "-");
	assert_int_equal(replace(&p, NULL, 0, "p", &e), 0);
	assert_int_equal(
		replace(&p, (const struct intent *[]){&kept}, 1, "no/p", &e),
		-1);
	assert_int_equal(e.kind, ERR_CREATE);
	pending_clear(&p);
	scratch_leave();
}

/* Foreign frames that fit their checksums. */
static void refuses_frames_that_make_no_sense(void **state)
{
	static const struct {
		const char *label;
		uint64_t type;
		uint32_t text_n;
		unsigned char action;
		size_t n; /* bytes of the frame */
	} bad[] = {
		{"an unknown type", 9, 1, 0, 57},
		{"a short type", 2, 1, 0, 7},
		{"a short record", 2, 1, 0, 55},
		{"text beyond the frame", 2, 2, 0, 57},
		{"text far beyond", 2, UINT32_MAX, 0, 57},
		{"a key without text", 2, 0, 0, 56},
		{"an unknown action", 2, 1, 4, 57},
		{"a rest", 2, 1, 0, 58},
		{"a short record of format 2", 3, 1, 0, 57},
		{"a short record of today", 5, 1, 0, 72},
		{"notes without their attempt", 4, 0, 0, 39},
		{"a short note", 4, 0, 0, 41},
	};

	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(bad); k++) {
		unsigned char frame[80] = {0};
		struct pending p;
		struct journal j;
		struct err e;

		memcpy(frame, &bad[k].type, 8);
		memcpy(frame + 44, &bad[k].text_n, 4);
		frame[48] = bad[k].action;
		frame[56] = '7';
		assert_int_equal(pending_write_start(&j, "p", 1, 0,
						     slice_str(run),
						     slice_str("[\"id\"]"), &e),
				 0);
		buf_add(journal_frame(&j), frame, bad[k].n);
		assert_int_equal(journal_flush(&j, false, &e), 0);
		journal_close(&j);
		if (pending_read(&p, "p", &e) != -1)
			fail_msg("%s", bad[k].label);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_string_equal(
			e.text, bad[k].type == 9
					? "'p' is damaged, or was written by a "
					  "newer rudder-diff; see 'damaged "
					  "state' in rudder-sync(7)"
					: "'p' is damaged; see 'damaged "
					  "state' in rudder-sync(7)");
		pending_clear(&p);
	}
	scratch_leave();
}

static void refuses_a_head_that_is_short(void **state)
{
	struct pending p;
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(
		journal_create(&j, "p", "RudPend", slice_str("short"), &e), 0);
	journal_close(&j);
	assert_int_equal(pending_read(&p, "p", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	pending_clear(&p);
	scratch_leave();
}

static void gives_each_change_an_id_of_its_own(void **state)
{
	struct intent base = made_intent("7", 1, PENDING_UPDATE, 5);
	struct intent other[6];
	struct hash id = pending_id(&base, 1);

	(void)state;
	for (size_t k = 0; k < COUNT_OF(other); k++)
		other[k] = base;
	/* what makes no other change */
	other[0].doubt = true;
	other[0].text = "8";
	other[0].line = 6;
	assert_true(hash_eq(pending_id(&other[0], 1), id));
	other[1].version = 2;
	other[2].action = PENDING_INSERT;
	other[3].row.hi = 1;
	other[4].key.lo ^= 1;
	other[5].row.lo ^= 1;
	for (size_t k = 1; k < COUNT_OF(other); k++)
		assert_false(hash_eq(pending_id(&other[k], 1), id));
	assert_false(hash_eq(pending_id(&base, 2), id));
}

static void gives_uuids_of_version_8(void **state)
{
	(void)state;
	for (uint32_t v = 0; v < 64; v++) {
		struct intent i = made_intent("7", v, PENDING_UPDATE, 5);
		struct hash id = pending_id(&i, MADE_SEED);
		char hex[33] = {0};

		pending_hex(id, hex);
		assert_int_equal(strspn(hex, "0123456789abcdef"), 32);
		assert_int_equal(hex[12], '8');
		assert_non_null(strchr("89ab", hex[16]));
		assert_true(hash_eq(pending_unhex(hex), id));
	}
}

/* The salt of a file is in all ids of it, and goes on with what stays open. */
static void salts_the_ids_of_a_file(void **state)
{
	static const uint64_t salts[] = {0, 1, UINT64_MAX};
	struct intent i = made_intent("7", 1, PENDING_UPDATE, 5);
	const struct intent *const open[] = {&i};

	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(salts); k++) {
		struct pending p, q;
		struct journal j;
		struct err e;

		assert_int_equal(pending_write_start(&j, "p", MADE_SEED,
						     salts[k], slice_str(run),
						     slice_str("[\"id\"]"), &e),
				 0);
		pending_write_add(&j, &i);
		assert_int_equal(journal_flush(&j, false, &e), 0);
		journal_close(&j);
		assert_int_equal(pending_read(&p, "p", &e), 1);
		assert_int_equal(p.seed, MADE_SEED);
		assert_int_equal(p.ids, MADE_SEED ^ salts[k]);
		assert_true(slice_is(p.run, run));
		assert_int_equal(replace(&p, open, 1, "q", &e), 0);
		assert_int_equal(pending_read(&q, "q", &e), 1);
		assert_int_equal(q.ids, p.ids);
		pending_clear(&p);
		pending_clear(&q);
	}
	scratch_leave();
}

/* What a later run adds has a salt of its own, and keeps it. */
static void salts_what_is_added(void **state)
{
	struct intent i[] = {made_intent("7", 1, PENDING_UPDATE, 5),
			     made_intent("8", 1, PENDING_DELETE, 6)};
	const struct intent *const open[] = {&i[0], &i[1]};
	struct intent_set ids;
	struct pending p;
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	i[1].salt = 0x1234567890abcdef;
	i[1].kept = "{}";
	i[1].kept_n = 2;
	assert_int_equal(pending_write_start(&j, "p", MADE_SEED, 3,
					     slice_str(run),
					     slice_str("[\"id\"]"), &e),
			 0);
	pending_write_add(&j, &i[0]);
	pending_write_add(&j, &i[1]);
	assert_int_equal(journal_flush(&j, false, &e), 0);
	journal_close(&j);
	for (size_t again = 0; again < 2; again++) {
		assert_int_equal(pending_read(&p, "p", &e), 1);
		assert_int_equal(intent_set_load(&ids, "p", &e), 0);
		assert_int_equal(p.n, COUNT_OF(i));
		for (size_t k = 0; k < COUNT_OF(i); k++) {
			struct hash id = pending_id(&i[k], MADE_SEED ^ 3);
			const struct intent x = made_pending(&p, k);

			assert_int_equal(x.salt, i[k].salt);
			assert_int_equal(x.kept_n, i[k].kept_n);
			assert_true(hash_eq(pending_id(&x, p.ids), id));
			assert_true(intent_set_has(&ids, id.hi));
		}
		intent_set_clear(&ids);
		assert_int_equal(replace(&p, open, 2, "p", &e), 0);
		pending_clear(&p);
	}
	scratch_leave();
}

/* rudder-send looks changes up, of whatever number. */
static void gives_the_ids_of_any_number_of_changes(void **state)
{
	enum { MANY = 5000 };
	struct intent i = made_intent("7", 1, PENDING_UPDATE, 5);
	struct intent_set ids;
	struct pending p;
	struct journal j;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(pending_write_start(&j, "p", MADE_SEED, 3,
					     slice_str(run),
					     slice_str("[\"id\"]"), &e),
			 0);
	for (uint32_t v = 1; v <= MANY; v++) {
		i.version = v;
		pending_write_add(&j, &i);
	}
	assert_int_equal(journal_flush(&j, false, &e), 0);
	journal_close(&j);
	assert_int_equal(pending_open(&p, "p", &e), 1);
	assert_int_equal(intent_set_load(&ids, "p", &e), 0);
	assert_int_equal(ids.n, MANY);
	assert_true(ids.n <= ids.size);
	for (uint32_t v = 1; v <= MANY; v++) {
		i.version = v;
		assert_true(
			intent_set_has(&ids, pending_id(&i, MADE_SEED ^ 3).hi));
	}
	intent_set_clear(&ids);
	pending_clear(&p);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_ids_of_any_number_of_changes),
		cmocka_unit_test(reads_what_was_added),
		cmocka_unit_test(reads_a_file_without_intents),
		cmocka_unit_test(refuses_lengths_beyond_the_frame),
		cmocka_unit_test(puts_all_before_the_last_mark_in_doubt),
		cmocka_unit_test(drops_intents_of_a_cut_frame),
		cmocka_unit_test(keeps_the_open_ones_in_a_new_file),
		cmocka_unit_test(refuses_frames_that_make_no_sense),
		cmocka_unit_test(refuses_a_head_that_is_short),
		cmocka_unit_test(gives_each_change_an_id_of_its_own),
		cmocka_unit_test(gives_uuids_of_version_8),
		cmocka_unit_test(salts_the_ids_of_a_file),
		cmocka_unit_test(salts_what_is_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
