/* test_same_identity.c - unit tests of diff/pass/same_identity.h */
#include "cmocka_all.h"

#include "diff/pass/same_identity.h"
#include "made.h"
#include "scratch.h"

enum { SHARED = 3, KEYS = 3000 };

static struct key key;
static struct identity identity;
static struct snapshot old;
static struct state known;

/* Key i has the identity i / SHARED. */
static void text_of(struct buf *b, unsigned i)
{
	b->n = 0;
	buf_fmt(b, "[%u,\"%u\"]", i, i / SHARED);
}

static struct hash hash_of(struct slice text)
{
	return hash_bytes(text.p, text.n, 1);
}

static int setup(void **state)
{
	static char texts[KEYS][32];
	static struct snapshot_row row[KEYS];
	struct buf b = {0};
	struct err e;

	(void)state;
	if (key_init(&key, "id", &e) < 0 || key_identify(&key, "email", &e) < 0)
		return -1;
	identity_init(&identity, &key, 1, 0, NULL);
	for (unsigned i = 0; i < KEYS; i++) {
		text_of(&b, i);
		memcpy(texts[i], b.p, b.n);
		row[i] = (struct snapshot_row){
			.key = hash_of(buf_all(&b)),
			.text = texts[i],
			.text_n = (uint32_t)b.n,
		};
	}
	snapshot_order(row, KEYS);
	made_snapshot(&old, row, KEYS);
	buf_clear(&b);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	snapshot_clear(&old);
	identity_clear(&identity);
	key_clear(&key);
	return 0;
}

/* How many keys have the identity of a text, and whether all are these. */
static unsigned found(const struct same_identity *x,
		      const struct same_identity_of *of, const char *text)
{
	struct same_identity_walk w = {0};
	struct hash got;
	unsigned n = 0;

	while (same_identity_next(x, of, &w, slice_str(text), &got)) {
		int64_t at = snapshot_find(&old, got);
		bool is;

		assert_true(at >= 0);
		assert_true(hash_eq(
			identity_hash(&identity,
				      snapshot_text(&old, (size_t)at), &is),
			identity_hash(&identity, slice_str(text), &is)));
		n++;
	}
	return n;
}

static void finds_all_keys_of_an_identity(void **state)
{
	struct same_identity_of of = {&identity, &old, &known, 0, "."};
	struct buf b = {0};

	(void)state;
	/* in memory, and in a file */
	for (; of.memory < 2; of.memory++) {
		struct same_identity x = {0};
		struct err e;

		assert_int_equal(same_identity_build(&x, &of, &e), 0);
		assert_int_equal(x.on_disk, of.memory > 0);
		for (unsigned i = 0; i < KEYS; i++) {
			text_of(&b, i);
			assert_int_equal(found(&x, &of, buf_cstr(&b)), SHARED);
		}
		/* of another row */
		assert_int_equal(found(&x, &of, "[\"new\",\"7\"]"), SHARED);
		/* whatever its type */
		assert_int_equal(found(&x, &of, "[\"new\",7]"), SHARED);
		assert_int_equal(found(&x, &of, "[1,\"other\"]"), 0);
		/* none */
		assert_int_equal(found(&x, &of, "[1,null]"), 0);
		same_identity_clear(&x);
		same_identity_clear(&x);
	}
	buf_clear(&b);
}

/* A table of rows with one identity does not take long. */
static void bounds_what_it_knows_of_one(void **state)
{
	static struct snapshot_row row[100000];
	static char texts[COUNT_OF(row)][16];
	struct same_identity_of of = {&identity, &old, &known, 0, "."};
	struct same_identity x = {0};
	struct snapshot all = {0}, was = old;
	struct buf b = {0};
	struct err e;
	unsigned n;

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(row); i++) {
		b.n = 0;
		buf_fmt(&b, "[%u,\"x\"]", i);
		memcpy(texts[i], b.p, b.n);
		row[i] = (struct snapshot_row){.key = hash_of(buf_all(&b)),
					       .text = texts[i],
					       .text_n = (uint32_t)b.n};
	}
	snapshot_order(row, COUNT_OF(row));
	made_snapshot(&all, row, COUNT_OF(row));
	old = all; /* found() looks there */
	assert_int_equal(same_identity_build(&x, &of, &e), 0);
	n = found(&x, &of, "[1,\"x\"]");
	assert_true(n > SHARED && n <= 64);
	old = was;
	same_identity_clear(&x);
	snapshot_clear(&all);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_all_keys_of_an_identity),
		cmocka_unit_test(bounds_what_it_knows_of_one),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
