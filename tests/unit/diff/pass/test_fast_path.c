/* test_glance.c - keys guessed from lines that nobody reads */
#include "cmocka_all.h"

#include "diff/pass/fast_path.h"
#include "made.h"

/* A row that is read, then lines, and the key guessed of each: NULL where it
 * is not to be. A wrong guess does no harm, but costs.
 */
static const struct {
	const char *key, *row;
	struct {
		const char *line, *key;
	} want[8];
} cases[] = {
	{"id",
	 "{\"id\":1,\"a\":2}",
	 {{"{\"id\":7,\"a\":2}", "7"},
	  {"{\"id\":-7}", "-7"},
	  {"{\"id\":\"x\",\"a\":2}", "\"x\""},
	  {"{\"a\":[1,{\"b\":\"c\"}],\"id\":9}", "9"},
	  {" {\"id\":8 } \r", "8"},
	  {"{\"id\": 8}", NULL},
	  {"{\"id\":\"\xc3\xa9 \xe2\x82\xac.\",\"a\":2}",
	   "\"\xc3\xa9 \xe2\x82\xac.\""}}},
	/* what is written in several ways is not guessed */
	{"id",
	 "{\"id\":1}",
	 {{"{\"id\":1.0}", NULL},
	  {"{\"id\":1e3}", NULL},
	  {"{\"id\":\"a\\\"b\"}", NULL},
	  {"{\"id\":\"\\u0061\"}", NULL},
	  {"{\"id\":1234567890123456789}", NULL},
	  {"{\"id\":123456789012345678}", "123456789012345678"},
	  {"{\"id\":null}", NULL},
	  {"{\"id\":true}", NULL}}},
	/* nor invalid lines */
	{"id",
	 "{\"id\":1}",
	 {{"", NULL},
	  {"{", NULL},
	  {"{\"id\":", NULL},
	  {"{\"id\":}", NULL},
	  {"{\"id\":-}", NULL},
	  {"{\"id\":\"x", NULL},
	  {"{\"id\":12", "12"},
	  {"{\"ID\":12}", NULL}}},
	/* behind other columns, and after the same name in one of them */
	{"id",
	 "{\"a\":{\"id\":3},\"b\":\"x\",\"id\":1,\"c\":0}",
	 {{"{\"a\":{\"id\":3},\"b\":\"x\",\"id\":7,\"c\":0}", "7"},
	  {"{\"a\":{\"id\":33},\"b\":\"yy\",\"id\":7,\"c\":0}", "7"},
	  {"{\"a\":{\"id\":33},\"b\":\"yy\"}", NULL}}},
	{"id",
	 "{ \"a\" : 1 , \"id\" : 2 }",
	 {{"{ \"a\" : 1 , \"id\" : 3}", "3"},
	  {"{ \"a\" : 100 , \"id\" : \"4\"}", "\"4\""},
	  {"{ \"a\" : 1 , \"id\" : 2 }", "2"}}},
	/* of several columns, in the order of the key */
	{"c,id",
	 "{\"id\":1,\"a\":0,\"c\":\"de\"}",
	 {{"{\"id\":7,\"a\":0,\"c\":\"fr\"}", "[\"fr\",7]"},
	  {"{\"id\":77,\"a\":[],\"c\":\"\"}", "[\"\",77]"},
	  {"{\"id\":\"7\",\"a\":0,\"c\":5}", "[5,\"7\"]"},
	  {"{\"c\":\"fr\",\"id\":7}", NULL},
	  {"{\"id\":7,\"c\":null}", NULL}}},
	{"id,c",
	 "{\"id\":1,\"c\":\"de\"}",
	 {{"{\"id\":7,\"c\":\"fr\"}", "[7,\"fr\"]"}}},
};

/* A run over some lines. */
struct looking {
	struct fast_path g;
	struct input in;
	struct key k;
	int fd;
};

static void start(struct looking *l, const char *key, const char *text,
		  bool off)
{
	struct err e;

	made_input(&l->in, &l->fd, text);
	assert_int_equal(key_init(&l->k, key, &e), 0);
	fast_path_init(&l->g, MADE_SEED, off);
	assert_false(fast_path_due(&l->g));
}

static void stop(struct looking *l)
{
	fast_path_clear(&l->g);
	key_clear(&l->k);
	input_clear(&l->in);
	close(l->fd);
}

/* Read the next line: whether it has a key. */
static bool read_one(struct looking *l)
{
	struct buf text = {0};
	char why[160];
	struct err e;
	bool has;

	assert_int_equal(input_next(&l->in, &e), 1);
	has = l->in.kind == INPUT_DATA &&
	      key_of(&l->k, &l->in, &text, why) == NULL;
	fast_path_read(&l->g, &l->k, &l->in);
	buf_clear(&text);
	return has;
}

static size_t look(struct looking *l)
{
	static const struct snapshot none;

	return fast_path_lines(&l->g, &none, NULL, input_rest(&l->in));
}

static void guesses_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf text = {0};
		struct looking l;
		size_t n = 0;

		buf_fmt(&text, "%s\n", cases[i].row);
		for (; n < COUNT_OF(cases[i].want) && cases[i].want[n].line;
		     n++)
			buf_fmt(&text, "%s\n", cases[i].want[n].line);
		start(&l, cases[i].key, buf_cstr(&text), false);
		assert_true(read_one(&l));
		assert_true(fast_path_due(&l.g));
		assert_int_equal(look(&l), n);
		for (size_t j = 0; j < n; j++) {
			const char *line = cases[i].want[j].line;
			const char *key = cases[i].want[j].key;

			assert_true(slice_is(l.g.line[j].line, line));
			if (l.g.line[j].guessed != (key != NULL))
				fail_msg("%s after %s", line, cases[i].row);
			if (key && !hash_eq(l.g.line[j].key, made_key(key)))
				fail_msg("%s is not the key of %s", key, line);
		}
		stop(&l);
		buf_clear(&text);
	}
}

static void takes_whole_lines_only(void **state)
{
	struct looking l;

	(void)state;
	start(&l, "id", "{\"id\":1}\n{\"id\":2}\n{\"id\":3}", false);
	assert_true(read_one(&l));
	assert_int_equal(look(&l), 1);
	assert_true(slice_is(l.g.line[0].line, "{\"id\":2}"));
	assert_true(input_pass(&l.in, l.g.line[0].line.n));
	assert_int_equal(look(&l), 0);
	stop(&l);
}

/* How many rows are read until it is time for a look again. */
static unsigned reads(struct looking *l)
{
	unsigned n = 0;

	for (; !fast_path_due(&l->g) && n < 100000; n++)
		fast_path_read(&l->g, &l->k, &l->in);
	return n;
}

static void looks_as_often_as_it_pays(void **state)
{
	enum { LINES = 200 };
	const unsigned waits[] = {64, 128, 256, 512, 1024, 1024};
	struct buf text = {0};
	struct looking l;
	size_t few;

	(void)state;
	for (int i = 0; i < LINES; i++)
		buf_fmt(&text, "{\"id\":%d}\n", i);
	start(&l, "id", buf_cstr(&text), false);
	assert_true(read_one(&l));
	few = look(&l);
	assert_true(few < FAST_PATH_LINES);
	for (size_t i = 0; i < COUNT_OF(waits); i++) {
		fast_path_learn(&l.g, few, few / 8);
		assert_false(fast_path_due(&l.g));
		assert_int_equal(reads(&l), waits[i]);
		assert_int_equal(look(&l), few);
	}
	/* as soon as it pays, on all */
	fast_path_learn(&l.g, few, few / 2);
	assert_true(fast_path_due(&l.g));
	assert_int_equal(look(&l), FAST_PATH_LINES);
	fast_path_learn(&l.g, FAST_PATH_LINES, 0);
	assert_int_equal(reads(&l), waits[0]);
	stop(&l);
	buf_clear(&text);
}

static void is_off_for_good(void **state)
{
	struct looking l;

	(void)state;
	start(&l, "id", "{\"id\":1}\n", true);
	assert_true(read_one(&l));
	assert_false(fast_path_due(&l.g));
	stop(&l);
}

static void waits_for_a_row_with_a_key(void **state)
{
	struct looking l;

	(void)state;
	start(&l, "id",
	      "{\"_rudder\":{\"type\":\"begin\"}}\n{\"a\":1}\n{\"id\":1}\n",
	      false);
	assert_false(read_one(&l));
	assert_false(fast_path_due(&l.g));
	assert_false(read_one(&l));
	assert_false(fast_path_due(&l.g));
	assert_true(read_one(&l));
	assert_true(fast_path_due(&l.g));
	stop(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guesses_keys),
		cmocka_unit_test(takes_whole_lines_only),
		cmocka_unit_test(looks_as_often_as_it_pays),
		cmocka_unit_test(is_off_for_good),
		cmocka_unit_test(waits_for_a_row_with_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
