/* test_gone.c - unit tests of the decision table of diff/pass/missing_keys.h */
#include "cmocka_all.h"

#include <string.h>

#include "diff/pass/missing_keys.h"

/* A key of a state that is missing, and nothing special about it; a case says
 * what is.
 */
static struct missing_keys_key plain_but(struct missing_keys_key k)
{
	if (!k.where)
		k.where = MISSING_KEYS_IN_STATE;
	if (!k.input)
		k.input = MISSING_KEYS_WHOLE;
	if (!k.twin)
		k.twin = MISSING_KEYS_NO_TWIN;
	if (!k.holder)
		k.holder = MISSING_KEYS_NOBODY;
	if (!k.open)
		k.open = MISSING_KEYS_ACKNOWLEDGED;
	if (!k.due)
		k.due = MISSING_KEYS_DUE;
	if (!k.row)
		k.row = MISSING_KEYS_ROW_KNOWN;
	return k;
}

static const struct {
	const char *label;
	struct missing_keys_key but;
	enum missing_keys_outcome outcome;
} cases[] = {
	{"a missing key", {0}, MISSING_KEYS_DELETED},
	{"of two files", {.where = MISSING_KEYS_IN_FILE}, MISSING_KEYS_DELETED},
	{"a row that is unknown",
	 {.row = MISSING_KEYS_ROW_UNKNOWN},
	 MISSING_KEYS_DELETED},
	{"changed, unacknowledged",
	 {.open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_DELETED},
	{"its delete, once more",
	 {.open = MISSING_KEYS_DELETING},
	 MISSING_KEYS_DELETED},
	{"that left the state",
	 {.open = MISSING_KEYS_LEFT},
	 MISSING_KEYS_DELETED},

	/* guards */
	{"blocked", {.due = MISSING_KEYS_GUARDED}, MISSING_KEYS_BLOCKED},
	{"blocked, changed",
	 {.due = MISSING_KEYS_GUARDED, .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_BLOCKED},
	{"blocked, left",
	 {.due = MISSING_KEYS_GUARDED, .open = MISSING_KEYS_LEFT},
	 MISSING_KEYS_PARKED},
	{"allowed before", /* by the count and model guards */
	 {.due = MISSING_KEYS_GUARDED, .open = MISSING_KEYS_DELETING},
	 MISSING_KEYS_DELETED},
	{"allowed before, and now the input is in doubt",
	 {.due = MISSING_KEYS_GUARDED,
	  .open = MISSING_KEYS_DELETING,
	  .input = MISSING_KEYS_BLIND},
	 MISSING_KEYS_BLOCKED},
	{"a part of the rows",
	 {.due = MISSING_KEYS_GUARDED, .input = MISSING_KEYS_PARTIAL},
	 MISSING_KEYS_BLOCKED},
	{"a part of the rows, changed",
	 {.due = MISSING_KEYS_GUARDED,
	  .input = MISSING_KEYS_PARTIAL,
	  .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_BLOCKED},
	{"a blind run, changed",
	 {.due = MISSING_KEYS_GUARDED,
	  .input = MISSING_KEYS_BLIND,
	  .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_BLOCKED},

	/* --delete-after-runs */
	{"deferred", {.due = MISSING_KEYS_DEFERRED}, MISSING_KEYS_STAYS},
	{"deferred, changed",
	 {.due = MISSING_KEYS_DEFERRED, .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_STAYS},
	{"deferred, left",
	 {.due = MISSING_KEYS_DEFERRED, .open = MISSING_KEYS_LEFT},
	 MISSING_KEYS_PARKED},

	/* 7 as "7" */
	{"a twin that was delivered",
	 {.twin = MISSING_KEYS_TWIN_DELIVERED},
	 MISSING_KEYS_DROPPED},
	{"a new twin", {.twin = MISSING_KEYS_TWIN_NEW}, MISSING_KEYS_STAYS},
	{"a new twin, changed",
	 {.twin = MISSING_KEYS_TWIN_NEW, .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_STAYS},
	{"a new twin, being deleted",
	 {.twin = MISSING_KEYS_TWIN_NEW, .open = MISSING_KEYS_DELETING},
	 MISSING_KEYS_STAYS},
	{"a twin of a blind run",
	 {.twin = MISSING_KEYS_TWIN_DELIVERED,
	  .input = MISSING_KEYS_BLIND,
	  .open = MISSING_KEYS_CHANGED,
	  .due = MISSING_KEYS_GUARDED},
	 MISSING_KEYS_STAYS},
	{"a new twin in two files",
	 {.where = MISSING_KEYS_IN_FILE, .twin = MISSING_KEYS_TWIN_NEW},
	 MISSING_KEYS_DROPPED},
	{"an old twin in two files",
	 {.where = MISSING_KEYS_IN_FILE, .twin = MISSING_KEYS_TWIN_DELIVERED},
	 MISSING_KEYS_DROPPED},

	/* --identity */
	{"its identity is in a delivered row",
	 {.holder = MISSING_KEYS_HELD_DELIVERED},
	 MISSING_KEYS_DROPPED},
	{"its identity is in a new row",
	 {.holder = MISSING_KEYS_HELD_NEW},
	 MISSING_KEYS_PARKED},
	{"in a new row, and parked before",
	 {.holder = MISSING_KEYS_HELD_NEW, .row = MISSING_KEYS_ROW_UNKNOWN},
	 MISSING_KEYS_STAYS},
	{"in a new row, parked before, changed",
	 {.holder = MISSING_KEYS_HELD_NEW,
	  .row = MISSING_KEYS_ROW_UNKNOWN,
	  .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_PARKED},
	{"in a delivered row, blind",
	 {.holder = MISSING_KEYS_HELD_DELIVERED, .input = MISSING_KEYS_BLIND},
	 MISSING_KEYS_STAYS},
	{"in a delivered row, blind, changed",
	 {.holder = MISSING_KEYS_HELD_DELIVERED,
	  .input = MISSING_KEYS_BLIND,
	  .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_PARKED},
	{"in a new row, blind, being deleted",
	 {.holder = MISSING_KEYS_HELD_NEW,
	  .input = MISSING_KEYS_BLIND,
	  .open = MISSING_KEYS_DELETING},
	 MISSING_KEYS_STAYS},
	{"in a new row, a part, changed",
	 {.holder = MISSING_KEYS_HELD_NEW,
	  .input = MISSING_KEYS_PARTIAL,
	  .open = MISSING_KEYS_CHANGED},
	 MISSING_KEYS_STAYS},
	{"in a new row of two files",
	 {.where = MISSING_KEYS_IN_FILE, .holder = MISSING_KEYS_HELD_NEW},
	 MISSING_KEYS_DROPPED},
	{"in another missing key",
	 {.holder = MISSING_KEYS_HELD_MISSING},
	 MISSING_KEYS_DROPPED},
	{"in another missing key, blocked",
	 {.holder = MISSING_KEYS_HELD_MISSING, .due = MISSING_KEYS_GUARDED},
	 MISSING_KEYS_BLOCKED},
	{"in another missing key, its delete allowed before",
	 {.holder = MISSING_KEYS_HELD_MISSING,
	  .due = MISSING_KEYS_GUARDED,
	  .open = MISSING_KEYS_DELETING},
	 MISSING_KEYS_DROPPED},
	{"in another missing key, deferred",
	 {.holder = MISSING_KEYS_HELD_MISSING, .due = MISSING_KEYS_DEFERRED},
	 MISSING_KEYS_STAYS},
};

static void decides_by_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct missing_keys_key k = plain_but(cases[i].but);
		const char *why;
		enum missing_keys_outcome got = missing_keys_decide(&k, &why);
		bool skip = got == MISSING_KEYS_PARKED ||
			    got == MISSING_KEYS_DROPPED;

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
static bool may_delete(const struct missing_keys_key *k)
{
	bool passed = k->open == MISSING_KEYS_DELETING &&
		      k->input == MISSING_KEYS_WHOLE;

	return k->twin == MISSING_KEYS_NO_TWIN &&
	       k->holder == MISSING_KEYS_NOBODY &&
	       k->due != MISSING_KEYS_DEFERRED &&
	       (k->due == MISSING_KEYS_DUE || passed);
}

static void look(const struct missing_keys_key *k)
{
	const char *why;
	enum missing_keys_outcome got = missing_keys_decide(k, &why);

	assert_int_equal(got == MISSING_KEYS_DELETED, may_delete(k));
	/* the only ways out of the state without a delete */
	if (got == MISSING_KEYS_DROPPED)
		assert_true(k->twin != MISSING_KEYS_NO_TWIN ||
			    k->holder != MISSING_KEYS_NOBODY);
	/* nothing is blocked that no guard looks at */
	if (got == MISSING_KEYS_BLOCKED)
		assert_int_equal(k->due, MISSING_KEYS_GUARDED);
	/* of a part nothing is concluded */
	if (k->input == MISSING_KEYS_PARTIAL && k->due != MISSING_KEYS_DUE &&
	    k->where == MISSING_KEYS_IN_STATE &&
	    k->twin == MISSING_KEYS_NO_TWIN)
		assert_true(got == MISSING_KEYS_STAYS ||
			    got == MISSING_KEYS_BLOCKED);
}

static void deletes_nothing_that_somebody_has(void **state)
{
	struct missing_keys_key k;

	(void)state;
	for (k.where = 1; k.where <= MISSING_KEYS_IN_FILE; k.where <<= 1)
		for (k.input = 1; k.input <= MISSING_KEYS_PARTIAL;
		     k.input <<= 1)
			for (k.twin = 1; k.twin <= MISSING_KEYS_TWIN_DELIVERED;
			     k.twin <<= 1)
				for (k.holder = 1;
				     k.holder <= MISSING_KEYS_HELD_MISSING;
				     k.holder <<= 1)
					for (k.open = 1;
					     k.open <= MISSING_KEYS_LEFT;
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
