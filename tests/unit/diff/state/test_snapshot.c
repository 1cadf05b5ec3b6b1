/* test_snapshot.c - unit tests of diff/state/snapshot.h */
#include "cmocka_all.h"

#include <signal.h>
#include <sys/resource.h>

#include "core/mem.h"
#include "diff/state/snapshot.h"
#include "made.h"

/* The key's text of number i, which lives to the end. */
static const char *text(size_t i)
{
	static char texts[30000][24];

	snprintf(texts[i], sizeof(texts[i]), "%zu", i);
	return texts[i];
}

/* Rows from..to in order, of this version, row hash i + version. */
static struct snapshot_row *rows(size_t from, size_t to, uint32_t version)
{
	struct snapshot_row *row = mem_zero((to - from + 1) * sizeof(*row));

	for (size_t i = from; i < to; i++)
		row[i - from] = made_row(text(i), version, i + version);
	snapshot_order(row, to - from);
	return row;
}

/* Put rows on top of the file "s", as generation g. */
static void put(const struct snapshot_row *row, size_t n, uint64_t g)
{
	struct snapshot old;
	struct err e;

	if (snapshot_open(&old, "s", &e) == 0) {
		old.seed = MADE_SEED;
		old.columns = slice_str("[\"id\"]");
	}
	assert_int_equal(snapshot_write(&old, row, n, g, "s", &e), 0);
	snapshot_clear(&old);
}

static void make(size_t n)
{
	struct snapshot_row *row = rows(0, n, 1);

	unlink("s");
	put(row, n, 2);
	free(row);
}

static void has(const struct snapshot *s, size_t i, uint32_t version)
{
	int64_t at = snapshot_find(s, made_key(text(i)));

	if (at < 0)
		fail_msg("no key %zu", i);
	snapshot_touch_index(s, made_key(text(i)));
	snapshot_touch(s, (const unsigned char *)"", made_key(text(i)));
	assert_true(slice_is(snapshot_text(s, (size_t)at), text(i)));
	assert_int_equal(s->cold[at].version, version);
	assert_int_equal(s->hot[at].mark.content, i + version);
}

static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 8, 9, 100, 5000, 30000};

static void finds_all_that_was_written(void **state)
{
	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(sizes); k++) {
		struct snapshot s;
		struct err e;

		make(sizes[k]);
		assert_int_equal(snapshot_open(&s, "s", &e), 1);
		assert_int_equal(s.n, sizes[k]);
		assert_int_equal(s.seed, MADE_SEED);
		assert_int_equal(s.generation, 2);
		assert_true(slice_is(s.columns, "[\"id\"]"));
		for (size_t i = 0; i < sizes[k]; i++)
			has(&s, i, 1);
		assert_int_equal(snapshot_find(&s, made_key("x")), -1);
		assert_int_equal(snapshot_find(&s, (struct hash){0}), -1);
		assert_int_equal(
			snapshot_find(&s, (struct hash){UINT64_MAX, 1}), -1);
		for (size_t i = 1; i < s.n; i++)
			assert_int_equal(
				hash_order(s.hot[i - 1].key, s.hot[i].key), -1);
		snapshot_clear(&s);
		snapshot_clear(&s);
	}
	scratch_leave();
}

static void is_found_in_memory_as_in_a_file(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT_OF(sizes); k++) {
		struct snapshot_row *row = rows(0, sizes[k], 3);
		struct snapshot s = {0};

		made_snapshot(&s, row, sizes[k]);
		free(row);
		assert_int_equal(s.n, sizes[k]);
		for (size_t i = 0; i < sizes[k]; i++)
			has(&s, i, 3);
		assert_int_equal(snapshot_find(&s, made_key("x")), -1);
		snapshot_clear(&s);
	}
}

/* As no hash would spread them: the guess where a key is, is far off. */
static void finds_keys_that_lie_close(void **state)
{
	static const uint64_t first[] = {0, 1, 1000, UINT64_MAX / 2,
					 UINT64_MAX - 99};
	struct snapshot_row row[100];

	(void)state;
	for (size_t k = 0; k < COUNT_OF(first); k++) {
		struct snapshot s = {0};

		for (size_t i = 0; i < 100; i++) {
			row[i] = made_row(text(i), 1, i + 1);
			row[i].key.hi = first[k] + (i < 60 ? i / 4 : i);
			row[i].key.lo = i * 2;
		}
		made_snapshot(&s, row, 100);
		for (size_t i = 0; i < 100; i++) {
			struct hash key = row[i].key;

			assert_int_equal(snapshot_find(&s, key), i);
			key.lo++;
			assert_int_equal(snapshot_find(&s, key), -1);
			key.lo = UINT64_MAX;
			assert_int_equal(snapshot_find(&s, key), -1);
		}
		snapshot_clear(&s);
	}
}

static void knows_no_key_when_there_is_no_file(void **state)
{
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(snapshot_open(&s, "s", &e), 0);
	assert_int_equal(s.n, 0);
	assert_int_equal(snapshot_find(&s, made_key("1")), -1);
	snapshot_touch_index(&s, made_key("1"));
	snapshot_touch(&s, NULL, made_key("1"));
	snapshot_clear(&s);
	assert_int_equal(snapshot_open(&s, ".", &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	snapshot_clear(&s);
	scratch_leave();
}

static void puts_in_and_takes_out(void **state)
{
	struct snapshot_row *row;
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	make(100);
	/* 50 to 100 become newer, 100 to 150 are new */
	row = rows(50, 150, 2);
	put(row, 100, 3);
	free(row);
	/* 20 to 30 go, as do some that are not there */
	row = rows(20, 30, 0);
	for (size_t i = 0; i < 10; i++)
		row[i].gone = true;
	put(row, 10, 4);
	put(row, 10, 5);
	free(row);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(s.n, 140);
	assert_int_equal(s.generation, 5);
	assert_true(slice_is(s.columns, "[\"id\"]"));
	for (size_t i = 0; i < 150; i++) {
		if (i < 20 || i >= 30)
			has(&s, i, i < 50 ? 1 : 2);
		else
			assert_int_equal(snapshot_find(&s, made_key(text(i))),
					 -1);
	}
	snapshot_clear(&s);
	/* all of them go */
	row = rows(0, 150, 0);
	for (size_t i = 0; i < 150; i++)
		row[i].gone = true;
	put(row, 150, 6);
	free(row);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(s.n, 0);
	assert_int_equal(s.text.n, 0);
	snapshot_clear(&s);
	scratch_leave();
}

static size_t number(struct snapshot_row row)
{
	return (size_t)strtoul(row.text, NULL, 10);
}

static void has_kept(size_t i, const char *kept, const char *note)
{
	struct snapshot s;
	struct err e;
	int64_t at;

	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	at = snapshot_find(&s, made_key(text(i)));
	assert_true(at >= 0);
	assert_true(slice_is(snapshot_text(&s, (size_t)at), text(i)));
	assert_true(slice_is(snapshot_kept(&s, (size_t)at), kept));
	assert_true(slice_is(s.note[SNAPSHOT_KEEP], note));
	snapshot_clear(&s);
}

static void keeps_values_and_notes(void **state)
{
	struct snapshot_row *row = rows(0, 9, 1);
	struct snapshot s = {.seed = MADE_SEED, .columns = slice_str("[]")};
	struct err e;

	(void)state;
	scratch_enter();
	for (size_t i = 0; i < 9; i += 2) {
		row[i].kept = row[i].text;
		row[i].kept_n = row[i].text_n;
	}
	s.note[SNAPSHOT_KEEP] = slice_str("row");
	assert_int_equal(snapshot_write(&s, row, 9, 1, "s", &e), 0);
	for (size_t i = 0; i < 9; i += 2)
		has_kept(number(row[i]), row[i].text, "row");
	/* they outlive what happens to other keys, and go with their own */
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	s.note[SNAPSHOT_KEEP] = slice_str("");
	row[0].kept = "new";
	row[0].kept_n = 3;
	row[2].gone = true;
	row[1] = row[2];
	assert_int_equal(snapshot_write(&s, row, 2, 2, "s", &e), 0);
	assert_int_equal(s.n, 9);
	snapshot_clear(&s);
	has_kept(number(row[0]), "new", "");
	has_kept(number(row[4]), row[4].text, "");
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(s.n, 8);
	snapshot_clear(&s);
	/* in memory too */
	made_snapshot(&s, row, 1);
	assert_true(slice_is(snapshot_kept(&s, 0), "new"));
	snapshot_clear(&s);
	free(row);
	scratch_leave();
}

static void leaves_the_old_one_to_who_has_it_open(void **state)
{
	struct snapshot_row *row = rows(10, 20, 2);
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	make(10);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	put(row, 10, 3);
	assert_int_equal(s.n, 10);
	has(&s, 3, 1);
	assert_int_equal(snapshot_find(&s, made_key("15")), -1);
	snapshot_clear(&s);
	free(row);
	scratch_leave();
}

static void orders_rows_by_key(void **state)
{
	enum { N = 3000 };
	struct snapshot_row *row = mem_zero(N * sizeof(*row));

	(void)state;
	for (size_t i = 0; i < N; i++)
		row[i] = made_row(text(i / 2), (uint32_t)i, i);
	/* hashes that are not spread at all */
	for (size_t i = 0; i < 40; i++)
		row[i].key = (struct hash){.hi = 1, .lo = 40 - i};
	snapshot_order(row, N);
	for (size_t i = 1; i < N; i++) {
		int order = hash_order(row[i - 1].key, row[i].key);

		/* of equal keys the first stays in front */
		assert_true(order < 0 || (order == 0 &&
					  row[i - 1].version < row[i].version));
	}
	snapshot_order(row, 0);
	snapshot_order(NULL, 0);
	free(row);
}

static void refuses_damage_wherever_it_is(void **state)
{
	struct snapshot s;
	struct err e;
	size_t n;

	(void)state;
	scratch_enter();
	make(3);
	n = made_size("s");
	for (size_t at = 0; at < n; at++) {
		/* what fills a section up to 64 bytes is nobody's */
		bool gap = (at >= 184 && at < 192) || (at >= 198 && at < 256) ||
			   (at >= 352 && at < 384) || (at >= 420 && at < 448) ||
			   (at >= 451 && at < 512);

		make(3);
		made_flip("s", at);
		e.kind = ERR_NONE;
		if (snapshot_open(&s, "s", &e) != (gap ? 1 : -1))
			fail_msg("byte %zu: %s", at, e.text);
		assert_int_equal(e.kind, gap ? ERR_NONE : ERR_CONFIG);
		snapshot_clear(&s);
	}
	for (size_t cut = 0; cut < n; cut++) {
		make(3);
		assert_int_equal(truncate("s", (off_t)cut), 0);
		if (snapshot_open(&s, "s", &e) != -1)
			fail_msg("%zu bytes", cut);
		assert_int_equal(e.kind, ERR_CONFIG);
	}
	make(3);
	assert_int_equal(truncate("s", (off_t)n + 1), 0);
	assert_int_equal(snapshot_open(&s, "s", &e), -1);
	assert_string_equal(e.text, "'s' is damaged (length); see 'damaged "
				    "state' in rudder-sync(7)");
	scratch_leave();
}

static void tells_foreign_and_newer_files(void **state)
{
	const uint32_t newer = 5, order = 0x04030201;
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	make(3);
	made_patch("s", 0, "sqlite!!", 8);
	assert_int_equal(snapshot_open(&s, "s", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text, "'s' is damaged, or not a snapshot of "
				    "rudder-diff; see 'damaged state' in "
				    "rudder-sync(7)");
	make(3);
	made_patch("s", 8, &newer, sizeof(newer));
	assert_int_equal(snapshot_open(&s, "s", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(
		e.text,
		"'s' has format 5; this rudder-diff supports formats 1 to 4");
	make(3);
	made_patch("s", 12, &order, sizeof(order));
	assert_int_equal(snapshot_open(&s, "s", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text, "'s' is damaged, or from a machine with a "
				    "different byte order; see 'damaged state' "
				    "in rudder-sync(7)");
	scratch_leave();
}

/* Put a value into the file and make its sums fit again, as no rudder-diff
 * would write it.
 */
static void forge(size_t at, const void *value, size_t n)
{
	uint64_t head[8], table[15], sums[3];
	char section[2][96] = {{0}};
	int fd;

	make(3);
	made_patch("s", at, value, n);
	fd = open("s", O_RDWR);
	assert_int_equal(pread(fd, section[0], 96, 256), 96);
	assert_int_equal(pread(fd, section[1], 36, 384), 36);
	assert_int_equal(pread(fd, sums, sizeof(sums), 512), sizeof(sums));
	assert_int_equal(pread(fd, table, sizeof(table), 64), sizeof(table));
	assert_int_equal(pread(fd, head, sizeof(head), 0), sizeof(head));
	close(fd);
	sums[0] = hash_bytes(section[0], 96, 1).lo;
	sums[1] = hash_bytes(section[1], 36, 1).lo;
	table[14] = hash_bytes(sums, sizeof(sums), 1).lo;
	head[6] = hash_bytes(table, sizeof(table), 1).lo;
	head[7] = hash_bytes(head, 56, 1).lo;
	made_patch("s", 512, sums, sizeof(sums));
	made_patch("s", 64, table, sizeof(table));
	made_patch("s", 0, head, sizeof(head));
}

static void refuses_what_fits_its_sums_but_makes_no_sense(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		uint64_t value;
		size_t n;
		const char *why; /* NULL: good */
	} forged[] = {
		{"nothing", 0, 0, 0, NULL},
		{"keys without end", 16, UINT64_MAX, 8, "length"},
		{"one key more", 16, 4, 8, "length"},
		{"text without end", 144, UINT64_MAX - 2, 8, "length"},
		{"columns that wrap around", 72, UINT64_MAX - 63, 8, "length"},
		{"parts without end", 40, UINT64_MAX, 8,
		 "a section that this rudder-diff does not support"},
		{"a part that formats do not have", 160, 63, 4,
		 "a section that this rudder-diff does not support"},
		{"what supersedes entries, with nothing below", 160, 66, 4,
		 "checksum"},
		{"no sums", 168, 0, 8, "checksum"},
		{"a part of a later time", 136, 99, 4,
		 "a section that this rudder-diff does not support"},
		{"a part twice", 136, 2, 4, "order"},
		{"a first key above the others", 256 + 8 - 8, UINT64_MAX, 8,
		 "order"},
		{"a last key below the others", 256 + 64, 0, 8, "order"},
		{"a text before the first", 384 + 4, 1, 4, "order"},
		{"a text that is empty", 384 + 16, 0, 4, "order"},
		{"a text beyond the end", 384 + 12 + 8, 1, 2, "order"},
		{"a key's text in the next", 384 + 10, 1, 2, "order"},
	};

	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(forged); k++) {
		struct snapshot s;
		struct err e = {0};
		char want[128];
		int rc;

		forge(forged[k].at, &forged[k].value, forged[k].n);
		rc = snapshot_open(&s, "s", &e);
		if (rc != (forged[k].why ? -1 : 1))
			fail_msg("%s: %s", forged[k].what, e.text);
		if (forged[k].why) {
			snprintf(want, sizeof(want), "'s' is damaged (%s);",
				 forged[k].why);
			if (strncmp(e.text, want, strlen(want)) != 0)
				fail_msg("%s: %s", forged[k].what, e.text);
			assert_int_equal(e.kind, ERR_CONFIG);
		}
		snapshot_clear(&s);
	}
	scratch_leave();
}

/* At any place of a file that is written by a thread. */
static void keeps_the_old_one_when_the_disk_is_full(void **state)
{
	enum { ROWS = 30000 };
	static const rlim_t limits[] = {1, 300 * 1000, 1000 * 1000,
					1400 * 1000};
	struct snapshot_row *row = rows(0, ROWS, 1);
	struct rlimit before, now;
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	make(3);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	for (size_t k = 0; k < COUNT_OF(limits); k++) {
		now = before;
		now.rlim_cur = limits[k];
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
		assert_int_equal(snapshot_write(&s, row, ROWS, 3, "s", &e), -1);
		assert_int_equal(e.kind, ERR_IO);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	}
	assert_int_equal(snapshot_write(&s, row, ROWS, 3, "s", &e), 0);
	assert_true(made_size("s") > 1400 * 1000);
	snapshot_clear(&s);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(s.n, ROWS);
	snapshot_clear(&s);
	free(row);
	scratch_leave();
}

static void keeps_the_old_one_when_it_cannot_write(void **state)
{
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	make(3);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(mkdir("s.tmp", 0700), 0);
	assert_int_equal(snapshot_write(&s, NULL, 0, 9, "s", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_int_equal(snapshot_write(&s, NULL, 0, 9, "no/s", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	snapshot_clear(&s);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(s.generation, 2);
	snapshot_clear(&s);
	scratch_leave();
}

/* What stays is copied many entries at a time, but in bounded memory. */
static void copies_values_of_any_length(void **state)
{
	enum { N = 40, LONG = 300 * 1000 };
	char *value = mem_zero(LONG);
	struct snapshot_row *row;
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	memset(value, 'x', LONG);
	row = rows(0, N, 1);
	for (size_t i = 0; i < N; i++) {
		row[i].kept = value;
		row[i].kept_n = (uint32_t)(i % 5 * LONG / 4);
	}
	put(row, N, 2);
	row[N / 2].version = 7;
	put(&row[N / 2], 1, 3);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(s.n, N);
	for (size_t i = 0; i < N; i++) {
		assert_true(hash_eq(s.hot[i].key, row[i].key));
		assert_int_equal(s.hot[i].mark.line, row[i].mark.line);
		assert_int_equal(s.cold[i].version, row[i].version);
		assert_true(slice_is(snapshot_text(&s, i), row[i].text));
		assert_true(slice_eq(snapshot_kept(&s, i),
				     slice_of(value, row[i].kept_n)));
	}
	snapshot_clear(&s);
	free(row);
	free(value);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_all_that_was_written),
		cmocka_unit_test(is_found_in_memory_as_in_a_file),
		cmocka_unit_test(finds_keys_that_lie_close),
		cmocka_unit_test(knows_no_key_when_there_is_no_file),
		cmocka_unit_test(puts_in_and_takes_out),
		cmocka_unit_test(keeps_values_and_notes),
		cmocka_unit_test(leaves_the_old_one_to_who_has_it_open),
		cmocka_unit_test(orders_rows_by_key),
		cmocka_unit_test(refuses_damage_wherever_it_is),
		cmocka_unit_test(tells_foreign_and_newer_files),
		cmocka_unit_test(copies_values_of_any_length),
		cmocka_unit_test(refuses_what_fits_its_sums_but_makes_no_sense),
		cmocka_unit_test(keeps_the_old_one_when_the_disk_is_full),
		cmocka_unit_test(keeps_the_old_one_when_it_cannot_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
