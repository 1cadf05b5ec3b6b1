/* test_state_connection.c - unit tests of diff/state/state_connection.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "core/reader.h"
#include "diff/state/state_connection.h"

#define TO   "\"destination\":{\"kind\":\"file\"}"
#define A    "0000000000000001"
#define B    "000000000000000b"
#define EVEN "0000000000000002"
#define NOTE(entries)                                                          \
	"{\"mode\":\"mirror\",\"mapping\":{\"entries\":\"" entries "\"}," TO   \
	",\"attempt\":\"old\"}"

static struct slice note_of(struct snapshot *s)
{
	return s->note[SNAPSHOT_CONNECTION];
}

/* What the commit of receipts with this begin line makes of a note. */
static void commit(struct state_connection *c, struct snapshot *s,
		   const char *begin, const char *attempt, bool accepted,
		   bool *any)
{
	struct control_reader *r = control_reader_new();
	struct control control;
	struct err e;
	char token[33], line[1024 + READER_PAD] = "";

	snprintf(token, sizeof(token), "%s", attempt);
	snprintf(line, 1024, "%s", begin);
	assert_int_equal(control_read(r, slice_str(line), &control, &e), 0);
	state_connection_read(c, r, token);
	c->accepted = accepted;
	*any = false;
	state_connection_note(c, s, false, false, any);
	control_reader_free(r);
}

static void keeps_the_mapping_where_a_failed_run_delivered_nothing(void **state)
{
	static const struct {
		bool accepted, aborted, resend;
	} cases[] = {
		{false, false, true}, /* a run without changes */
		{false, true, false},
		{true, true, true},
		{true, false, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct state_connection c = {.aborted = cases[i].aborted};
		struct snapshot s = {.note[SNAPSHOT_CONNECTION] =
					     slice_str(NOTE(A))};
		bool any;

		commit(&c, &s,
		       "{\"type\":\"begin\",\"mode\":\"mirror\","
		       "\"mapping\":{\"entries\":\"" A B "\"}," TO "}",
		       "new", cases[i].accepted, &any);
		assert_int_equal(c.resend, cases[i].resend);
		assert_int_equal(s.note[SNAPSHOT_RESEND].n > 0,
				 cases[i].resend);
		assert_int_equal(strstr(buf_cstr(&c.note), A B) != NULL,
				 cases[i].resend);
		state_connection_clear(&c);
	}
}

static void sends_again_what_is_not_only_removed(void **state)
{
	static const struct {
		const char *was, *entries, *how;
		bool resend, any;
	} cases[] = {
		{NOTE(A), A, "", false, false},
		{NOTE(A), A B, "", true, true},
		{NOTE(A), B, "", true, true},
		{NOTE(A B), A, "", false, true},
		{NOTE(A B), "", "", false, true},
		{NOTE(A EVEN), A, "", true, true},
		{NOTE(A EVEN), EVEN A, "", false, true},
		{NOTE(A), A B, "\"on_mapping_change\":\"changed\",", false,
		 true},
		{NOTE(A), A B, "\"on_mapping_change\":\"none\",", false, false},
		{NOTE(A), A B, "\"on_mapping_change\":\"something long\",",
		 true, true},
		{"", A, "", false, true},
		{"{" TO "}", A, "", false, true},
		/* of a state that somebody has damaged */
		{"{\"mapping\":7," TO "}", A, "", true, true},
		{"[]", A, "", false, true},
		{"{", A, "", false, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct state_connection c = {0};
		struct snapshot s = {.note[SNAPSHOT_CONNECTION] =
					     slice_str(cases[i].was)};
		char begin[512];
		bool any;

		snprintf(begin, sizeof(begin),
			 "{\"type\":\"begin\",\"mode\":\"mirror\",%s"
			 "\"mapping\":{\"entries\":\"%s\"}," TO "}",
			 cases[i].how, cases[i].entries);
		commit(&c, &s, begin, "new", true, &any);
		if (c.resend != cases[i].resend || any != cases[i].any)
			fail_msg("%s and %s %s: %d, %d", cases[i].was,
				 cases[i].how, cases[i].entries, c.resend, any);
		assert_int_equal(s.note[SNAPSHOT_RESEND].n > 0, c.resend);
		assert_false(c.conflict);
		state_connection_clear(&c);
		state_connection_clear(&c);
	}
}

static void records_with_the_first_accepted_receipt(void **state)
{
	static const char begin[] =
		"{\"type\":\"begin\",\"mode\":\"upsert\",\"mapping\":{"
		"\"entries\":\"" A "\"}," TO "}";
	struct state_connection c = {0};
	struct snapshot s = {0};
	struct buf mode = {0};
	bool any;

	(void)state;
	commit(&c, &s, begin, "one", false, &any);
	assert_false(any);
	assert_int_equal(note_of(&s).n, 0);
	commit(&c, &s, begin, "one", true, &any);
	assert_true(any);
	state_connection_mode(note_of(&s), &mode);
	assert_string_equal(buf_cstr(&mode), "upsert");
	buf_clear(&mode);
	state_connection_clear(&c);
	/* a stream that does not say where it went */
	s = (struct snapshot){0};
	commit(&c, &s, "{\"type\":\"begin\",\"mode\":\"upsert\"}", "one", true,
	       &any);
	assert_false(any);
	assert_int_equal(note_of(&s).n, 0);
	state_connection_clear(&c);
}

static void refuses_two_mappings_of_one_run(void **state)
{
	static const char begin[] =
		"{\"type\":\"begin\",\"mapping\":{\"entries\":\"" B "\"}," TO
		"}";
	struct state_connection c = {0};
	struct snapshot s = {.note[SNAPSHOT_CONNECTION] = slice_str(NOTE(A))};
	bool any;

	(void)state;
	/* nothing of the second one was accepted */
	commit(&c, &s, begin, "old", false, &any);
	assert_false(c.conflict);
	state_connection_clear(&c);
	s.note[SNAPSHOT_CONNECTION] = slice_str(NOTE(A));
	s.note[SNAPSHOT_RESEND] = slice_of(NULL, 0);
	commit(&c, &s, begin, "old", true, &any);
	assert_true(c.conflict && any && !c.resend);
	assert_null(memmem(note_of(&s).p, note_of(&s).n, "mapping", 7));
	state_connection_clear(&c);
}

static void knows_events_that_are_counted(void **state)
{
	static const struct {
		const char *types;
		bool counts;
	} cases[] = {
		{"[\"identify\"]", false},
		{"[\"identify\",\"track\"]", true},
		{"[\"page\"]", true},
		{"[\"screen\"]", true},
		{"[\"record\"]", false},
		{"[7,null]", false},
		{"[]", false},
		{"\"track\"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char note[128];

		snprintf(note, sizeof(note), "{\"mapping\":{\"types\":%s}}",
			 cases[i].types);
		assert_int_equal(state_connection_counts(slice_str(note)),
				 cases[i].counts);
	}
	assert_false(state_connection_counts(slice_str("")));
	assert_false(state_connection_counts(slice_str("{")));
}

static void forgets_the_word_of_the_receipts_before(void **state)
{
	struct state_connection c = {0};
	struct snapshot s = {0};
	bool any;

	(void)state;
	memset(c.how, 'x', sizeof(c.how) - 1);
	commit(&c, &s,
	       "{\"type\":\"begin\",\"mode\":\"mirror\","
	       "\"on_mapping_change\":\"now\"}",
	       "one", false, &any);
	assert_string_equal(c.how, "now");
	state_connection_clear(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			keeps_the_mapping_where_a_failed_run_delivered_nothing),
		cmocka_unit_test(sends_again_what_is_not_only_removed),
		cmocka_unit_test(records_with_the_first_accepted_receipt),
		cmocka_unit_test(refuses_two_mappings_of_one_run),
		cmocka_unit_test(knows_events_that_are_counted),
		cmocka_unit_test(forgets_the_word_of_the_receipts_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
