/* test_sample.c - unit tests of diff/state/sample.h */
#include "cmocka_all.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/reader.h"
#include "diff/state/sample.h"
#include "made.h"

enum { KEYS = 3000, SEED = 5 };

static struct hash hash_of(uint64_t i, uint64_t what)
{
	uint64_t of[2] = {i, what};

	return hash_bytes(of, sizeof(of), 1);
}

/* The row of a key, as a run gives it: json has # for the key. */
static void take(struct sample *s, int key, const char *json, uint64_t was)
{
	struct buf line = {0};

	for (const char *p = json; *p; p++) {
		if (*p == '#')
			buf_uint(&line, (uint64_t)key);
		else
			buf_char(&line, *p);
	}
	memset(buf_room(&line, READER_PAD), 0, READER_PAD);
	if (sample_wants(s, hash_of((uint64_t)key, 0)))
		sample_line(s, hash_of((uint64_t)key, 0),
			    hash_of((uint64_t)key, 1).hi, was, buf_all(&line));
	buf_clear(&line);
}

/* A snapshot of n keys, all as take has given them. */
static void build(struct snapshot *s, size_t n)
{
	struct snapshot_row *row = mem_zero(n * sizeof(*row));

	*s = (struct snapshot){.seed = SEED};
	for (size_t i = 0; i < n; i++)
		row[i] = (struct snapshot_row){.key = hash_of(i, 0),
					       .mark.content = hash_of(i, 1).hi,
					       .text = "x",
					       .text_n = 1};
	snapshot_order(row, n);
	made_snapshot(s, row, n);
	free(row);
}

/* Whether a note has an entry of the key: it has its bytes. */
static bool holds(struct slice note, struct hash key)
{
	return memmem(note.p, note.n, &key, sizeof(key)) != NULL;
}

static void note_of(struct buf *note, const struct snapshot *old, int from,
		    int step, const char *json)
{
	struct sample *s = sample_new(old, NULL, NULL, SEED);

	for (int i = 0; i < KEYS; i++)
		take(s, (from + i * step) % KEYS, json, 0);
	note->n = 0;
	sample_note(s, note);
	sample_free(s);
}

static const char plain[] = "{\"id\":#,\"a\":1,\"b\":\"x\"}";

static void is_the_same_for_a_set_of_keys(void **state)
{
	struct snapshot none = {0}, old;
	struct buf a = {0}, b = {0};

	(void)state;
	note_of(&a, &none, 0, 1, plain);
	assert_int_equal(a.n, 16 + (4 + 4) + 2 * (4 + 3) +
				      SAMPLE_ROWS * (24 + 3 * 2));
	note_of(&b, &none, 17, 7, "{\"id\":#, \"\\u0061\":1e0,\"b\":\"x\"}");
	assert_true(slice_eq(buf_all(&a), buf_all(&b)));
	build(&old, KEYS);
	note_of(&b, &old, 5, 11, plain);
	assert_true(slice_eq(buf_all(&a), buf_all(&b)));
	old.note[SNAPSHOT_SAMPLE] = buf_all(&a);
	b.n = 0;
	/* of another order of columns, those of the note are kept */
	note_of(&b, &old, 5, 11, "{\"b\":\"x\",\"id\":#,\"a\":1}");
	assert_true(slice_eq(buf_all(&a), buf_all(&b)));
	for (int i = 0; i < SAMPLE_ROWS; i++)
		assert_true(holds(buf_all(&a), old.hot[i].key));
	assert_false(holds(buf_all(&a), old.hot[SAMPLE_ROWS].key));
	snapshot_clear(&old);
	buf_clear(&a);
	buf_clear(&b);
}

static void says_what_differs(void **state)
{
	struct sample_change change[SAMPLE_COLUMNS];
	struct snapshot none = {0}, old;
	struct buf note = {0};
	struct sample *s;

	(void)state;
	note_of(&note, &none, 0, 1, plain);
	build(&old, KEYS);
	old.note[SNAPSHOT_SAMPLE] = buf_all(&note);
	s = sample_new(&old, NULL, NULL, SEED);
	/* half of them are updates of the row that the sample has, of the
	 * others it has another one
	 */
	for (int i = 0; i < KEYS; i++)
		take(s, i,
		     i % 2 ? "{\"id\":#,\"a\":2,\"c\":null}"
			   : "{\"id\":#,\"b\":\"y\"}",
		     hash_of((uint64_t)i, i % 2 ? 1 : 2).hi);
	assert_in_range(sample_compare(s, change), 80, 176);
	assert_int_equal(s->columns, 4);
	assert_true(slice_is(sample_name(s, 3), "\"c\""));
	for (size_t c = 1; c < 4; c++) {
		assert_int_equal(change[c].differs, sample_compare(s, change));
		assert_int_equal(change[c].new, c == 3 ? change[c].differs : 0);
		assert_int_equal(change[c].gone,
				 c == 2 ? change[c].differs : 0);
	}
	assert_int_equal(change[0].differs, 0);
	sample_free(s);
	snapshot_clear(&old);
	buf_clear(&note);
}

static void carries_over_what_did_not_come(void **state)
{
	struct snapshot none = {0}, old;
	struct buf note = {0}, next = {0};
	struct sample *s;

	(void)state;
	note_of(&note, &none, 0, 1, plain);
	build(&old, KEYS);
	old.note[SNAPSHOT_SAMPLE] = buf_all(&note);
	s = sample_new(&old, NULL, NULL, SEED);
	sample_note(s, &next);
	assert_true(slice_eq(buf_all(&note), buf_all(&next)));
	sample_free(s);
	/* but a key that is deleted, and one of another row */
	s = sample_new(&old, NULL, NULL, SEED);
	sample_drop(s, old.hot[3].key);
	((struct snapshot_hot *)(uintptr_t)old.hot)[5].mark.content++;
	next.n = 0;
	sample_note(s, &next);
	assert_int_equal(next.n, note.n - (size_t)2 * (24 + 3 * 2));
	assert_false(holds(buf_all(&next), old.hot[3].key));
	assert_true(holds(buf_all(&next), old.hot[4].key));
	assert_false(holds(buf_all(&next), old.hot[5].key));
	sample_free(s);
	snapshot_clear(&old);
	buf_clear(&note);
	buf_clear(&next);
}

static void forgets_a_key(void **state)
{
	struct snapshot none = {0}, old;
	struct buf note = {0}, left = {0};
	struct snapshot_row row = {.gone = true};

	(void)state;
	note_of(&note, &none, 0, 1, plain);
	build(&old, KEYS / 2); /* half of the entries are of no key in it */
	row.key = old.hot[0].key;
	assert_true(holds(buf_all(&note), row.key));
	sample_but(buf_all(&note), &old, &row, 1, &left);
	assert_false(holds(buf_all(&left), row.key));
	assert_true(holds(buf_all(&left), old.hot[1].key));
	assert_in_range((note.n - left.n) / (24 + 3 * 2), 81, 175);
	note.n = 0;
	sample_but(buf_all(&left), &old, NULL, 0, &note);
	assert_true(slice_eq(buf_all(&left), buf_all(&note)));
	snapshot_clear(&old);
	buf_clear(&note);
	buf_clear(&left);
}

static void bounds_its_columns(void **state)
{
	struct snapshot none = {0}, old;
	struct sample_change change[SAMPLE_COLUMNS];
	struct buf note = {0};
	struct sample *s;

	(void)state;
	note_of(&note, &none, 0, 1,
		"{\"id\":#,\"c#\":1,\"d#\":1,"
		"\"e#\":1,\"f#\":1,\"g#\":1}");
	assert_true(note.n < 16 + SAMPLE_COLUMNS * 16 +
				     SAMPLE_ROWS * (24 + 2 * SAMPLE_COLUMNS));
	build(&old, KEYS);
	old.note[SNAPSHOT_SAMPLE] = buf_all(&note);
	/* what there was no room for is not new */
	s = sample_new(&old, NULL, NULL, SEED);
	for (int i = 0; i < KEYS; i++)
		take(s, i, "{\"id\":#,\"new\":1}", hash_of((uint64_t)i, 1).hi);
	assert_int_equal(sample_compare(s, change), SAMPLE_ROWS);
	for (size_t c = 0; c < s->columns; c++)
		assert_int_equal(change[c].new, 0);
	sample_free(s);
	snapshot_clear(&old);
	buf_clear(&note);
}

static void takes_no_forged_note(void **state)
{
	struct snapshot none = {0}, old;
	struct buf note = {0}, left = {0};

	(void)state;
	note_of(&note, &none, 0, 1, plain);
	build(&old, KEYS);
	for (size_t i = 0; i < 64 * 8; i++) {
		struct buf forged = {0};
		struct sample *s;

		buf_slice(&forged, buf_all(&note));
		forged.p[i / 8] ^= (char)(1 << (i % 8));
		old.note[SNAPSHOT_SAMPLE] = buf_all(&forged);
		s = sample_new(&old, NULL, NULL, SEED);
		left.n = 0;
		sample_note(s, &left);
		sample_free(s);
		left.n = 0;
		sample_but(buf_all(&forged), &old, NULL, 0, &left);
		buf_clear(&forged);
	}
	for (size_t n = 0; n < note.n; n += 1 + n / 50) {
		left.n = 0;
		sample_but(slice_of(note.p, n), &old, NULL, 0, &left);
		assert_int_equal(left.n, 0);
	}
	snapshot_clear(&old);
	buf_clear(&note);
	buf_clear(&left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_same_for_a_set_of_keys),
		cmocka_unit_test(says_what_differs),
		cmocka_unit_test(carries_over_what_did_not_come),
		cmocka_unit_test(forgets_a_key),
		cmocka_unit_test(bounds_its_columns),
		cmocka_unit_test(takes_no_forged_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
