/* test_udiff.c - unit tests of core/udiff.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/udiff.h"

static const struct {
	const char *a, *b, *want;
} cases[] = {
	{"", "", ""},
	{"a\nb\n", "a\nb\n", ""},
	{"", "a\n", "--- A\n+++ B\n@@ -0,0 +1,1 @@\n+a\n"},
	{"a\n", "", "--- A\n+++ B\n@@ -1,1 +0,0 @@\n-a\n"},
	{"a\nb", "a\nc", "--- A\n+++ B\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"},
	{"a\nb\nc\n", "a\nx\nc\n",
	 "--- A\n+++ B\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
	{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\nx\n",
	 "--- A\n+++ B\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+x\n"},
	{"x\n2\n3\n4\n5\n6\n7\n8\n9\ny\n", "2\n3\n4\n5\n6\n7\n8\n9\n",
	 "--- A\n+++ B\n@@ -1,4 +1,3 @@\n-x\n 2\n 3\n 4\n"
	 "@@ -7,4 +6,3 @@\n 7\n 8\n 9\n-y\n"},
	{"x\n2\n3\n4\n5\n6\n7\ny\n", "2\n3\n4\n5\n6\n7\n",
	 "--- A\n+++ B\n@@ -1,8 +1,6 @@\n-x\n 2\n 3\n 4\n 5\n 6\n 7\n-y\n"},
	{"a\nb\nc\nd\n", "b\nX\nd\ne\n",
	 "--- A\n+++ B\n@@ -1,4 +1,4 @@\n-a\n b\n-c\n+X\n d\n+e\n"},
};

static void shows_what_changed_and_three_lines_around(void **state)
{
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct udiff_text a = {"A", slice_str(cases[i].a)};
		const struct udiff_text c = {"B", slice_str(cases[i].b)};

		b.n = 0;
		udiff(&b, &a, &c);
		assert_string_equal(buf_cstr(&b), cases[i].want);
	}
	buf_clear(&b);
}

/* Large texts without anything in common end soon. */
static void bounds_its_work(void **state)
{
	struct buf a = {0}, b = {0}, out = {0};

	(void)state;
	for (int i = 0; i < 100000; i++) {
		buf_fmt(&a, "a%d\n", i);
		buf_fmt(&b, "b%d\n", i);
	}
	udiff(&out, &(struct udiff_text){"A", buf_all(&a)},
	      &(struct udiff_text){"B", buf_all(&b)});
	assert_non_null(strstr(buf_cstr(&out), "@@ -1,100000 +1,100000 @@\n"));
	buf_clear(&a);
	buf_clear(&b);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_changed_and_three_lines_around),
		cmocka_unit_test(bounds_its_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
