/* test_settle.c - unit tests of diff/state/apply.h */
#include "cmocka_all.h"

#include "diff/state/apply_early.h"
#include "diff/state/pending_write.h"
#include "made.h"

#define COLUMNS "[\"id\"]"

/* An intent of the table: text of its key, version, action, row (or for a
 * snapshot: version and row of the key). text NULL ends a list.
 */
struct made {
	const char *text;
	uint32_t version;
	enum pending_action action;
	uint64_t row;
	bool doubt;
};

/* An answer to intent number `to`: event i of n. */
struct answer {
	size_t to; /* from 1; 0 ends the list */
	enum apply_answer what;
	uint64_t i, n;
};

#define INSERT PENDING_INSERT
#define UPDATE PENDING_UPDATE
#define DELETE PENDING_DELETE
#define YES    APPLY_ACCEPTED
#define NO     APPLY_REJECTED
#define NOT    APPLY_FAILED
#define MAYBE  APPLY_UNKNOWN
#define NO_BUT APPLY_DOUBTED

static const struct {
	const char *label;
	bool accept_rejected;
	struct made known[3]; /* the snapshot before */
	struct made intents[5];
	struct answer answers[8];
	struct made after[3]; /* the snapshot behind it */
	const char *open;     /* intents that stay, by number */
	uint64_t applied;
	const char *doubt; /* of those that stay, which came to be in doubt */
	bool unproven;
} cases[] = {
	{"no answer",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{0}},
	 {{0}},
	 "1",
	 0,
	 "",
	 false},
	{"an insert is accepted",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"2", 0, INSERT, 5, false}},
	 {{1, YES, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "2",
	 1,
	 "",
	 false},
	{"an update is accepted",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}},
	 {{1, YES, 1, 1}},
	 {{"1", 2, INSERT, 6, false}},
	 "",
	 1,
	 "",
	 false},
	{"a delete is accepted",
	 false,
	 {{"1", 1, INSERT, 5, false}, {"2", 1, INSERT, 5, false}},
	 {{"1", 1, DELETE, 0, false}},
	 {{1, YES, 1, 1}},
	 {{"2", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"a delete of what never was",
	 false,
	 {{0}},
	 {{"1", 1, DELETE, 0, false}},
	 {{1, YES, 1, 1}},
	 {{0}},
	 "",
	 1,
	 "",
	 false},
	{"refused: offered again as new",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}},
	 {{1, NO, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 0,
	 "",
	 false},
	{"refused, and that is that",
	 true,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}},
	 {{1, NO, 1, 1}},
	 {{"1", 2, INSERT, 6, false}},
	 "",
	 1,
	 "",
	 false},
	{"failed never counts as done",
	 true,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}},
	 {{1, NOT, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 0,
	 "",
	 false},
	{"failed, but in doubt",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, true}},
	 {{1, NOT, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "1",
	 0,
	 "",
	 false},
	{"refused, but in doubt",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, true}},
	 {{1, NO, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "1",
	 0,
	 "",
	 false},
	{"accepted ends the doubt",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, true}},
	 {{1, YES, 1, 1}},
	 {{"1", 2, INSERT, 6, false}},
	 "",
	 1,
	 "",
	 false},
	{"accepted wins over what else was said",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, NOT, 1, 1}, {1, YES, 1, 1}, {1, NO, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"the newest accepted one counts",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"1", 1, INSERT, 6, false}},
	 {{2, YES, 1, 1}, {1, YES, 1, 1}},
	 {{"1", 2, INSERT, 6, false}},
	 "",
	 1,
	 "",
	 false},
	{"a newer one stays open above an older",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"1", 1, INSERT, 6, false}},
	 {{1, YES, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "2",
	 1,
	 "",
	 false},
	{"refused above one that stays open",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"1", 1, INSERT, 6, false}},
	 {{2, NO, 1, 1}},
	 {{0}},
	 "1",
	 0,
	 "",
	 false},
	{"it stays as well where the key was parked between them",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"1", 2, INSERT, 5, false}},
	 {{2, NO, 1, 1}},
	 {{0}},
	 "12",
	 0,
	 "",
	 false},
	{"and ends with it",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"1", 2, INSERT, 5, false}},
	 {{1, NOT, 1, 1}, {2, NO, 1, 1}},
	 {{0}},
	 "",
	 0,
	 "",
	 false},
	{"what was parked in case of a refusal: refused",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}, {"1", 1, UPDATE, 0, false}},
	 {{1, NO, 1, 1}, {2, YES, 1, 1}},
	 {{"1", 2, INSERT, 0, false}},
	 "",
	 1,
	 "",
	 false},
	{"accepted",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}, {"1", 1, UPDATE, 0, false}},
	 {{2, YES, 1, 1}, {1, YES, 1, 1}},
	 {{"1", 2, INSERT, 6, false}},
	 "",
	 1,
	 "",
	 false},
	{"unanswered: later receipts may refuse it",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}, {"1", 1, UPDATE, 0, false}},
	 {{2, YES, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "12",
	 0,
	 "",
	 false},
	{"and do",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}, {"1", 1, UPDATE, 0, false}},
	 {{1, NO, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "2",
	 0,
	 "",
	 false},
	{"or accept it",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 6, false}, {"1", 1, UPDATE, 0, false}},
	 {{1, YES, 1, 1}},
	 {{"1", 2, INSERT, 6, false}},
	 "",
	 1,
	 "",
	 false},
	{"deleted",
	 false,
	 {{"1", 1, INSERT, 5, false}},
	 {{"1", 1, UPDATE, 0, false}, {"1", 1, DELETE, 0, false}},
	 {{1, YES, 1, 1}, {2, YES, 1, 1}},
	 {{0}},
	 "",
	 1,
	 "",
	 false},
	{"an older one is done with by a newer",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, true}, {"1", 1, INSERT, 6, false}},
	 {{2, YES, 1, 1}},
	 {{"1", 2, INSERT, 6, false}},
	 "",
	 1,
	 "",
	 false},
	{"an old answer never moves back",
	 false,
	 {{"1", 4, INSERT, 9, false}},
	 {{"1", 2, UPDATE, 5, false}, {"1", 3, DELETE, 0, false}},
	 {{1, YES, 1, 1}, {2, YES, 1, 1}},
	 {{"1", 4, INSERT, 9, false}},
	 "",
	 0,
	 "",
	 false},
	{"both events of a change",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, YES, 2, 2}, {1, YES, 1, 2}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"one event of two",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, YES, 1, 2}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"one event twice is not two",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, YES, 1, 2}, {1, YES, 1, 2}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"one event refused: a part arrived",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, YES, 1, 2}, {1, NO, 2, 2}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"both events refused",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, NOT, 1, 2}, {1, NO, 2, 2}},
	 {{0}},
	 "",
	 0,
	 "",
	 false},
	{"one event refused, and that is that",
	 true,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, YES, 1, 2}, {1, NO, 2, 2}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"an event that failed first",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, NOT, 1, 2}, {1, YES, 2, 2}, {1, YES, 1, 2}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"events of two changes",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"2", 0, INSERT, 6, false}},
	 {{2, YES, 1, 3}, {1, YES, 2, 2}, {2, YES, 3, 3}, {1, YES, 1, 2}},
	 {{"1", 1, INSERT, 5, false}},
	 "2",
	 1,
	 "2",
	 false},
	{"unknown, then failed",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, MAYBE, 1, 1}, {1, NOT, 1, 1}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"refused, then unknown",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, NO, 1, 1}, {1, MAYBE, 1, 1}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"unknown never counts as done",
	 true,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, MAYBE, 1, 1}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"a refusal in doubt stays",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, NO_BUT, 1, 1}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"a refusal in doubt, and that is that",
	 true,
	 {{0}},
	 {{"1", 0, INSERT, 5, true}},
	 {{1, MAYBE, 1, 1}, {1, NO_BUT, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"unknown, then accepted",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, MAYBE, 1, 1}, {1, YES, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"accepted, then unknown",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, YES, 1, 1}, {1, MAYBE, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 false},
	{"a newer one in doubt outlives an older accepted",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"1", 1, INSERT, 6, false}},
	 {{1, YES, 1, 1}, {2, MAYBE, 1, 1}, {2, NOT, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "2",
	 1,
	 "2",
	 false},
	{"an event of two unknown, the other failed",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, NOT, 1, 2}, {1, MAYBE, 2, 2}, {1, NOT, 2, 2}},
	 {{0}},
	 "1",
	 0,
	 "1",
	 false},
	{"failed where another may have delivered",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}, {"2", 0, INSERT, 5, false}},
	 {{1, NOT, 1, 1}, {2, NO, 1, 1}},
	 {{0}},
	 "12",
	 0,
	 "12",
	 true},
	{"accepted where another may have delivered",
	 false,
	 {{0}},
	 {{"1", 0, INSERT, 5, false}},
	 {{1, NOT, 1, 1}, {1, YES, 1, 1}},
	 {{"1", 1, INSERT, 5, false}},
	 "",
	 1,
	 "",
	 true},
};

static struct intent intent_of(const struct made *m)
{
	struct intent i = made_intent(m->text, m->version, m->action, m->row);

	i.doubt = m->doubt;
	return i;
}

static void put_files(const struct made *known, const struct made *intents)
{
	struct snapshot none = {.seed = MADE_SEED,
				.columns = slice_str(COLUMNS)};
	struct snapshot_row row[3];
	struct journal j;
	struct err e;
	size_t n = 0;

	unlink("st/snapshot");
	unlink("st/pending");
	for (; n < 3 && known[n].text; n++)
		row[n] =
			made_row(known[n].text, known[n].version, known[n].row);
	snapshot_order(row, n);
	if (n > 0)
		assert_int_equal(
			snapshot_write(&none, row, n, 9, "st/snapshot", &e), 0);
	assert_int_equal(pending_write_start(&j, "st/pending", MADE_SEED, 0,
					     slice_str("r1"),
					     slice_str(COLUMNS), &e),
			 0);
	for (size_t i = 0; i < 5 && intents[i].text; i++) {
		struct intent x = intent_of(&intents[i]);

		pending_write_add(&j, &x);
	}
	assert_int_equal(journal_flush(&j, false, &e), 0);
	journal_close(&j);
}

static uint64_t memory; /* 0: all at once; 1: part by part */
static bool live;       /* worked in by who took them down, as they come */
static struct apply_receipts taken;

static void put_answers(struct state *s, const struct made *intents,
			const struct answer *a, bool accept_rejected)
{
	struct err e;

	if (apply_open(&taken, s, accept_rejected, 0, &e) < 0)
		fail_msg("%s", e.text);
	for (; a->to > 0; a++) {
		struct intent x = intent_of(&intents[a->to - 1]);
		char hex[32];

		pending_hex(pending_id(&x, MADE_SEED), hex);
		apply_add(&taken, hex, a->i, a->n, a->what);
		assert_int_equal(journal_flush(&taken.file, false, &e), 0);
	}
	if (!live)
		apply_close(&taken);
}

static int work_in(struct state *s, bool accept_rejected,
		   struct apply_counts *c, struct err *e)
{
	int rc = apply(s, live ? &taken : NULL, accept_rejected, c, e);

	if (live)
		apply_close(&taken);
	return rc;
}

static void is_snapshot(const struct state *s, const char *label,
			const struct made *want)
{
	size_t n = 0;

	for (; n < 3 && want[n].text; n++) {
		int64_t at =
			snapshot_find(&s->snapshot, made_key(want[n].text));

		if (at < 0 ||
		    snapshot_version(&s->snapshot, (size_t)at) !=
			    want[n].version ||
		    snapshot_mark(&s->snapshot, (size_t)at).content !=
			    want[n].row)
			fail_msg("%s: key %s", label, want[n].text);
		/* no version ever used is above it */
		assert_true(s->generation >= want[n].version);
	}
	if (s->snapshot.n != n)
		fail_msg("%s: %zu keys", label, s->snapshot.n);
}

static void is_open(const struct state *s, const char *label,
		    const struct made *intents, const char *open,
		    const char *doubt)
{
	if (s->pending.n != strlen(open))
		fail_msg("%s: %zu open", label, s->pending.n);
	for (size_t i = 0; open[i]; i++) {
		struct intent want = intent_of(&intents[open[i] - '1']);
		const struct intent got = made_pending(&s->pending, i);

		assert_true(hash_eq(pending_id(&got, MADE_SEED),
				    pending_id(&want, MADE_SEED)));
		if (got.doubt != (want.doubt || strchr(doubt, open[i])))
			fail_msg("%s: doubt of %c", label, open[i]);
	}
	if (!*open)
		assert_string_equal(scratch_text("st/pending"), "-");
}

static void open_state(struct state *s)
{
	struct err e;

	assert_int_equal(state_open(s, "st", true, &e), 0);
	s->memory = memory;
}

static void moves_what_was_delivered_into_the_snapshot(void **state)
{
	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(cases); k++) {
		struct apply_counts c;
		struct state s;
		struct err e = {0};

		open_state(&s);
		s.unproven = cases[k].unproven;
		put_files(cases[k].known, cases[k].intents);
		put_answers(&s, cases[k].intents, cases[k].answers,
			    cases[k].accept_rejected);
		assert_true(apply_due(&s));
		if (work_in(&s, cases[k].accept_rejected, &c, &e) < 0)
			fail_msg("%s: %s", cases[k].label, e.text);
		assert_false(apply_due(&s));
		if (c.applied != cases[k].applied || c.unknown != 0 ||
		    c.open != strlen(cases[k].open))
			fail_msg("%s: %zu applied, %zu open, %zu unknown",
				 cases[k].label, (size_t)c.applied,
				 (size_t)c.open, (size_t)c.unknown);
		assert_int_equal(state_load(&s, &e), 0);
		is_snapshot(&s, cases[k].label, cases[k].after);
		is_open(&s, cases[k].label, cases[k].intents, cases[k].open,
			cases[k].doubt);
		state_close(&s);
	}
	scratch_leave();
}

/* The commit may be killed behind each of its three steps: the same answers
 * applied again change nothing more.
 */
static void may_be_done_twice(void **state)
{
	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(cases); k++) {
		struct apply_counts c;
		struct state s;
		struct err e = {0};

		/* the snapshot is new, pending and answers are the old ones */
		open_state(&s);
		s.unproven = cases[k].unproven;
		put_files(cases[k].known, cases[k].intents);
		put_answers(&s, cases[k].intents, cases[k].answers,
			    cases[k].accept_rejected);
		assert_int_equal(link("st/pending", "pending"), 0);
		assert_int_equal(link("st/receipts", "answers"), 0);
		assert_int_equal(work_in(&s, cases[k].accept_rejected, &c, &e),
				 0);
		state_unload(&s);
		assert_int_equal(rename("pending", "st/pending"), 0);
		unlink("pending"); /* rename does nothing to the same file */
		assert_int_equal(rename("answers", "st/receipts"), 0);
		assert_int_equal(
			apply(&s, NULL, cases[k].accept_rejected, &c, &e), 0);
		assert_int_equal(state_load(&s, &e), 0);
		is_snapshot(&s, cases[k].label, cases[k].after);
		is_open(&s, cases[k].label, cases[k].intents, cases[k].open,
			cases[k].doubt);
		state_close(&s);
	}
	scratch_leave();
}

static const struct made known[3] = {{"1", 1, INSERT, 5, false}};
static const struct made update[5] = {{"1", 1, UPDATE, 6, false}};
static const struct made updated[3] = {{"1", 2, INSERT, 6, false}};
static const struct answer accepted[] = {{1, YES, 1, 1}, {0}};

static void counts_answers_to_nothing(void **state)
{
	struct apply_counts c;
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	put_files(known, update);
	assert_int_equal(apply_open(&taken, &s, false, 0, &e), 0);
	apply_add(&taken, "00000000000080008000000000000000", 1, 1, YES);
	apply_add(&taken, "ffffffffffff8fffbfffffffffffffff", 1, 2, YES);
	assert_int_equal(journal_flush(&taken.file, true, &e), 0);
	if (!live)
		apply_close(&taken);
	assert_int_equal(work_in(&s, false, &c, &e), 0);
	assert_int_equal(c.unknown, 2);
	assert_int_equal(c.applied, 0);
	assert_int_equal(c.open, 1);
	state_close(&s);
	scratch_leave();
}

static void lets_one_commit_write_answers_at_a_time(void **state)
{
	struct apply_receipts a, b;
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	assert_int_equal(apply_open(&a, &s, false, 0, &e), 0);
	assert_int_equal(apply_open(&b, &s, false, 0, &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	assert_non_null(strstr(e.text, "st/receipts' is still running"));
	apply_close(&b);
	apply_close(&a);
	assert_int_equal(apply_open(&b, &s, false, 0, &e), 0);
	apply_close(&b);
	unlink("st/receipts");
	scratch_file("precious", "text");
	assert_int_equal(symlink("../precious", "st/receipts"), 0);
	assert_int_equal(apply_open(&b, &s, false, 0, &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(scratch_text("precious"), "text");
	state_close(&s);
	scratch_leave();
}

static void goes_on_behind_torn_answers(void **state)
{
	static const struct made two[5] = {{"1", 0, INSERT, 5, false},
					   {"2", 0, INSERT, 6, false}};
	static const struct answer both[] = {
		{1, YES, 1, 1}, {2, YES, 1, 1}, {0}};
	static const struct answer second[] = {{2, YES, 1, 1}, {0}};
	struct apply_counts c;
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	for (off_t cut = 1; cut < 100; cut++) {
		put_files((struct made[3]){{0}}, two);
		put_answers(&s, two, both, false);
		if (live)
			apply_close(&taken);
		assert_int_equal(
			truncate("st/receipts",
				 (off_t)made_size("st/receipts") - cut),
			0);
		put_answers(&s, two, second, false);
		assert_int_equal(work_in(&s, false, &c, &e), 0);
		assert_int_equal(c.applied, cut <= 48 ? 2 : 1);
		state_unload(&s);
	}
	state_close(&s);
	scratch_leave();
}

static void works_in_what_a_killed_commit_left(void **state)
{
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	put_files(known, update);
	assert_int_equal(apply_left(&s, &e), 0); /* nothing to do */
	put_answers(&s, update, accepted, false);
	if (live)
		apply_close(&taken);
	assert_int_equal(apply_left(&s, &e), 0);
	assert_false(apply_due(&s));
	assert_int_equal(s.snapshot.n, 0);
	assert_int_equal(state_load(&s, &e), 0);
	is_snapshot(&s, "left", updated);
	assert_int_equal(s.pending.n, 0);
	state_unload(&s);
	/* killed before its head was whole */
	scratch_file("st/receipts", "RudAnsw");
	assert_int_equal(apply_left(&s, &e), 0);
	assert_false(apply_due(&s));
	/* or its power cut before a byte of it was written */
	scratch_file("st/receipts", "");
	assert_int_equal(truncate("st/receipts", 5000), 0);
	assert_int_equal(apply_left(&s, &e), 0);
	assert_false(apply_due(&s));
	/* a commit that is not over is no killed one */
	{
		struct apply_receipts j;

		assert_int_equal(apply_open(&j, &s, false, 0, &e), 0);
		assert_int_equal(apply_left(&s, &e), -1);
		assert_int_equal(e.kind, ERR_TEMP);
		apply_close(&j);
	}
	state_close(&s);
	scratch_leave();
}

static void leaves_the_old_state_when_it_fails(void **state)
{
	struct apply_counts c;
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	put_files(known, update);
	put_answers(&s, update, accepted, false);
	assert_int_equal(state_load(&s, &e), 0);
	/* the snapshot cannot be written */
	assert_int_equal(mkdir("st/snapshot.tmp", 0700), 0);
	assert_int_equal(work_in(&s, false, &c, &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_true(apply_due(&s));
	state_unload(&s);
	assert_int_equal(rmdir("st/snapshot.tmp"), 0);
	/* answers are damaged */
	made_flip("st/receipts", JOURNAL_HEAD + 20);
	assert_int_equal(state_load(&s, &e), 0);
	is_snapshot(&s, "failed", known);
	assert_int_equal(apply(&s, NULL, false, &c, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	state_unload(&s);
	assert_int_equal(apply_left(&s, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	made_flip("st/receipts", JOURNAL_HEAD + 20);
	assert_int_equal(apply_left(&s, &e), 0);
	assert_int_equal(state_load(&s, &e), 0);
	is_snapshot(&s, "fixed", updated);
	state_close(&s);
	scratch_leave();
}

/* ---- random runs, applied in every way --------------------------------- */

/* Each key has several intents, with versions that rise. */
enum { MANY = 3000, KEYS = 1000, RANDOM_RUNS = 12 };

static uint64_t random_state;

static unsigned dice(unsigned sides)
{
	random_state = random_state * 6364136223846793005u + 1;
	return (unsigned)(random_state >> 33) % sides;
}

/* An intent of any kind. */
static struct intent random_intent(char text[16], unsigned i, unsigned version,
				   unsigned row)
{
	static const enum pending_action action[] = {
		INSERT, INSERT, INSERT, UPDATE, DELETE, PENDING_SAME};
	struct intent x;

	snprintf(text, 16, "k%u", i);
	x = made_intent(text, version, action[dice(6)], row);
	x.doubt = dice(20) == 0;
	return x;
}

/* A receipt of any kind for an intent, in the file, and perhaps at work. */
static void random_receipt(struct apply_receipts *r, const struct intent *x,
			   bool plain)
{
	static const enum apply_answer answer[] = {
		YES, YES, YES, YES, YES, YES, YES, NO, NOT, MAYBE, NO_BUT};
	enum apply_answer a = answer[dice(COUNT_OF(answer))];
	unsigned n = dice(10) == 0 ? 2 : 1;
	char hex[32];

	pending_hex(pending_id(x, MADE_SEED), hex);
	if (plain) {
		apply_add_one(r, pending_unhex(hex), YES);
		return;
	}
	if (dice(500) == 0)
		memset(hex, 'f', 12); /* of nothing */
	for (unsigned i = 1; i <= n; i++)
		apply_add(r, hex, i, n, dice(20) == 0 ? NOT : a);
	if (dice(30) == 0)
		apply_add(r, hex, 1, n, dice(2) == 0 ? YES : MAYBE);
}

/* Intents in frames, of which the last are written when receipts of the first
 * have come; these come in another order, and not for all.
 */
static void random_run(struct state *s, unsigned seed)
{
	static char text[MANY][16];
	static struct intent x[MANY];
	bool plain = seed % 3 == 0, twins = seed % 5 == 0;
	unsigned at[MANY];
	struct journal j;
	struct err e;

	put_files((struct made[3]){{0}}, (struct made[5]){{0}});
	assert_int_equal(pending_write_start(&j, "st/pending", MADE_SEED, 0,
					     slice_str("r1"),
					     slice_str(COLUMNS), &e),
			 0);
	for (unsigned i = 0; i < MANY; i++) {
		x[i] = random_intent(text[i], i % KEYS, i / KEYS,
				     twins ? 1 : i + 1);
		if (twins && (i == 20 || i == 22))
			x[i] = made_intent("twin", 0, INSERT, 3);
		if (plain) {
			snprintf(text[i], 16, "k%u", i);
			x[i] = made_intent(text[i], 0, INSERT, 3);
		}
		at[i] = i;
	}
	for (unsigned i = 0; i < MANY; i++) { /* near where it was */
		unsigned k = i + dice(200), was = at[i];

		k = k < MANY ? k : i;
		at[i] = at[k];
		at[k] = was;
	}
	assert_int_equal(apply_open(&taken, s, seed % 4 == 0, 0, &e), 0);
	for (unsigned i = 0, to = 0; i < MANY; i++) {
		unsigned most = i;

		for (unsigned k = i; k < MANY && k < i + 200; k++)
			most = at[k] > most ? at[k] : most;
		while (to <= most) {
			if (to == 100 && !plain)
				assert_int_equal(pending_write_mark(&j, &e), 0);
			pending_write_add(&j, &x[to++]);
			if (dice(50) == 0)
				assert_int_equal(journal_flush(&j, false, &e),
						 0);
		}
		assert_int_equal(journal_flush(&j, false, &e), 0);
		if (dice(30) > 0)
			random_receipt(&taken, &x[at[i]], plain);
	}
	assert_int_equal(journal_flush(&taken.file, false, &e), 0);
	journal_close(&j);
}

/* The bytes of a file, or none. */
static struct buf bytes_of(const char *path)
{
	struct buf b = {0};
	struct err e;

	if (access(path, F_OK) == 0)
		assert_int_equal(file_read(path, SIZE_MAX / 2, &b, &e), 0);
	return b;
}

static void is_same_file(const char *path, struct buf *was, bool first)
{
	struct buf b = bytes_of(path);

	if (!first && !slice_eq(buf_all(&b), buf_all(was)))
		fail_msg("'%s' is another one", path);
	buf_clear(was);
	*was = b;
}

static void does_the_same_in_every_way(void **state)
{
	enum { AS_THEY_COME, BY_FILES, BY_PARTS, WAYS };

	(void)state;
	for (unsigned seed = 1; seed <= RANDOM_RUNS; seed++) {
		struct buf snapshot = {0}, pending = {0};
		struct apply_counts counts[WAYS];

		for (unsigned way = 0; way < WAYS; way++) {
			struct state s;
			struct err e = {0};
			int rc;

			scratch_enter();
			random_state = seed;
			memory = way == BY_PARTS;
			open_state(&s);
			random_run(&s, seed);
			if (way != AS_THEY_COME)
				apply_close(&taken);
			rc = apply(&s, way == AS_THEY_COME ? &taken : NULL,
				   seed % 4 == 0, &counts[way], &e);
			if (rc < 0)
				fail_msg("seed %u, way %u: %s", seed, way,
					 e.text);
			if (way == AS_THEY_COME) {
				assert_int_equal(taken.early->given_up,
						 seed % 5 == 0);
				apply_close(&taken);
			}
			is_same_file("st/snapshot", &snapshot, way == 0);
			is_same_file("st/pending", &pending, way == 0);
			assert_memory_equal(&counts[way], counts,
					    sizeof(counts[way]));
			state_close(&s);
			scratch_leave();
		}
		assert_true(counts[0].applied > 0);
		buf_clear(&snapshot);
		buf_clear(&pending);
	}
	memory = 0;
}

int main(void)
{
	const struct CMUnitTest ways[] = {
		cmocka_unit_test(does_the_same_in_every_way),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_what_was_delivered_into_the_snapshot),
		cmocka_unit_test(may_be_done_twice),
		cmocka_unit_test(counts_answers_to_nothing),
		cmocka_unit_test(lets_one_commit_write_answers_at_a_time),
		cmocka_unit_test(goes_on_behind_torn_answers),
		cmocka_unit_test(works_in_what_a_killed_commit_left),
		cmocka_unit_test(leaves_the_old_state_when_it_fails),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	memory = 1;
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	memory = 0;
	live = true;
	failed += cmocka_run_group_tests(ways, NULL, NULL);
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
