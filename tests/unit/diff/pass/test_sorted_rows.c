/* test_table.c - unit tests of diff/pass/sorted_rows.h */
#include "cmocka_all.h"

#include "diff/pass/sorted_rows.h"
#include "made.h"

#define BEGIN "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\"}}\n"
#define END(n)                                                                 \
	"{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":" n "}}"  \
	"\n"

static const struct {
	const char *label, *in;
	size_t n;
	const char *why; /* NULL: read */
} cases[] = {
	{"nothing", "", 0, NULL},
	{"rows", "{\"id\":1}\n{\"id\":2}\n{\"id\":\"1\"}\n", 3, NULL},
	{"a whole stream", BEGIN "{\"id\":1}\n" END("1"), 1, NULL},
	{"a row twice", "{\"id\":1}\n{\"id\":2}\n{\"id\":1.0,\"a\":1}\n", 0,
	 "line 3: duplicate key"},
	{"no key", "{\"id\":1}\n{\"i\":2}\n", 0,
	 "line 2: key column 'id' is missing"},
	{"no row", "{\"id\":1}\n[1]\n", 0, "line 2: "},
	{"an empty line", "{\"id\":1}\n\n", 0, "line 2: "},
	{"cut", "{\"id\":1}\n{\"id\":2", 0,
	 "input truncated inside line 2: the command that writes it was killed "
	 "or failed"},
	{"a count that does not fit", BEGIN "{\"id\":1}\n" END("2"), 0,
	 "the end line counts 2 rows"},
	{"a second begin", BEGIN BEGIN, 0, "line 2: "},
	{"a reserved name",
	 "{\"_rudder\":{\"type\":\"change\",\"change\":"
	 "\"0123456789abcdef0123456789abcdef\"},\"id\":1}\n",
	 0, "line 1: the row has a member '_rudder'; this name is reserved"},
	{"a row refused on the way",
	 BEGIN
	 "{\"_rudder\":{\"type\":\"reject\",\"stage\":\"query\"}}\n" END("0"),
	 0, "line 2: an earlier stage rejected a row"},
	{"a part of the rows",
	 BEGIN "{\"id\":1}\n{\"_rudder\":{\"type\":\"end\",\"rows\":1,"
	       "\"partial\":true}}\n",
	 0, "the end line reports that rows were omitted"},
};

static uint64_t memory; /* of the tables read */

/* As who writes the rows does. */
static int check(struct sorted_rows *t, struct err *e)
{
	const struct snapshot_feed feed = sorted_rows_feed(t);
	const struct snapshot_row *row;
	size_t n;
	int rc;

	feed.rewind(feed.ctx);
	while ((rc = feed.next(feed.ctx, &row, &n, e)) > 0)
		;
	return rc;
}

static int read_table(struct sorted_rows *t, struct input *in, struct key *k,
		      struct columns *c, const char *what, struct err *e)
{
	const struct kept_values_options o = {.what = what};
	struct kept_values keep;
	struct sorted_rows_options how = {.key = k,
					  .columns = c,
					  .keep = &keep,
					  .seed = MADE_SEED,
					  .memory = memory,
					  .dir = "."};
	int rc;

	hash_seed_init(&how.marks.line, MADE_SEED);

	assert_int_equal(kept_values_init(&keep, &o, slice_str(""), k, e), 0);
	rc = sorted_rows_read(t, in, &how, e);
	if (rc == 0)
		rc = check(t, e);
	kept_values_clear(&keep);
	return rc;
}

static void reads_whole_tables_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct columns c = {0};
		struct sorted_rows t;
		struct input in;
		struct key k;
		struct err e = {0};
		int fd, rc;

		made_input(&in, &fd, cases[i].in);
		assert_int_equal(key_init(&k, "id", &e), 0);
		rc = read_table(&t, &in, &k, &c, NULL, &e);
		if (rc != (cases[i].why ? -1 : 0))
			fail_msg("%s: %s", cases[i].label, e.text);
		if (cases[i].why) {
			assert_int_equal(e.kind, ERR_DATA);
			if (strncmp(e.text, cases[i].why,
				    strlen(cases[i].why)) != 0)
				fail_msg("%s: %s", cases[i].label, e.text);
		} else {
			assert_int_equal(t.n, cases[i].n);
		}
		sorted_rows_clear(&t);
		sorted_rows_clear(&t);
		key_clear(&k);
		input_clear(&in);
		close(fd);
	}
}

/* In memory, on disk at once, and when some rows have come. */
static const uint64_t memories[] = {0, 1, 256 * 1024};

static void orders_rows_with_their_texts(void **state)
{
	enum { N = 3000 };
	struct buf lines = {0};

	(void)state;
	for (int i = 0; i < N; i++)
		buf_fmt(&lines, "{\"id\":%d}\n", i);
	buf_cstr(&lines);
	for (size_t m = 0; m < COUNT_OF(memories); m++) {
		struct snapshot s = {0};
		struct columns c = {0};
		struct sorted_rows t;
		struct input in;
		struct key k;
		struct err e;
		int fd;

		memory = memories[m];
		made_input(&in, &fd, lines.p);
		assert_int_equal(key_init(&k, "id", &e), 0);
		assert_int_equal(read_table(&t, &in, &k, &c, "row", &e), 0);
		assert_int_equal(t.n, N);
		t.version = 7;
		assert_int_equal(sorted_rows_snapshot(&t, &s, ".", &e), 0);
		assert_int_equal(s.memory == NULL, memory > 0);
		sorted_rows_clear(&t);
		assert_int_equal(s.n, N);
		for (size_t i = 0; i < N; i++) {
			struct slice text = snapshot_text(&s, i);
			struct buf kept = {0};

			assert_true(
				hash_eq(s.hot[i].key,
					hash_bytes(text.p, text.n, MADE_SEED)));
			assert_int_equal(snapshot_find(&s, s.hot[i].key), i);
			assert_int_equal(s.cold[i].version, 7);
			buf_fmt(&kept, "{\"id\":%.*s}", SLICE_FMT(text));
			assert_true(
				slice_eq(snapshot_kept(&s, i), buf_all(&kept)));
			buf_clear(&kept);
		}
		snapshot_clear(&s);
		key_clear(&k);
		input_clear(&in);
		close(fd);
	}
	memory = 0;
	buf_clear(&lines);
}

/* What is wrong with such a table, whatever the memory. */
static void is_wrong(struct buf *lines, const char *identity, const char *why)
{
	buf_cstr(lines);
	for (size_t m = 0; m < COUNT_OF(memories); m++) {
		struct columns c = {0};
		struct sorted_rows t;
		struct input in;
		struct key k;
		struct err e = {0};
		int fd;

		memory = memories[m];
		made_input(&in, &fd, lines->p);
		assert_int_equal(key_init(&k, "id", &e), 0);
		assert_int_equal(key_identify(&k, identity, &e), 0);
		assert_int_equal(read_table(&t, &in, &k, &c, NULL, &e),
				 *why ? -1 : 0);
		assert_string_equal(e.text, why);
		sorted_rows_clear(&t);
		key_clear(&k);
		input_clear(&in);
		close(fd);
	}
	memory = 0;
}

static void finds_a_key_that_stands_twice(void **state)
{
	enum { N = 3000 };
	struct buf lines = {0};

	(void)state;
	for (int i = 0; i < N; i++)
		buf_fmt(&lines, "{\"id\":%d}\n", i);
	is_wrong(&lines, NULL, "");
	buf_str(&lines, "{\"id\":1e3}\n");
	is_wrong(&lines, NULL, "line 3001: duplicate key");
	buf_clear(&lines);
}

static void finds_a_row_that_stands_twice_with_two_identities(void **state)
{
	enum { N = 2000 };
	struct buf lines = {0};

	(void)state;
	for (int i = 0; i < N; i++)
		buf_fmt(&lines, "{\"id\":%d,\"e\":\"e%d\"}\n", i, i / 2);
	is_wrong(&lines, "e", "");
	buf_str(&lines, "{\"id\":1e3,\"e\":\"x\"}\n");
	is_wrong(&lines, "e", "line 2001: duplicate key");
	buf_clear(&lines);
}

static void keeps_what_is_asked_for(void **state)
{
	static const struct {
		const char *what, *line, *kept;
	} asked[] = {
		{"hash", "{\"id\":1,\"a\":2}\n", ""},
		{"row", " { \"a\" : 2.0 , \"id\":1 }\n",
		 "{\"a\":2.0,\"id\":1}"},
		{"a,i*", "{\"id\":1,\"b\":0,\"a\":2}\n", "{\"a\":2}"},
		{"c", "{\"id\":1,\"b\":0}\n", "{}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct snapshot s = {0};
		struct columns c = {0};
		struct sorted_rows t;
		struct input in;
		struct key k;
		struct err e;
		int fd;

		made_input(&in, &fd, asked[i].line);
		assert_int_equal(key_init(&k, "id", &e), 0);
		assert_int_equal(read_table(&t, &in, &k, &c, asked[i].what, &e),
				 0);
		assert_int_equal(sorted_rows_snapshot(&t, &s, ".", &e), 0);
		assert_true(slice_is(snapshot_kept(&s, 0), asked[i].kept));
		snapshot_clear(&s);
		sorted_rows_clear(&t);
		key_clear(&k);
		input_clear(&in);
		close(fd);
	}
}

static struct row_hash mark_made(const char *line, struct columns *c)
{
	struct snapshot s = {0};
	struct sorted_rows t;
	struct input in;
	struct key k;
	struct err e;
	struct row_hash m;
	int fd;

	made_input(&in, &fd, line);
	assert_int_equal(key_init(&k, "id", &e), 0);
	assert_int_equal(read_table(&t, &in, &k, c, NULL, &e), 0);
	assert_int_equal(sorted_rows_snapshot(&t, &s, ".", &e), 0);
	m = s.hot[0].mark;
	snapshot_clear(&s);
	sorted_rows_clear(&t);
	key_clear(&k);
	columns_clear(c);
	input_clear(&in);
	close(fd);
	return m;
}

static void hashes_the_columns_that_count(void **state)
{
	struct columns all = {0}, some = {.ignore = "at"};
	struct row_hash a, b;

	(void)state;
	a = mark_made("{\"id\":1,\"at\":1}\n", &all);
	b = mark_made("{\"id\":1,\"at\":2}\n", &all);
	assert_true(a.content != b.content);
	a = mark_made("{\"id\":1,\"at\":1}\n", &some);
	some = (struct columns){.ignore = "at"};
	b = mark_made("{\"id\":1,\"at\":2}\n", &some);
	assert_true(a.content == b.content);
	assert_true(a.line != b.line);
}

static void hashes_lines_as_they_came(void **state)
{
	struct columns c = {0};
	struct row_hash a, b;

	(void)state;
	a = mark_made("{\"id\":1,\"a\":2}\n", &c);
	b = mark_made("{\"id\":1,\"a\":2}\n", &c);
	assert_true(a.content == b.content && a.line == b.line);
	b = mark_made("{\"a\":2,\"id\":1}\n", &c);
	assert_true(a.content == b.content && a.line != b.line);
	b = mark_made("{\"id\":1,\"a\":2} \r\n", &c);
	assert_true(a.content == b.content && a.line != b.line);
	assert_true(a.line == hash_half("{\"id\":1,\"a\":2}", 14, MADE_SEED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_whole_tables_only),
		cmocka_unit_test(orders_rows_with_their_texts),
		cmocka_unit_test(finds_a_key_that_stands_twice),
		cmocka_unit_test(
			finds_a_row_that_stands_twice_with_two_identities),
		cmocka_unit_test(keeps_what_is_asked_for),
		cmocka_unit_test(hashes_the_columns_that_count),
		cmocka_unit_test(hashes_lines_as_they_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
