/* test_gone.c - unit tests of the decision table of diff/gone.h */
#include "cmocka_all.h"

#include <string.h>

#include "diff/pass/gone.h"

/* A key of a state that is missing, and nothing special about it; a case says
 * what is.
 */
static struct gone_key plain_but(struct gone_key k)
{
	if (!k.where)
		k.where = GONE_IN_STATE;
	if (!k.input)
		k.input = GONE_WHOLE;
	if (!k.twin)
		k.twin = GONE_NO_TWIN;
	if (!k.holder)
		k.holder = GONE_NOBODY;
	if (!k.open)
		k.open = GONE_ACKNOWLEDGED;
	if (!k.due)
		k.due = GONE_DUE;
	if (!k.row)
		k.row = GONE_ROW_KNOWN;
	return k;
}

static const struct {
	const char *label;
	struct gone_key but;
	enum gone_outcome outcome;
} cases[] = {
	{"a missing key", {0}, GONE_DELETED},
	{"of two files", {.where = GONE_IN_FILE}, GONE_DELETED},
	{"a row that is unknown", {.row = GONE_ROW_UNKNOWN}, GONE_DELETED},
	{"changed, unacknowledged", {.open = GONE_CHANGED}, GONE_DELETED},
	{"its delete, once more", {.open = GONE_DELETING}, GONE_DELETED},
	{"that left the state", {.open = GONE_LEFT}, GONE_DELETED},

	/* guards */
	{"blocked", {.due = GONE_GUARDED}, GONE_BLOCKED},
	{"blocked, changed",
	 {.due = GONE_GUARDED, .open = GONE_CHANGED},
	 GONE_BLOCKED},
	{"blocked, left",
	 {.due = GONE_GUARDED, .open = GONE_LEFT},
	 GONE_PARKED},
	{"allowed before", /* by the count and model guards */
	 {.due = GONE_GUARDED, .open = GONE_DELETING},
	 GONE_DELETED},
	{"allowed before, and now the input is in doubt",
	 {.due = GONE_GUARDED, .open = GONE_DELETING, .input = GONE_BLIND},
	 GONE_BLOCKED},
	{"a part of the rows",
	 {.due = GONE_GUARDED, .input = GONE_PARTIAL},
	 GONE_BLOCKED},
	{"a part of the rows, changed",
	 {.due = GONE_GUARDED, .input = GONE_PARTIAL, .open = GONE_CHANGED},
	 GONE_BLOCKED},
	{"a blind run, changed",
	 {.due = GONE_GUARDED, .input = GONE_BLIND, .open = GONE_CHANGED},
	 GONE_BLOCKED},

	/* --delete-after-runs */
	{"deferred", {.due = GONE_DEFERRED}, GONE_STAYS},
	{"deferred, changed",
	 {.due = GONE_DEFERRED, .open = GONE_CHANGED},
	 GONE_STAYS},
	{"deferred, left",
	 {.due = GONE_DEFERRED, .open = GONE_LEFT},
	 GONE_PARKED},

	/* 7 as "7" */
	{"a twin that was delivered",
	 {.twin = GONE_TWIN_DELIVERED},
	 GONE_DROPPED},
	{"a new twin", {.twin = GONE_TWIN_NEW}, GONE_STAYS},
	{"a new twin, changed",
	 {.twin = GONE_TWIN_NEW, .open = GONE_CHANGED},
	 GONE_PARKED},
	{"a new twin, being deleted",
	 {.twin = GONE_TWIN_NEW, .open = GONE_DELETING},
	 GONE_PARKED},
	{"a twin of a blind run",
	 {.twin = GONE_TWIN_DELIVERED,
	  .input = GONE_BLIND,
	  .open = GONE_CHANGED,
	  .due = GONE_GUARDED},
	 GONE_STAYS},
	{"a new twin in two files",
	 {.where = GONE_IN_FILE, .twin = GONE_TWIN_NEW},
	 GONE_DROPPED},
	{"an old twin in two files",
	 {.where = GONE_IN_FILE, .twin = GONE_TWIN_DELIVERED},
	 GONE_DROPPED},

	/* --identity */
	{"its identity is in a delivered row",
	 {.holder = GONE_HELD_DELIVERED},
	 GONE_DROPPED},
	{"its identity is in a new row",
	 {.holder = GONE_HELD_NEW},
	 GONE_PARKED},
	{"in a new row, and parked before",
	 {.holder = GONE_HELD_NEW, .row = GONE_ROW_UNKNOWN},
	 GONE_STAYS},
	{"in a new row, parked before, changed",
	 {.holder = GONE_HELD_NEW,
	  .row = GONE_ROW_UNKNOWN,
	  .open = GONE_CHANGED},
	 GONE_PARKED},
	{"in a delivered row, blind",
	 {.holder = GONE_HELD_DELIVERED, .input = GONE_BLIND},
	 GONE_STAYS},
	{"in a delivered row, blind, changed",
	 {.holder = GONE_HELD_DELIVERED,
	  .input = GONE_BLIND,
	  .open = GONE_CHANGED},
	 GONE_PARKED},
	{"in a new row, blind, being deleted",
	 {.holder = GONE_HELD_NEW, .input = GONE_BLIND, .open = GONE_DELETING},
	 GONE_STAYS},
	{"in a new row, a part, changed",
	 {.holder = GONE_HELD_NEW, .input = GONE_PARTIAL, .open = GONE_CHANGED},
	 GONE_STAYS},
	{"in a new row of two files",
	 {.where = GONE_IN_FILE, .holder = GONE_HELD_NEW},
	 GONE_DROPPED},
	{"in another missing key", {.holder = GONE_HELD_MISSING}, GONE_DROPPED},
	{"in another missing key, blocked",
	 {.holder = GONE_HELD_MISSING, .due = GONE_GUARDED},
	 GONE_BLOCKED},
	{"in another missing key, its delete allowed before",
	 {.holder = GONE_HELD_MISSING,
	  .due = GONE_GUARDED,
	  .open = GONE_DELETING},
	 GONE_DROPPED},
	{"in another missing key, deferred",
	 {.holder = GONE_HELD_MISSING, .due = GONE_DEFERRED},
	 GONE_STAYS},
};

static void decides_by_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct gone_key k = plain_but(cases[i].but);
		const char *why;
		enum gone_outcome got = gone_decide(&k, &why);
		bool skip = got == GONE_PARKED || got == GONE_DROPPED;

		if (got != cases[i].outcome)
			fail_msg("%s: %d, wanted %d", cases[i].label, (int)got,
				 (int)cases[i].outcome);
		if (skip != (why != NULL))
			fail_msg("%s: the reason of a skip", cases[i].label);
	}
}

/* A delete leaves only where nobody has the key or its identity, and a guard
 * is asked unless it has let this very delete pass, of an input that is whole.
 */
static bool may_delete(const struct gone_key *k)
{
	bool passed = k->open == GONE_DELETING && k->input == GONE_WHOLE;

	return k->twin == GONE_NO_TWIN && k->holder == GONE_NOBODY &&
	       k->due != GONE_DEFERRED && (k->due == GONE_DUE || passed);
}

static void look(const struct gone_key *k)
{
	const char *why;
	enum gone_outcome got = gone_decide(k, &why);

	assert_int_equal(got == GONE_DELETED, may_delete(k));
	/* the only ways out of the state without a delete */
	if (got == GONE_DROPPED)
		assert_true(k->twin != GONE_NO_TWIN ||
			    k->holder != GONE_NOBODY);
	/* nothing is blocked that no guard looks at */
	if (got == GONE_BLOCKED)
		assert_int_equal(k->due, GONE_GUARDED);
	/* of a part nothing is concluded */
	if (k->input == GONE_PARTIAL && k->due != GONE_DUE &&
	    k->where == GONE_IN_STATE && k->twin == GONE_NO_TWIN)
		assert_true(got == GONE_STAYS || got == GONE_BLOCKED);
}

static void deletes_nothing_that_somebody_has(void **state)
{
	struct gone_key k;

	(void)state;
	for (k.where = 1; k.where <= GONE_IN_FILE; k.where <<= 1)
		for (k.input = 1; k.input <= GONE_PARTIAL; k.input <<= 1)
			for (k.twin = 1; k.twin <= GONE_TWIN_DELIVERED;
			     k.twin <<= 1)
				for (k.holder = 1;
				     k.holder <= GONE_HELD_MISSING;
				     k.holder <<= 1)
					for (k.open = 1; k.open <= GONE_LEFT;
					     k.open <<= 1)
						for (unsigned i = 0; i < 6;
						     i++) {
							k.due = 1u << i % 3;
							k.row = 1u << i / 3;
							look(&k);
						}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_by_the_table),
		cmocka_unit_test(deletes_nothing_that_somebody_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
