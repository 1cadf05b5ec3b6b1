/* test_sent.c - unit tests of wire/state/sent.h */
#include "cmocka_all.h"

#include <unistd.h>

#include "core/file.h"
#include "core/num.h"
#include "scratch.h"
#include "wire/json/hash.h"
#include "wire/state/sent.h"

#define ONE "00000000000000000000000000000001"
#define TWO "00000000000000000000000000000002"
#define A   "aaaaaaaaaaaaaaaa"
#define B   "bbbbbbbbbbbbbbbb"

static struct sent of(const char *attempt)
{
	struct sent s;
	struct err e;

	assert_int_equal(sent_read(&s, ".", slice_str(attempt), &e), 0);
	return s;
}

static bool others(const char *id, const char *refused)
{
	struct sent s = of(ONE);
	bool is = sent_by_others(&s, id, slice_str(refused));

	sent_clear(&s);
	return is;
}

static void start(const char *id)
{
	struct err e;

	assert_int_equal(sent_start(".", ONE, id, false, &e), 0);
}

static void end(const char *id, uint64_t taken, uint64_t doubt)
{
	struct err e;

	assert_int_equal(sent_end(".", ONE, id, taken, doubt, &e), 0);
}

static void knows_who_may_have_delivered(void **state)
{
	struct err e;

	(void)state;
	scratch_enter();
	assert_false(others(A, ""));
	start(A);
	assert_false(others(A, "")); /* itself */
	assert_true(others(B, ""));  /* no end */
	assert_true(others(B, A));
	end(A, 0, 0);
	assert_false(others(B, ""));
	end(A, 5, 0);
	assert_true(others(B, "")); /* its receipts may be lost */
	assert_false(others(B, B " " A));
	end(A, 0, 1);
	assert_true(others(B, ""));
	assert_true(others(B, A)); /* in doubt for all */
	assert_int_equal(sent_settled(".", ONE, A, &e), 0);
	assert_false(others(B, "")); /* the state knows by itself */
	assert_int_equal(sent_remove(".", &e), 0);
	assert_int_equal(sent_remove(".", &e), 0);
	scratch_leave();
}

static void keeps_attempts_apart(void **state)
{
	struct sent s;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(sent_start(".", TWO, A, true, &e), 0);
	assert_int_equal(sent_settled(".", TWO, NULL, &e), 0);
	s = of(ONE);
	assert_int_equal(s.n, 0);
	assert_false(s.committed);
	sent_clear(&s);
	s = of(TWO);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.sender[0].pid, getpid());
	assert_true(s.sender[0].command);
	assert_true(s.committed);
	sent_clear(&s);
	s = of("");
	assert_int_equal(s.n, 1);
	sent_clear(&s);
	scratch_leave();
}

/* Cut anywhere, or with one byte changed, it never tells less doubt. */
static void takes_a_torn_line_for_a_sender_without_end(void **state)
{
	struct buf whole = {0};
	struct sent s;
	struct err e;

	(void)state;
	scratch_enter();
	start(A);
	end(A, 0, 0);
	assert_int_equal(file_read("sent", 4096, &whole, &e), 0);
	for (size_t n = 1; n < whole.n; n++) {
		char was = whole.p[n];

		whole.p[n] = '\0';
		scratch_file("sent", whole.p);
		whole.p[n] = was;
		assert_true(others(B, "") || n == whole.n - 1);
		start(B); /* ends the torn line first */
		assert_true(others(A, ""));
		s = of(ONE);
		assert_true(s.n > 0);
		sent_clear(&s);
	}
	for (size_t n = 0; n < whole.n; n++) {
		char was = whole.p[n];

		whole.p[n] = was == 'x' ? 'y' : 'x';
		scratch_file("sent", buf_cstr(&whole));
		whole.p[n] = was;
		assert_true(others(B, ""));
	}
	/* a newer format */
	scratch_file("sent", "2 calm " ONE "\n");
	assert_true(others(B, ""));
	buf_clear(&whole);
	scratch_leave();
}

/* A line with its checksum, which is not one that we write. */
static void takes_any_other_line_for_doubt(void **state)
{
	static const char *const lines[] = {
		"1 start " ONE " " A " x -", "1 start " ONE " " A " 1",
		"1 end " ONE " " A " 0",     "1 end " ONE " " A " x 0",
		"1 end " ONE " " A " 0 x",   "1 calm " ONE " " A,
		"1 settled " ONE " short",   "1 settled short " A,
		"2 end " ONE " " A " 0 0",   "1 end " ONE,
	};
	char sum[16], text[200];

	(void)state;
	scratch_enter();
	start(A);
	end(A, 0, 0);
	assert_false(others(B, ""));
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		num_to_hex(hash_bytes(lines[i], strlen(lines[i]), 0).lo, sum);
		snprintf(text, sizeof(text), "%s %.16s\n", lines[i], sum);
		scratch_file("sent", text);
		if (!others(B, ""))
			print_error("%s\n", lines[i]);
		assert_true(others(B, ""));
	}
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_who_may_have_delivered),
		cmocka_unit_test(keeps_attempts_apart),
		cmocka_unit_test(takes_a_torn_line_for_a_sender_without_end),
		cmocka_unit_test(takes_any_other_line_for_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
