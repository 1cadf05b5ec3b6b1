/* test_key.c - unit tests of diff/keys/key.h */
#include "cmocka_all.h"

#include "core/mem.h"
#include "diff/keys/key.h"
#include "made.h"

static const struct {
	const char *list, *row;
	const char *text; /* NULL: none, for this reason */
	const char *id, *members, *why;
} cases[] = {
	{"id", "{\"id\":7}", "7", "\"7\"", "\"id\":7", NULL},
	{"id", "{\"id\":7.0}", "7", "\"7\"", "\"id\":7", NULL},
	{"id", "{\"a\":1,\"id\":70e-1}", "7", "\"7\"", "\"id\":7", NULL},
	{"id", "{\"id\":\"7\"}", "\"7\"", "\"7\"", "\"id\":\"7\"", NULL},
	{"id", "{\"id\":\"\"}", "\"\"", "\"\"", "\"id\":\"\"", NULL},
	{"id", "{\"id\":true}", "true", "\"true\"", "\"id\":true", NULL},
	{"id", "{\"id\":\"\\u0061\\/\"}", "\"a/\"", "\"a/\"", "\"id\":\"a/\"",
	 NULL},
	{"i\"d", "{\"i\\u0022d\":1}", "1", "\"1\"", "\"i\\\"d\":1", NULL},
	{"c,id", "{\"id\":7,\"c\":\"de\"}", "[\"de\",7]", "\"[\\\"de\\\",7]\"",
	 "\"c\":\"de\",\"id\":7", NULL},
	{"\"c,d\",id", "{\"id\":7,\"c,d\":\"e\"}", "[\"e\",7]",
	 "\"[\\\"e\\\",7]\"", "\"c,d\":\"e\",\"id\":7", NULL},
	{"\"c\\\"\\\\\"", "{\"c\\u0022\\\\\":7}", "7", "\"7\"",
	 "\"c\\\"\\\\\":7", NULL},
	{"c,id", "{\"c\":\"a,]\\\"b\\\\\",\"id\":-0.0}", "[\"a,]\\\"b\\\\\",0]",
	 "\"[\\\"a,]\\\\\\\"b\\\\\\\\\\\",0]\"",
	 "\"c\":\"a,]\\\"b\\\\\",\"id\":0", NULL},
	{"id", "{\"a\":1}", NULL, NULL, NULL, "key column 'id' is missing"},
	{"id", "{}", NULL, NULL, NULL, "key column 'id' is missing"},
	{"id", "{\"id\":null}", NULL, NULL, NULL, "key column 'id' is null"},
	{"id", "{\"id\":[1]}", NULL, NULL, NULL,
	 "key column 'id' is not a scalar"},
	{"id", "{\"id\":{}}", NULL, NULL, NULL,
	 "key column 'id' is not a scalar"},
	{"c,id", "{\"c\":1,\"id\":null}", NULL, NULL, NULL,
	 "key column 'id' is null"},
};

static void gives_the_key_of_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf text = {0}, b = {0};
		struct input in;
		struct key k;
		struct err e;
		char line[64], why[160];
		const char *no;
		int fd;

		snprintf(line, sizeof(line), "%s\n", cases[i].row);
		made_input(&in, &fd, line);
		assert_int_equal(key_init(&k, cases[i].list, &e), 0);
		assert_int_equal(input_next(&in, &e), 1);
		no = key_of(&k, &in, &text, why);
		if (cases[i].why) {
			assert_non_null(no);
			assert_string_equal(no, cases[i].why);
		} else {
			if (no)
				fail_msg("%s: %s", cases[i].row, no);
			assert_string_equal(buf_cstr(&text), cases[i].text);
			key_id(&k, &b, buf_all(&text));
			assert_string_equal(buf_cstr(&b), cases[i].id);
			b.n = 0;
			key_members(&k, &b, buf_all(&text));
			assert_string_equal(buf_cstr(&b), cases[i].members);
		}
		buf_clear(&text);
		buf_clear(&b);
		key_clear(&k);
		input_clear(&in);
		close(fd);
	}
}

static void adds_the_text_behind_what_is_there(void **state)
{
	struct buf b = {0};
	struct input in;
	struct key k;
	struct err e;
	char why[160];
	int fd;

	(void)state;
	made_input(&in, &fd, "{\"id\":1}\n{\"x\":0,\"id\":2}\n");
	assert_int_equal(key_init(&k, "id", &e), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(input_next(&in, &e), 1);
		assert_null(key_of(&k, &in, &b, why));
	}
	assert_string_equal(buf_cstr(&b), "12");
	buf_clear(&b);
	key_clear(&k);
	input_clear(&in);
	close(fd);
}

/* A row with a string of n bytes as its key. */
static const char *reason_for(size_t n)
{
	static char why[160];
	char *line = mem_zero(n + READER_PAD + 16);
	struct input in;
	struct buf b = {0};
	struct key k;
	struct err e;
	const char *no;
	size_t at = 7;

	memcpy(line, "{\"id\":\"", at);
	memset(line + at, 'x', n);
	memcpy(line + at + n, "\"}\n", 3);
	input_init(&in, -1, &(struct input_options){.max_line = n + 16}, NULL,
		   NULL);
	assert_int_equal(key_init(&k, "id", &e), 0);
	assert_int_equal(input_take(&in, slice_of(line, at + n + 2), false, &e),
			 1);
	no = key_of(&k, &in, &b, why);
	key_clear(&k);
	buf_clear(&b);
	input_clear(&in);
	free(line);
	return no;
}

/* Where a delete takes the text from: not the canonical. */
static void leaves_in_plain_form_or_as_the_row_wrote_it(void **state)
{
	static const char *const texts[][3] = {
		{"id", "{\"id\":10.50}", "10.50"},
		{"id", "{\"id\":7}", "7"},
		{"id", "{\"id\":\"\\u0061\"}", "\"a\""},
		{"c,id", "{\"id\":1e2,\"c\":\"\\/\"}", "[\"/\",100]"},
		{"c,id", "{\"id\":1.0,\"c\":2}", "[2,1]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf b = {0};
		struct input in;
		struct key k;
		struct err e;
		char line[64], why[160];
		int fd;

		snprintf(line, sizeof(line), "%s\n", texts[i][1]);
		made_input(&in, &fd, line);
		assert_int_equal(key_init(&k, texts[i][0], &e), 0);
		assert_int_equal(input_next(&in, &e), 1);
		buf_str(&b, "x");
		assert_null(key_of(&k, &in, &b, why));
		key_leaving(&k, &in, &b, 1);
		assert_true(slice_is(slice_of(b.p + 1, b.n - 1), texts[i][2]));
		buf_clear(&b);
		key_clear(&k);
		input_clear(&in);
		close(fd);
	}
}

static void refuses_a_key_that_is_too_long(void **state)
{
	(void)state;
	assert_null(reason_for(KEY_MAX - 2));
	assert_string_equal(reason_for(KEY_MAX - 1),
			    "key column 'id' is longer than 64 KiB");
}

static void cuts_a_long_reason(void **state)
{
	char name[301], why[160];
	struct buf b = {0};
	struct input in;
	struct key k;
	struct err e;
	int fd;

	(void)state;
	memset(name, 'n', 300);
	name[300] = '\0';
	made_input(&in, &fd, "{\"id\":1}\n");
	assert_int_equal(key_init(&k, name, &e), 0);
	assert_int_equal(input_next(&in, &e), 1);
	assert_int_equal(strlen(key_of(&k, &in, &b, why)), 159);
	buf_clear(&b);
	key_clear(&k);
	input_clear(&in);
	close(fd);
}

static void refuses_a_wrong_list(void **state)
{
	static const char *const lists[][2] = {
		{"", "a key column without a name"},
		{",", "a key column without a name"},
		{"a,", "a key column without a name"},
		{"a,,b", "a key column without a name"},
		{"a,b,a", "key column 'a' is named twice"},
		{"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
		 "more than 16 key columns"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		struct key k;
		struct err e = {0};

		assert_int_equal(key_init(&k, lists[i][0], &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
		assert_string_equal(e.text, lists[i][1]);
		key_clear(&k);
	}
}

static void reads_the_columns_that_a_state_keeps(void **state)
{
	static const char *const lists[] = {"id", "c,id", "a\"b,c\\d,[e]",
					    "\xc3\xa9,z",
					    "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		struct key a, b;
		struct err e;

		assert_int_equal(key_init(&a, lists[i], &e), 0);
		assert_int_equal(key_from_json(&b, buf_all(&a.columns), &e), 0);
		assert_int_equal(a.n, b.n);
		for (size_t k = 0; k < a.n; k++)
			assert_true(slice_eq(a.column[k], b.column[k]));
		assert_true(slice_eq(buf_all(&a.columns), buf_all(&b.columns)));
		key_clear(&a);
		key_clear(&b);
		key_clear(&b);
	}
}

static void refuses_columns_that_no_state_keeps(void **state)
{
	static const char *const bad[] = {
		"",
		"[",
		"]",
		"[]",
		"{}",
		"\"id\"",
		"[id]",
		"[1]",
		"[\"id\"",
		"[\"id]",
		"[\"\"]",
		"[\"\\]",
		"[\"a\",]",
		"[\"a\"x]",
		"[,\"a\"]",
		"[\"a\\\"]",
		"[\"a\",\"a\"]",
		"{\"key\":[\"a\"]}",
		"{\"key\":[\"a\"],\"identity\":[]}",
		"{\"key\":[],\"identity\":[\"a\"]}",
		"{\"key\":[\"a\"],\"identity\":[\"a\"]}",
		"{\"key\":[\"a\"],\"identity\":\"b\"}",
		"{\"identity\":[\"b\"],\"key\":[\"a\"]}",
		"{\"key\":[\"a\"], \"identity\":[\"b\"]}",
		"{\"key\":[\"a\"],\"identity\":[\"b\"],\"x\":[]}",
		("[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\","
		 "\"k\",\"l\",\"m\",\"n\",\"o\",\"p\",\"q\"]")};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		size_t n = strlen(bad[i]);
		char *exact = mem_resize(NULL, n + 1);
		struct key k;
		struct err e = {0};

		memcpy(exact, bad[i], n);
		if (key_from_json(&k, slice_of(exact, n), &e) == 0)
			fail_msg("took %s", bad[i]);
		assert_int_equal(e.kind, ERR_CONFIG);
		key_clear(&k);
		free(exact);
	}
}

/* Texts of -k id --identity email,n. */
static const struct {
	const char *text, *own, *identity;
	bool is;
} identities[] = {
	{"[7,\"a\",1]", "7", "\"a\",\"1\",", true},
	{"[\"7\",\"a\",\"1\"]", "\"7\"", "\"a\",\"1\",", true},
	{"[7.0,null,1.50]", "7", "null,\"1.5\",", true},
	{"[7,\"\",null]", "7", "\"\",null,", true},
	{"[7,\"a,]\",true]", "7", "\"a,]\",\"true\",", true},
	{"[7,\"null\",null]", "7", "\"null\",null,", true},
	{"[7,null,null]", "7", "null,null,", false},
};

static void takes_a_text_with_an_identity_apart(void **state)
{
	struct key k;
	struct err e;

	(void)state;
	assert_int_equal(key_init(&k, "id", &e), 0);
	assert_false(key_identifies(&k));
	assert_int_equal(key_identify(&k, NULL, &e), 0);
	assert_false(key_identifies(&k));
	assert_int_equal(key_identify(&k, "email,n", &e), 0);
	assert_true(key_identifies(&k));
	for (size_t i = 0; i < COUNT_OF(identities); i++) {
		struct slice text = slice_str(identities[i].text);
		struct buf b = {0};

		key_own(&k, &b, text);
		assert_string_equal(buf_cstr(&b), identities[i].own);
		b.n = 0;
		assert_int_equal(key_identity(&k, &b, text), identities[i].is);
		assert_string_equal(buf_cstr(&b), identities[i].identity);
		buf_clear(&b);
	}
	key_clear(&k);
}

static void keeps_identities_apart_from_the_key(void **state)
{
	static const char *const want =
		"\"key\":[\"country\",\"id\"],\"identity\":[\"email\"]";
	struct buf b = {0};
	struct key k, again;
	struct err e;

	(void)state;
	assert_int_equal(key_init(&k, "country,id", &e), 0);
	assert_int_equal(key_identify(&k, "email", &e), 0);
	key_show(&k, &b);
	assert_string_equal(buf_cstr(&b), want);
	assert_int_equal(key_from_json(&again, buf_all(&k.columns), &e), 0);
	assert_int_equal(again.n, 3);
	assert_int_equal(again.own, 2);
	assert_true(slice_is(again.column[2], "email"));
	b.n = 0;
	key_own(&again, &b, slice_str("[\"de\",7,null]"));
	assert_string_equal(buf_cstr(&b), "[\"de\",7]");
	assert_int_equal(key_identify(&again, "id", &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	buf_clear(&b);
	key_clear(&again);
	key_clear(&k);
}

static void refuses_rows_that_never_have_a_column(void **state)
{
	struct buf text = {0};
	struct input in;
	struct key k;
	struct err e;
	char why[160];
	int fd;

	(void)state;
	made_input(&in, &fd, "{\"id\":1}\n{\"ID\":2}\n{\"id\":3}\n");
	assert_int_equal(key_init(&k, "ID", &e), 0);
	assert_int_equal(key_found(&k, &e), 0); /* no rows at all */
	assert_int_equal(input_next(&in, &e), 1);
	assert_non_null(key_of(&k, &in, &text, why));
	assert_int_equal(key_missed(&k, &in, &e), 0);
	assert_int_equal(key_found(&k, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text, "the rows have no key column 'ID'; did you "
				    "mean 'id'?");
	for (int i = 2; i < KEY_MISSED_MOST; i++)
		assert_int_equal(key_missed(&k, &in, &e), 0);
	assert_int_equal(key_missed(&k, &in, &e), -1);
	assert_int_equal(input_next(&in, &e), 1); /* one that has it */
	assert_null(key_of(&k, &in, &text, why));
	assert_int_equal(key_found(&k, &e), 0);
	assert_int_equal(input_next(&in, &e), 1);
	assert_non_null(key_of(&k, &in, &text, why));
	assert_int_equal(key_missed(&k, &in, &e), 0);
	assert_int_equal(key_found(&k, &e), 0);
	buf_clear(&text);
	key_clear(&k);
	input_clear(&in);
	close(fd);
}

static void refuses_a_row_without_identity_columns(void **state)
{
	static const char *const want[] = {
		NULL, "identity column 'email' is missing",
		"identity column 'email' is not a scalar",
		"key column 'id' is null"};
	struct buf text = {0};
	struct input in;
	struct key k;
	struct err e;
	char why[160];
	int fd;

	(void)state;
	made_input(&in, &fd,
		   "{\"id\":7,\"email\":null}\n{\"id\":7}\n"
		   "{\"id\":7,\"email\":[]}\n"
		   "{\"id\":null,\"email\":\"a\"}\n");
	assert_int_equal(key_init(&k, "id", &e), 0);
	assert_int_equal(key_identify(&k, "email", &e), 0);
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const char *no;

		assert_int_equal(input_next(&in, &e), 1);
		no = key_of(&k, &in, &text, why);
		assert_int_equal(!no, !want[i]);
		if (no)
			assert_string_equal(no, want[i]);
		else
			assert_string_equal(buf_cstr(&text), "[7,null]");
	}
	buf_clear(&text);
	key_clear(&k);
	input_clear(&in);
	close(fd);
}

static void takes_as_many_columns_as_it_may_have(void **state)
{
	struct buf list = {0}, line = {0}, text = {0}, want = {0};
	struct input in;
	struct key k;
	struct err e;
	char why[160];
	int fd;

	(void)state;
	for (int i = 0; i < KEY_COLUMNS; i++) {
		buf_fmt(&list, "%sc%014d", i ? "," : "", i);
		buf_fmt(&line, "%s\"c%014d\":%d", i ? "," : "{", i, i);
		buf_fmt(&want, "%s%d", i ? "," : "[", i);
	}
	buf_str(&line, ",\"another_of_them_\":1}\n");
	buf_char(&want, ']');
	made_input(&in, &fd, buf_cstr(&line));
	assert_int_equal(key_init(&k, buf_cstr(&list), &e), 0);
	assert_int_equal(input_next(&in, &e), 1);
	assert_null(key_of(&k, &in, &text, why));
	assert_string_equal(buf_cstr(&text), buf_cstr(&want));
	assert_false(k.odd);
	assert_int_equal(k.n_missed, 0);
	key_clear(&k);
	input_clear(&in);
	close(fd);
	buf_str(&list, ",another");
	assert_int_equal(key_init(&k, buf_cstr(&list), &e), -1);
	key_clear(&k);
	buf_clear(&list);
	buf_clear(&line);
	buf_clear(&text);
	buf_clear(&want);
}

/* Names that are there stay where the key finds them. */
static void keeps_long_names_of_a_state(void **state)
{
	struct buf columns = {0};
	struct key k;
	struct err e;

	(void)state;
	for (int i = 0; i < 4; i++) {
		buf_str(&columns, i == 0 ? "[\"" : ",\"");
		for (int j = 0; j < 20000 * (i + 1); j++)
			buf_char(&columns, (char)('a' + (i + j) % 26));
		buf_char(&columns, '"');
	}
	buf_char(&columns, ']');
	assert_int_equal(key_from_json(&k, buf_all(&columns), &e), 0);
	assert_string_equal(buf_cstr(&k.columns), buf_cstr(&columns));
	assert_memory_equal(k.column[0].p, "abcd", 4);
	key_clear(&k);
	buf_clear(&columns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_key_of_a_row),
		cmocka_unit_test(adds_the_text_behind_what_is_there),
		cmocka_unit_test(leaves_in_plain_form_or_as_the_row_wrote_it),
		cmocka_unit_test(refuses_a_key_that_is_too_long),
		cmocka_unit_test(cuts_a_long_reason),
		cmocka_unit_test(refuses_a_wrong_list),
		cmocka_unit_test(reads_the_columns_that_a_state_keeps),
		cmocka_unit_test(refuses_columns_that_no_state_keeps),
		cmocka_unit_test(takes_a_text_with_an_identity_apart),
		cmocka_unit_test(keeps_identities_apart_from_the_key),
		cmocka_unit_test(refuses_rows_that_never_have_a_column),
		cmocka_unit_test(refuses_a_row_without_identity_columns),
		cmocka_unit_test(takes_as_many_columns_as_it_may_have),
		cmocka_unit_test(keeps_long_names_of_a_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
