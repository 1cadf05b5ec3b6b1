/* test_jsontestsuite.c - wire/json/scan.h on github.com/nst/JSONTestSuite
 *
 * Reads the folder test_parsing of the corpora beside the project ($TOP is
 * set by tests/run.sh), and is skipped where they are missing.
 */
#include "cmocka_all.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/reader.h"
#include "wire/json/scan.h"

/* What RFC 8259 leaves open (i_): these we accept, all others are refused:
 * invalid UTF-8, UTF-16, a byte order mark, more than 256 levels. Numbers are
 * text of any size here, and lone surrogate escapes stay as they are written.
 */
static const char *const accepted[] = {
	"i_number_double_huge_neg_exp.json",
	"i_number_huge_exp.json",
	"i_number_neg_int_huge_exp.json",
	"i_number_pos_double_huge_exp.json",
	"i_number_real_neg_overflow.json",
	"i_number_real_pos_overflow.json",
	"i_number_real_underflow.json",
	"i_number_too_big_neg_int.json",
	"i_number_too_big_pos_int.json",
	"i_number_very_big_negative_int.json",
	"i_object_key_lone_2nd_surrogate.json",
	"i_string_1st_surrogate_but_2nd_missing.json",
	"i_string_1st_valid_surrogate_2nd_invalid.json",
	"i_string_incomplete_surrogate_and_escape_valid.json",
	"i_string_incomplete_surrogate_pair.json",
	"i_string_incomplete_surrogates_escape_valid.json",
	"i_string_invalid_lonely_surrogate.json",
	"i_string_invalid_surrogate.json",
	"i_string_inverted_surrogates_U+1D11E.json",
	"i_string_lone_second_surrogate.json",
};

/* A name twice in one object: valid by the grammar, refused on purpose. */
static const char *const duplicates[] = {
	"y_object_duplicated_key.json",
	"y_object_duplicated_key_and_value.json",
};

static bool is_in(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

static bool wanted(const char *name)
{
	if (name[0] == 'i')
		return is_in(name, accepted, COUNT_OF(accepted));
	return name[0] == 'y' && !is_in(name, duplicates, COUNT_OF(duplicates));
}

/* The file as one line: an LF inside becomes CR, which JSON takes as white
 * space too, and refuses in strings too.
 */
static void load(struct buf *b, const char *path)
{
	struct err e = {0};

	b->n = 0;
	if (file_read(path, 1024 * 1024, b, &e) < 0)
		fail_msg("%s", e.text);
	for (size_t i = 0; i < b->n; i++) {
		if (b->p[i] == '\n')
			b->p[i] = '\r';
	}
}

/* The text as a value by itself, and as the member of a record. */
static bool takes(struct scan *s, struct slice text, bool record)
{
	char *p = calloc(1, text.n + 6 + READER_PAD);
	enum scan_kind kind;
	size_t n = record ? text.n + 6 : text.n;
	int rc;

	assert_non_null(p);
	if (record) {
		memcpy(p, "{\"k\":", 5);
		memcpy(p + 5, text.p, text.n);
		p[n - 1] = '}';
	} else {
		memcpy(p, text.p, text.n);
	}
	p[n] = '\n';
	rc = record ? scan_object(s, slice_of(p, n))
		    : scan_value(s, slice_of(p, n), &kind);
	if (rc < 0) {
		assert_true(scan_at(s) <= n);
		assert_non_null(scan_why(s));
	} else if (record) {
		const struct scan_member *m = scan_members(s, &n);

		assert_int_equal(n, 1);
		assert_true(m->value.p + m->value.n <= p + 5 + text.n);
	}
	free(p);
	return rc == 0;
}

static void one_file(struct scan *s, const char *name, struct slice text)
{
	for (int i = 0; i < 4; i++) {
		scan_portable(s, i & 1);
		if (takes(s, text, i & 2) != wanted(name))
			fail_msg("%s: wrongly %s%s", name,
				 wanted(name) ? "refused: " : "accepted",
				 wanted(name) ? scan_why(s) : "");
	}
}

static void decides_each_file_as_it_must(void **state)
{
	DIR *dir = opendir(".");
	struct scan *s = scan_new();
	struct buf b = {0};
	struct dirent *d;
	size_t n = 0;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		load(&b, d->d_name);
		one_file(s, d->d_name, buf_all(&b));
		n++;
	}
	closedir(dir);
	assert_true(n >= 300);
	print_message("%zu files\n", n);
	buf_clear(&b);
	scan_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_each_file_as_it_must),
	};
	const char *top = getenv("TOP");

	if (chdir(top ? top : ".") < 0 ||
	    chdir("../shared/corpora/jsontestsuite/test_parsing") < 0) {
		printf("no corpus ../shared/corpora/jsontestsuite\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
