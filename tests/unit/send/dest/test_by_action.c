/* test_by_action.c - unit tests of send/dest/by_action.h */
#include "cmocka_all.h"

#include "send/dest/by_action.h"

static struct opt_list list_of(const char **v, size_t n)
{
	return (struct opt_list){.v = v, .n = n};
}

static void reads_words_for_each_action(void **state)
{
	const char *v[] = {"PUT,delete=DELETE", "insert=POST"};
	struct opt_list list = list_of(v, 2);
	struct by_action x;
	struct err e;

	(void)state;
	assert_int_equal(by_action_read(&x, "method", &list, true, &e), 0);
	assert_string_equal(x.v[BY_INSERT], "POST");
	assert_string_equal(x.v[BY_UPDATE], "PUT");
	assert_string_equal(x.v[BY_DELETE], "DELETE");
	assert_string_equal(x.v[BY_OTHERS], "PUT");
	assert_true(x.own[BY_DELETE]);
	assert_false(x.own[BY_UPDATE]);
	by_action_clear(&x);
}

static void keeps_commas_of_other_texts(void **state)
{
	const char *v[] = {"delete={a, b: .c}"};
	struct opt_list list = list_of(v, 1);
	struct by_action x;
	struct err e;

	(void)state;
	assert_int_equal(by_action_read(&x, "body", &list, false, &e), 0);
	assert_string_equal(x.v[BY_DELETE], "{a, b: .c}");
	assert_null(x.v[BY_INSERT]);
	assert_true(by_action_differs(&list, false));
	by_action_clear(&x);
}

static void finds_an_action_behind_a_comma(void **state)
{
	const char *v[] = {"PUT,delete=PATCH"};
	const char *same[] = {"404,410", "409"};
	const char *later[] = {"404", "410,insert=409"};
	struct opt_list list = list_of(v, 1);

	(void)state;
	assert_true(by_action_differs(&list, true));
	assert_false(by_action_differs(&list, false)); /* it is one text */
	list = list_of(same, 2);
	assert_false(by_action_differs(&list, true));
	list = list_of(later, 2);
	assert_true(by_action_differs(&list, true));
	list = list_of(NULL, 0);
	assert_false(by_action_differs(&list, true));
}

static void refuses_what_is_given_twice(void **state)
{
	const char *v[] = {"delete=PUT", "delete=POST"};
	struct opt_list list = list_of(v, 2);
	struct by_action x;
	struct err e;

	(void)state;
	assert_int_equal(by_action_read(&x, "method", &list, true, &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	by_action_clear(&x);
}

static void knows_the_action_of_an_event(void **state)
{
	(void)state;
	assert_int_equal(by_action_of(slice_str("\"insert\"")), BY_INSERT);
	assert_int_equal(by_action_of(slice_str("\"delete\"")), BY_DELETE);
	assert_int_equal(by_action_of(slice_str("\"deleted\"")), BY_OTHERS);
	assert_int_equal(by_action_of(slice_str("")), BY_OTHERS);
	assert_int_equal(by_action_of(slice_str("7")), BY_OTHERS);
}

static void reads_statuses(void **state)
{
	const char *v[] = {"delete=404,410", "delete=423"};
	const char *bad[] = {"delete=4o4"};
	struct opt_list list = list_of(v, 2);
	struct by_action_statuses x;
	struct err e;

	(void)state;
	assert_int_equal(by_action_read_statuses(&x, "s", &list, &e), 0);
	assert_true(by_action_has_status(&x, BY_DELETE, 404));
	assert_true(by_action_has_status(&x, BY_DELETE, 423));
	assert_false(by_action_has_status(&x, BY_INSERT, 404));
	assert_true(by_action_has_status(&x, BY_INSERT, 410));
	list = list_of(bad, 1);
	assert_int_equal(by_action_read_statuses(&x, "s", &list, &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_words_for_each_action),
		cmocka_unit_test(keeps_commas_of_other_texts),
		cmocka_unit_test(finds_an_action_behind_a_comma),
		cmocka_unit_test(refuses_what_is_given_twice),
		cmocka_unit_test(knows_the_action_of_an_event),
		cmocka_unit_test(reads_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
