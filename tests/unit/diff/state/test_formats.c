/* test_formats.c - the state files of tests/state are read for ever
 *
 * tests/cli/diff/formats.sh says how they were made, and that today's files
 * are still those of the newest folder.
 */
#include "cmocka_all.h"

#include "diff/keys/key.h"
#include "diff/state/apply.h"
#include "made.h"
#include "wire/state/cursor.h"

static const char *const names[] = {"snapshot", "pending", "answers"};

static const char *const formats[] = {"v1", "v2", "v3", "v4", "v5", "v6"};

static char top[3072];
static char frozen[4096]; /* the folder of one format */

/* A state "st" with these files. */
static void thaw(struct state *s)
{
	struct err e;

	assert_int_equal(state_open(s, "st", true, &e), 0);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf path = {0}, b = {0}, to = {0};

		buf_fmt(&path, "%s/%s", frozen, names[i]);
		buf_fmt(&to, "st/%s", names[i]);
		if (file_read(buf_cstr(&path), 65536, &b, &e) < 0)
			fail_msg("%s", e.text);
		scratch_file(buf_cstr(&to), "");
		made_patch(buf_cstr(&to), 0, b.p, b.n);
		buf_clear(&path);
		buf_clear(&to);
		buf_clear(&b);
	}
}

static void is_hex(struct hash h, const char *want)
{
	char hex[33] = {0};

	pending_hex(h, hex);
	assert_string_equal(hex, want);
}

static bool is_format(const char *name)
{
	return strstr(frozen, name) != NULL;
}

/* The content of a mark is the first half of the hash of the row. What older
 * formats have in the place of its line is invalid.
 */
static void is_mark(struct row_hash m, const char *row, const char *line)
{
	char hex[33] = {0};

	pending_hex((struct hash){m.content, m.line}, hex);
	assert_memory_equal(hex, row, 16);
	assert_string_equal(hex + 16, is_format("/v1") || is_format("/v2")
					      ? "0000000000000000"
					      : line);
}

static const struct {
	const char *text;
	uint32_t version;
	const char *row, *line;
} delivered[] = {
	{"[\"de\",1]", 1, "6fedaf6ab7887fbcc09193b2d8cd1382",
	 "802bb69a4e8dbd48"},
	{"[\"de\",2]", 1, "9f056c2f532fc8580cb8a8963862081d",
	 "598dbe671d075247"},
	{"[\"fr\",1]", 1, "a48358cbb2fa7d40493e72c6daa8bcc0",
	 "5831365fa20c7a52"},
};

static const struct {
	const char *text, *word, *row, *line, *change;
	bool doubt;
} intents[] = {
	{"[\"de\",1]", "update", "63cac21585b86df49c5897680e381cd1",
	 "ea06f4e4f460cb2b", "7e2c463a4d9d8b818195e458a58e098a", true},
	{"[\"fr\",\"x\\\"y\"]", "insert", "bdf609000cc9c22a00adbd672d427ee8",
	 "52fc3e5dec635d96", "cc27511c01fe8a38b54eae4006042219", true},
	{"[\"de\",2]", "delete", "00000000000000000000000000000000",
	 "0000000000000000", "f611be42ce178023a670574cd86971f5", false},
};

static void reads_a_snapshot(void **state)
{
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	thaw(&s);
	assert_int_equal(state_load(&s, &e), 0);
	assert_int_equal(s.generation, 1);
	assert_int_equal(s.snapshot.n, COUNT_OF(delivered));
	for (size_t i = 0; i < COUNT_OF(delivered); i++) {
		const char *text = delivered[i].text;
		int64_t at = snapshot_find(
			&s.snapshot, hash_bytes(text, strlen(text), s.seed));

		assert_true(at >= 0);
		assert_true(
			slice_is(snapshot_text(&s.snapshot, (size_t)at), text));
		assert_int_equal(s.snapshot.cold[at].version,
				 delivered[i].version);
		is_mark(snapshot_mark(&s.snapshot, (size_t)at),
			delivered[i].row, delivered[i].line);
	}
	state_close(&s);
	scratch_leave();
}

static void reads_the_key_columns(void **state)
{
	struct state s;
	struct key k;
	struct err e;

	(void)state;
	scratch_enter();
	thaw(&s);
	assert_int_equal(state_load(&s, &e), 0);
	assert_true(slice_is(s.columns, "[\"country\",\"id\"]"));
	assert_int_equal(key_from_json(&k, s.columns, &e), 0);
	assert_int_equal(k.n, 2);
	key_clear(&k);
	state_close(&s);
	scratch_leave();
}

static void reads_intents(void **state)
{
	struct state s;
	struct intent plain;
	struct err e;
	bool salted;

	(void)state;
	scratch_enter();
	thaw(&s);
	assert_int_equal(state_load(&s, &e), 0);
	assert_true(s.resumed);
	assert_true(slice_is(s.pending.run, "r0000000000000000001"));
	assert_int_equal(s.pending.n, COUNT_OF(intents));
	/* up to v4 files had no salt, and keep their ids; from v5 on the delete
	 * is of a later run than the others
	 */
	salted = is_format("/v5") || is_format("/v6");
	assert_int_equal(s.pending.ids == s.seed, !salted);
	for (size_t i = 0; i < COUNT_OF(intents); i++) {
		const struct intent x = made_pending(&s.pending, i);

		assert_true(
			slice_is(slice_of(x.text, x.text_n), intents[i].text));
		assert_true(
			hash_eq(x.key, hash_bytes(x.text, x.text_n, s.seed)));
		assert_string_equal(pending_word(x.action), intents[i].word);
		assert_int_equal(x.version, 1);
		assert_int_equal(x.doubt, intents[i].doubt);
		is_hex(x.row, intents[i].row);
		is_mark((struct row_hash){x.row.hi, x.line}, intents[i].row,
			intents[i].line);
		assert_int_equal(x.salt != 0, salted && i == 2);
		plain = x;
		plain.salt = 0;
		is_hex(pending_id(&plain, s.seed), intents[i].change);
	}
	state_close(&s);
	scratch_leave();
}

/* The update was accepted, of two events of the insert one, the delete was
 * refused.
 */
static void works_answers_in(void **state)
{
	struct state s;
	struct intent last;
	struct err e;
	int64_t at;

	(void)state;
	scratch_enter();
	thaw(&s);
	assert_int_equal(apply_left(&s, &e), 0);
	assert_int_equal(state_load(&s, &e), 0);
	assert_int_equal(s.snapshot.n, COUNT_OF(delivered));
	at = snapshot_find(&s.snapshot,
			   hash_bytes(delivered[0].text,
				      strlen(delivered[0].text), s.seed));
	assert_true(at >= 0);
	assert_int_equal(s.snapshot.cold[at].version, 2);
	is_mark(snapshot_mark(&s.snapshot, (size_t)at), intents[0].row,
		intents[0].line);
	assert_int_equal(s.pending.n, 1);
	last = made_pending(&s.pending, 0);
	is_hex(pending_id(&last, s.seed), intents[1].change);
	state_close(&s);
	scratch_leave();
}

static uint32_t version_of(const char *path)
{
	int fd = open(path, O_RDONLY);
	uint32_t v;

	assert_int_equal(pread(fd, &v, sizeof(v), 8), sizeof(v));
	close(fd);
	return v;
}

/* What was kept of the first row, before and after its update. */
static void reads_what_was_kept(void **state)
{
	bool first = is_format("/v1");
	struct state s;
	struct err e;
	int64_t at;

	(void)state;
	scratch_enter();
	thaw(&s);
	assert_int_equal(state_load(&s, &e), 0);
	at = snapshot_find(&s.snapshot, made_pending(&s.pending, 0).key);
	assert_true(at >= 0);
	assert_true(slice_is(s.snapshot.note[SNAPSHOT_KEEP], first ? "" : "v"));
	assert_true(slice_is(snapshot_kept(&s.snapshot, (size_t)at),
			     first ? "" : "{\"v\":\"a\"}"));
	state_unload(&s);
	assert_int_equal(apply_left(&s, &e), 0);
	assert_int_equal(state_load(&s, &e), 0);
	at = snapshot_find(&s.snapshot, hash_bytes("[\"de\",1]", 8, s.seed));
	assert_true(at >= 0);
	assert_true(slice_is(snapshot_kept(&s.snapshot, (size_t)at),
			     first ? "" : "{\"v\":\"b\"}"));
	state_close(&s);
	scratch_leave();
}

/* tests/state/v6/more: of three keys one changed, one went, and one is new. */
static void reads_an_incremental_snapshot(void **state)
{
	static const struct {
		const char *text;
		uint32_t version;
	} want[] = {{"1", 1}, {"2", 2}, {"3", 0}, {"4", 2}};
	struct snapshot s;
	struct buf path = {0};
	struct err e;

	(void)state;
	buf_fmt(&path, "%s/tests/state/v6/more/snapshot", top);
	assert_int_equal(snapshot_open(&s, buf_cstr(&path), &e), 1);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.files, 2);
	assert_int_equal(s.generation, 2);
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		int64_t at =
			snapshot_find(&s, hash_bytes(want[i].text, 1, s.seed));

		assert_int_equal(at >= 0, want[i].version > 0);
		assert_true(at < 0 || snapshot_version(&s, (size_t)at) ==
					      want[i].version);
	}
	snapshot_clear(&s);
	buf_clear(&path);
}

static void refuses_a_newer_format_and_names_both(void **state)
{
	const uint32_t newer = 9;

	(void)state;
	scratch_enter();
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[32], want[64];
		struct state s;
		struct err e = {0};
		uint32_t is_now;

		thaw(&s);
		snprintf(path, sizeof(path), "st/%s", names[i]);
		is_now = version_of(path);
		made_patch(path, 8, &newer, sizeof(newer));
		assert_int_equal(apply_left(&s, &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		snprintf(want, sizeof(want),
			 "/st/%s' has format 9; this rudder-diff supports "
			 "format",
			 names[i]);
		if (!strstr(e.text, want))
			fail_msg("%s", e.text);
		/* and nothing was touched, but for the lock of answers */
		made_patch(path, 8, &is_now, sizeof(is_now));
		assert_int_equal(apply_left(&s, &e), 0);
		state_close(&s);
	}
	scratch_leave();
}

static void reads_a_cursor(void **state)
{
	struct buf path = {0};
	struct cursor c;
	struct err e;

	(void)state;
	buf_fmt(&path, "%s/cursor", frozen);
	if (cursor_load(&c, buf_cstr(&path), &e) != 1)
		fail_msg("%s", e.text);
	assert_true(slice_is(c.column, "\"at\""));
	assert_true(slice_is(c.type, "\"datetime\""));
	assert_true(slice_is(c.value, "\"2024-01-03T10:00:00Z\""));
	assert_true(slice_is(c.by, "\"upsert//\""));
	assert_int_equal(c.generation, 1);
	cursor_clear(&c);
	buf_clear(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_snapshot),
		cmocka_unit_test(reads_the_key_columns),
		cmocka_unit_test(reads_intents),
		cmocka_unit_test(works_answers_in),
		cmocka_unit_test(reads_what_was_kept),
		cmocka_unit_test(reads_an_incremental_snapshot),
		cmocka_unit_test(reads_a_cursor),
		cmocka_unit_test(refuses_a_newer_format_and_names_both),
	};
	const char *given = getenv("TOP");
	int failed = 0;

	/* the files are of a machine with the lowest byte first */
	if (*(const char *)&(const int){1} != 1)
		return 77;
	if (given)
		snprintf(top, sizeof(top), "%s", given);
	else if (!getcwd(top, sizeof(top)))
		return 1;
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		snprintf(frozen, sizeof(frozen), "%s/tests/state/%s", top,
			 formats[i]);
		failed += cmocka_run_group_tests_name(formats[i], tests, NULL,
						      NULL);
	}
	return failed;
}
