/* test_commit_glance.c - unit tests of diff/commit_glance.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/reader.h"
#include "diff/commit_glance.h"

#define ID "03741990-7725-8afd-bc42-d1a7c4e7fe54"

static const char usual[] =
	"{\"recordId\":\"7\",\"messageId\":\"" ID
	"\",\"status\":\"accepted\",\"code\":200,\"attempts\":1,\"ms\":4}\n";

/* Whether the bytes, and nothing behind them, are known. */
static bool known(const char *text, size_t n, struct hash *id, size_t *line_n)
{
	char *p = mem_zero(n + READER_PAD);
	bool is;

	memcpy(p, text, n);
	is = commit_glance(slice_of(p, n), id, line_n);
	free(p);
	return is;
}

static void knows_the_usual_receipt(void **state)
{
	static const char *const same[] = {
		usual,
		"{\"recordId\":\"\",\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":0,\"attempts\":10,"
		"\"ms\":123456789}\nmore",
	};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(same); k++) {
		struct hash id;
		size_t n;

		assert_true(known(same[k], strlen(same[k]), &id, &n));
		assert_int_equal(id.hi, 0x0374199077258afd);
		assert_int_equal(id.lo, 0xbc42d1a7c4e7fe54);
		assert_int_equal(n, strchr(same[k], '\n') - same[k]);
	}
}

static void leaves_all_others_to_the_scanner(void **state)
{
	static const char *const other[] = {
		"",
		"{}",
		/* other words, members, texts, numbers */
		"{\"recordId\":\"7\",\"messageId\":\"" ID
		"\",\"status\":\"rejected\",\"code\":200,\"attempts\":1,"
		"\"ms\":4}\n",
		"{\"recordId\":\"7\",\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":200,\"attempts\":1,"
		"\"ms\":4,\"late\":true}\n",
		"{\"recordId\":7,\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":200,\"attempts\":1,"
		"\"ms\":4}\n",
		"{\"recordId\":\"\\\"\",\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":200,\"attempts\":1,"
		"\"ms\":4}\n",
		"{\"recordId\":\"\xff\",\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":200,\"attempts\":1,"
		"\"ms\":4}\n",
		"{\"recordId\":\"7\",\"messageId\":\"" ID
		"-1-2\",\"status\":\"accepted\",\"code\":200,\"attempts\":1,"
		"\"ms\":4}\n",
		"{\"recordId\":\"7\",\"messageId\":\"03741990-7725-8AFD-bc42-"
		"d1a7c4e7fe54\",\"status\":\"accepted\",\"code\":200,"
		"\"attempts\":1,\"ms\":4}\n",
		"{\"recordId\":\"7\",\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":00,\"attempts\":1,"
		"\"ms\":4}\n",
		"{\"recordId\":\"7\",\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":,\"attempts\":1,"
		"\"ms\":4}\n",
		"{\"recordId\":\"7\",\"messageId\":\"" ID
		"\",\"status\":\"accepted\",\"code\":2e2,\"attempts\":1,"
		"\"ms\":4}\n",
	};
	struct hash id;
	size_t n;

	(void)state;
	for (size_t k = 0; k < COUNT_OF(other); k++) {
		if (known(other[k], strlen(other[k]), &id, &n))
			fail_msg("known: %s", other[k]);
	}
	/* a part of the line */
	for (size_t k = 0; k + 1 < sizeof(usual); k++)
		assert_false(known(usual, k, &id, &n));
	/* any other byte in a place that is fixed, or in the id */
	for (size_t k = 0; k + 1 < sizeof(usual); k++) {
		char text[sizeof(usual)];

		memcpy(text, usual, sizeof(usual));
		text[k] = '\x01';
		assert_false(known(text, sizeof(usual) - 1, &id, &n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_usual_receipt),
		cmocka_unit_test(leaves_all_others_to_the_scanner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
