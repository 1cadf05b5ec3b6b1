/* test_yaml.c - unit tests of wire/settings/yaml.h */
#include "cmocka_all.h"

#include <string.h>

#include "wire/settings/doc.h"
#include "wire/settings/yaml.h"

#ifdef WITH_YAML

static const struct {
	const char *yaml, *json;
} cases[] = {
	{"", "[]"},
	{"# nothing\n", "[]"},
	{"a: 1", "[{\"a\":1}]"},
	{"\xef\xbb\xbf"
	 "a: 1\r\nb: x\r\n",
	 "[{\"a\":1,\n\"b\":\"x\"}]"},
	{"{\"a\": [1, 2.50, -0, 1e3, \"x\"]}",
	 "[{\"a\":[1,2.50,-0,1e3,\"x\"]}]"},
	{"[1e+5, 1E-5, 0.5e0, 1e, 1e+, +1, 01, 1., -x]",
	 "[[1e+5,1E-5,0.5e0,\"1e\",\"1e+\",\"+1\",\"01\",\"1.\",\"-x\"]]"},
	{"[12345678901234567890.10, 01, +1, .5, 1., 0x10, 1_0, .inf]",
	 "[[12345678901234567890.10,\"01\",\"+1\",\".5\",\"1.\",\"0x10\","
	 "\"1_0\",\".inf\"]]"},
	{"[yes, no, on, true, False, null, ~, NULL, nUll]",
	 "[[\"yes\",\"no\",\"on\",true,false,null,null,null,\"nUll\"]]"},
	{"['true', \"1\", !!str 1]", "[[\"true\",\"1\",\"1\"]]"},
	{"a:\nb: ''", "[{\"a\":null,\n\"b\":\"\"}]"},
	{"1: x\ntrue: y\n'q\"': z",
	 "[{\"1\":\"x\",\n\"true\":\"y\",\n\"q\\\"\":\"z\"}]"},
	{"sql: |\n  SELECT 1\n  -- x\nk: >-\n  a\n  b\n",
	 "[{\"sql\":\"SELECT 1\\n-- x\\n\",\n\n\n\"k\":\"a b\"}]"},
	{"- a\n- - b\n  - c\n- d: {}\n  e: []\n",
	 "[[\"a\",\n[\"b\",\n\"c\"],\n{\"d\":{},\n\"e\":[]}]]"},
	{"--- 1\n--- 2\n...\n", "[1,\n2]"},
	{"a: &x {k: 1}\nb: *x\nc: &x 2\nd: *x",
	 "[{\"a\":{\"k\":1},\n\"b\":{\"k\":1},\n\"c\":2,\n\"d\":2}]"},
	{"a: &x\n  - 1\n  - 2\nb: *x\nc: 3",
	 "[{\"a\":[\n1,\n2],\n\"b\":[ 1, 2],\n\"c\":3}]"},
	{"\xc3\xa9: \"\\u00e9\\n\"", "[{\"\xc3\xa9\":\"\xc3\xa9\\n\"}]"},
};

static void writes_json_in_the_lines_of_the_yaml(void **state)
{
	struct buf b = {0};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.n = 0;
		assert_int_equal(yaml_json(&b, slice_str(cases[i].yaml), &e),
				 0);
		assert_string_equal(buf_cstr(&b), cases[i].json);
	}
	buf_clear(&b);
}

static void refuses_what_has_no_plain_meaning(void **state)
{
	static const struct {
		const char *yaml, *why;
	} bad[] = {
		{"a: *x", "line 1, column 4: an alias without an anchor"},
		{"a: &x [*x]",
		 "line 1, column 8: an alias within its own anchor"},
		{"? [1]\n: 2", "line 1, column 3: a key must be a scalar"},
		{"a: &x {k: 1}\nb:\n  <<: *x\n",
		 "line 3, column 3: merge keys (<<) are not supported"},
		{"a: !!binary aGk=",
		 "line 1, column 4: tags other than !!str are not supported"},
		{"a: !thing {}",
		 "line 1, column 4: tags other than !!str are not supported"},
		{"a: 1\n b: 2",
		 "line 2, column 3: mapping values are not allowed in this "
		 "context"},
		{"a: [1", "line 2, column 1: did not find expected ',' or ']'"},
		{"a: \"x", "line 1, column 6: found unexpected end of stream"},
		{"a: \xff", "byte 4: invalid leading UTF-8 octet"},
	};
	struct buf b = {0};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		b.n = 0;
		assert_int_equal(yaml_json(&b, slice_str(bad[i].yaml), &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_string_equal(e.text, bad[i].why);
	}
	buf_clear(&b);
}

static void refuses_depth_anchors_and_bombs(void **state)
{
	struct buf y = {0}, b = {0};
	struct err e;

	(void)state;
	for (int i = 0; i < 65; i++)
		buf_char(&y, '[');
	assert_int_equal(yaml_json(&b, buf_all(&y), &e), -1);
	assert_string_equal(e.text, "line 1, column 65: more than 64 levels");
	y.n = b.n = 0;
	for (int i = 0; i < 1001; i++)
		buf_fmt(&y, "- &a%d x\n", i);
	assert_int_equal(yaml_json(&b, buf_all(&y), &e), -1);
	assert_string_equal(e.text,
			    "line 1001, column 3: more than 1000 anchors");
	y.n = b.n = 0;
	buf_str(&y, "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
	for (int i = 1; i < 10; i++)
		buf_fmt(&y, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n",
			i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	assert_int_equal(yaml_json(&b, buf_all(&y), &e), -1);
	assert_non_null(strstr(e.text, "too long after aliases are expanded"));
	assert_true(b.n < 2 * YAML_MAX);
	buf_clear(&y);
	buf_clear(&b);
}

static void keeps_lines_in_the_tree(void **state)
{
	static const char text[] = "# c\nkind: x\nspec:\n  sql: |\n    a\n"
				   "    b\n  list:\n    - one: 1\n";
	struct doc *d;
	struct err e;
	const struct doc *spec, *list;

	(void)state;
	assert_int_equal(doc_parse_yaml(&d, slice_str(text), &e), 0);
	spec = doc_get(d->first, "spec");
	list = doc_get(spec, "list");
	assert_int_equal(doc_get(d->first, "kind")->line, 2);
	assert_int_equal(doc_get(spec, "sql")->line, 4);
	assert_string_equal(doc_get(spec, "sql")->text, "a\nb\n");
	assert_int_equal(doc_get(list->first, "one")->line, 8);
	doc_free(d);
	assert_int_equal(
		doc_parse_yaml(&d, slice_str("a: 1\nb: 2\na: 3\n"), &e), -1);
	assert_string_equal(e.text, "line 3: the key 'a' is already in line 1");
	assert_int_equal(
		doc_parse_yaml(&d,
			       slice_str("x:\n- {b: 1}\n- c: 1\n"
					 "  d: {e: 1}\n  c: 2\ny: 3\n"),
			       &e),
		-1);
	assert_string_equal(e.text, "line 5: the key 'c' is already in line 3");
}

#endif

static void knows_its_files(void **state)
{
	(void)state;
	assert_true(yaml_named("a.yaml"));
	assert_true(yaml_named("x/a.b.yml"));
	assert_false(yaml_named("a.json"));
	assert_false(yaml_named("yaml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef WITH_YAML
		cmocka_unit_test(writes_json_in_the_lines_of_the_yaml),
		cmocka_unit_test(refuses_what_has_no_plain_meaning),
		cmocka_unit_test(refuses_depth_anchors_and_bombs),
		cmocka_unit_test(keeps_lines_in_the_tree),
#endif
		cmocka_unit_test(knows_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
