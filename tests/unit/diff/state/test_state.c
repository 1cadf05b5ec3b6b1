/* test_state.c - unit tests of diff/state/state.h */
#include "cmocka_all.h"

#include "core/clock.h"
#include "core/lock.h"
#include "diff/state/pending_write.h"
#include "made.h"

#define COLUMNS "[\"id\"]"

static void open_state(struct state *s)
{
	struct err e;

	if (state_open(s, "st", true, &e) < 0)
		fail_msg("%s", e.text);
}

/* Whether a change of the key is unacknowledged. */
static bool waits(const struct state *s, struct hash key)
{
	struct intent i;

	return state_intent(s, key, &i) != NULL;
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/* A snapshot of these rows, in the state "st". */
static void put_snapshot(const struct snapshot_row *row, size_t n,
			 uint64_t seed, const char *columns)
{
	struct snapshot none = {.seed = seed, .columns = slice_str(columns)};
	struct err e;

	assert_int_equal(snapshot_write(&none, row, n, 9, "st/snapshot", &e),
			 0);
}

static void put_pending(const struct intent *i, size_t n, uint64_t seed,
			const char *columns)
{
	struct journal j;
	struct err e;

	assert_int_equal(pending_write_start(&j, "st/pending", seed, 0,
					     slice_str("r1"),
					     slice_str(columns), &e),
			 0);
	for (size_t k = 0; k < n; k++)
		pending_write_add(&j, &i[k]);
	assert_int_equal(journal_flush(&j, false, &e), 0);
	journal_close(&j);
}

static void makes_a_folder_of_its_own(void **state)
{
	struct state s;
	struct err e;
	char *real;
	mode_t mask = umask(0);

	(void)state;
	scratch_enter();
	open_state(&s);
	real = realpath("st", NULL);
	assert_string_equal(s.dir, real);
	free(real);
	assert_int_equal(mode_of("st"), 0700);
	assert_int_equal(state_lock_run(&s, 0, &e), 0);
	assert_int_equal(state_load(&s, &e), 0);
	assert_int_equal(
		state_write_ahead(&s, slice_str("r1"), slice_str(COLUMNS), &e),
		0);
	assert_int_equal(mode_of("st/lock"), 0600);
	assert_int_equal(mode_of("st/pending"), 0600);
	state_close(&s);
	state_close(&s);
	/* again, by another name */
	assert_int_equal(state_open(&s, "./st/", true, &e), 0);
	state_close(&s);
	umask(mask);
	scratch_leave();
}

static const struct {
	const char *dir;
	bool create;
	enum err_kind kind;
	const char *text;
} wrong[] = {
	{"none", false, ERR_INPUT,
	 "cannot open the state 'none': No such file or directory"},
	{"file", false, ERR_INPUT,
	 "cannot open the state 'file': Not a directory"},
	{"file", true, ERR_CREATE,
	 "cannot open the state 'file': Not a directory"},
	{"file/st", true, ERR_CREATE,
	 "cannot create the state 'file/st': 'file' is not a folder"},
	{"group", true, ERR_DENIED,
	 "the state 'group' is writable by other users; run: chmod 700 "
	 "'group'"},
	{"others", false, ERR_DENIED,
	 "the state 'others' is writable by other users; run: chmod 700 "
	 "'others'"},
};

static void refuses_what_is_no_folder_of_ours(void **state)
{
	(void)state;
	scratch_enter();
	scratch_file("file", "");
	mkdir("group", 0700);
	assert_int_equal(chmod("group", 0770), 0);
	mkdir("others", 0700);
	assert_int_equal(chmod("others", 0703), 0);
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct state s;
		struct err e;

		assert_int_equal(
			state_open(&s, wrong[i].dir, wrong[i].create, &e), -1);
		assert_string_equal(e.text, wrong[i].text);
		assert_int_equal(e.kind, wrong[i].kind);
		state_close(&s);
	}
	scratch_leave();
}

static void lets_one_run_in_at_a_time(void **state)
{
	struct state a, b;
	struct err e;
	char want[160];

	(void)state;
	scratch_enter();
	open_state(&a);
	open_state(&b);
	assert_int_equal(state_lock_run(&a, 0, &e), 0);
	snprintf(want, sizeof(want), "%s pid %ld\n", a.attempt, (long)getpid());
	assert_string_equal(scratch_text("st/lock"), want);
	assert_int_equal(strspn(a.attempt, "0123456789abcdef"), 32);
	assert_int_equal(state_lock_run(&b, 0, &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	snprintf(want, sizeof(want),
		 "another run is still active (its rudder-diff had pid %ld): "
		 "try later, or wait with --lock-wait",
		 (long)getpid());
	assert_string_equal(e.text, want);
	state_close(&a);
	assert_int_equal(state_lock_run(&b, 0, &e), 0);
	state_close(&b);
	scratch_leave();
}

static void gives_each_run_another_token(void **state)
{
	char first[33];
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	for (int i = 0; i < 2; i++) {
		open_state(&s);
		assert_int_equal(state_lock_run(&s, 0, &e), 0);
		if (i == 0)
			memcpy(first, s.attempt, sizeof(first));
		else
			assert_string_not_equal(first, s.attempt);
		state_close(&s);
	}
	scratch_leave();
}

/* The sender and the commit of a run outlive its rudder-diff. */
static void keeps_the_next_run_out_while_others_take_part(void **state)
{
	struct state run, commit, next;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&run);
	open_state(&commit);
	open_state(&next);
	assert_int_equal(state_lock_run(&run, 0, &e), 0);
	assert_int_equal(state_lock_shared(&commit, 0, &e), 0);
	/* but only one of them writes */
	assert_int_equal(state_lock_writing(&commit, 0, &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	state_close(&run);
	assert_int_equal(state_lock_writing(&commit, 0, &e), 0);
	assert_int_equal(state_lock_run(&next, 0, &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	state_close(&commit);
	assert_int_equal(state_lock_run(&next, 0, &e), 0);
	state_close(&next);
	scratch_leave();
}

static void says_when_nobody_knows_who_holds_the_lock(void **state)
{
	struct state s;
	struct err e;
	int fd;

	(void)state;
	scratch_enter();
	open_state(&s);
	scratch_file("st/lock", "");
	fd = open("st/lock", O_RDWR);
	assert_int_equal(lock_take(fd, true, 0, &e), 1);
	assert_int_equal(state_lock_shared(&s, 0, &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	assert_string_equal(e.text,
			    "another run is still active (its rudder-diff had "
			    "no pid): try later, or wait with --lock-wait");
	close(fd);
	assert_int_equal(state_lock_shared(&s, 0, &e), 0);
	state_close(&s);
	scratch_leave();
}

static void waits_for_a_lock_as_long_as_asked(void **state)
{
	struct state a, b;
	struct err e;
	uint64_t start;

	(void)state;
	scratch_enter();
	open_state(&a);
	open_state(&b);
	assert_int_equal(state_lock_run(&a, 0, &e), 0);
	start = clock_mono_ms();
	assert_int_equal(state_lock_run(&b, 30, &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	assert_true(clock_mono_ms() - start >= 30);
	state_close(&a);
	state_close(&b);
	scratch_leave();
}

static void never_follows_a_link_to_its_lock(void **state)
{
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	scratch_file("precious", "text");
	assert_int_equal(symlink("../precious", "st/lock"), 0);
	assert_int_equal(state_lock_run(&s, 0, &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_int_equal(state_lock_shared(&s, 0, &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(scratch_text("precious"), "text");
	state_close(&s);
	scratch_leave();
}

static void starts_with_a_seed_of_its_own(void **state)
{
	struct state a, b;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&a);
	open_state(&b);
	assert_int_equal(state_load(&a, &e), 0);
	assert_int_equal(state_load(&b, &e), 0);
	assert_true(a.seed != b.seed);
	assert_int_equal(a.columns.n, 0);
	assert_int_equal(a.generation, 0);
	assert_false(a.resumed);
	assert_false(waits(&a, made_key("1")));
	state_close(&a);
	state_close(&b);
	scratch_leave();
}

static void takes_seed_and_columns_from_either_file(void **state)
{
	const struct snapshot_row row = made_row("1", 3, 1);
	const struct intent i = made_intent("1", 3, PENDING_UPDATE, 2);
	struct err e;

	(void)state;
	scratch_enter();
	for (int files = 1; files <= 3; files++) {
		struct state s;

		open_state(&s);
		unlink("st/snapshot");
		unlink("st/pending");
		if (files & 1)
			put_snapshot(&row, 1, MADE_SEED, COLUMNS);
		if (files & 2)
			put_pending(&i, 1, MADE_SEED, COLUMNS);
		assert_int_equal(state_load(&s, &e), 0);
		assert_int_equal(s.seed, MADE_SEED);
		assert_true(slice_is(s.columns, COLUMNS));
		assert_int_equal(s.generation, files & 1 ? 9 : 0);
		assert_int_equal(s.snapshot.n, files & 1);
		assert_int_equal(s.resumed, files >> 1);
		assert_int_equal(waits(&s, i.key), files >> 1);
		state_unload(&s);
		assert_int_equal(s.snapshot.n + s.pending.n + s.columns.n, 0);
		assert_false(waits(&s, i.key));
		/* and once more, as a run does behind apply_left */
		assert_int_equal(state_load(&s, &e), 0);
		assert_int_equal(waits(&s, i.key), files >> 1);
		state_close(&s);
	}
	scratch_leave();
}

static void look_for_the_newest_intent(uint64_t memory)
{
	const struct snapshot_row row = made_row("old", 5, 1);
	const struct intent i[] = {
		made_intent("1", 4, PENDING_UPDATE, 1),
		made_intent("1", 6, PENDING_DELETE, 0),
		made_intent("1", 5, PENDING_UPDATE, 2),
		made_intent("2", 1, PENDING_INSERT, 1),
		/* the same again: the later one */
		made_intent("2", 1, PENDING_INSERT, 3),
		/* answered before the commit was killed */
		made_intent("old", 4, PENDING_UPDATE, 1),
		made_intent("4", 0, PENDING_INSERT, 1),
		/* of a row that did not change */
		made_intent("3", 0, PENDING_SAME, 1),
	};
	const struct intent *newest;
	struct unacked_walk w;
	struct intent x;
	struct state s;
	struct err e;

	scratch_enter();
	open_state(&s);
	put_snapshot(&row, 1, MADE_SEED, COLUMNS);
	put_pending(i, COUNT_OF(i), MADE_SEED, COLUMNS);
	s.memory = memory;
	assert_int_equal(state_load(&s, &e), 0);
	assert_int_equal(unacked_bytes(&s.unacked) == 0, memory > 0);
	newest = state_intent(&s, made_key("1"), &x);
	assert_ptr_equal(newest, &x);
	assert_int_equal(x.version, 6);
	assert_int_equal(x.action, PENDING_DELETE);
	assert_true(x.older);
	assert_non_null(state_intent(&s, made_key("2"), &x));
	assert_true(hash_eq(x.row, i[4].row));
	assert_non_null(state_intent(&s, made_key("4"), &x));
	assert_false(x.older);
	assert_null(state_intent(&s, made_key("old"), &x));
	assert_null(state_intent(&s, made_key("3"), &x));
	/* the same, one by one */
	state_walk(&s, &w);
	for (size_t k = 0; k < 3; k++) {
		static const char *const texts[] = {"1", "2", "4"};

		assert_int_equal(state_next(&s, &w, &x, &e), 1);
		assert_true(slice_is(slice_of(x.text, x.text_n), texts[k]));
	}
	assert_int_equal(state_next(&s, &w, &x, &e), 0);
	state_close(&s);
	scratch_leave();
}

static void knows_the_newest_intent_of_each_key(void **state)
{
	(void)state;
	look_for_the_newest_intent(0);
	look_for_the_newest_intent(1); /* noted on disk */
}

/* Other key columns are those of a rebase that was killed, when all intents
 * are older than the snapshot: they count for nothing then.
 */
static void refuses_files_of_two_states(void **state)
{
	static const struct {
		uint64_t seed;
		const char *columns;
		uint32_t version; /* of an intent; the snapshot has 9 */
		bool good;
	} mixes[] = {
		{MADE_SEED + 1, COLUMNS, 3, false},
		{MADE_SEED + 1, "[\"key\"]", 3, false},
		{MADE_SEED, "[\"key\"]", 9, false},
		{MADE_SEED, "[\"key\"]", 8, true},
	};
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(mixes); k++) {
		const struct intent i =
			made_intent("1", mixes[k].version, PENDING_UPDATE, 2);

		open_state(&s);
		put_snapshot(NULL, 0, MADE_SEED, COLUMNS);
		put_pending(&i, 1, mixes[k].seed, mixes[k].columns);
		assert_int_equal(state_load(&s, &e), mixes[k].good ? 0 : -1);
		if (mixes[k].good) {
			assert_false(s.resumed);
			assert_false(waits(&s, i.key));
			assert_true(slice_is(s.columns, COLUMNS));
		} else {
			assert_int_equal(e.kind, ERR_CONFIG);
			assert_non_null(strstr(
				e.text, "contains files of two different "
					"states; see 'damaged state'"));
		}
		state_close(&s);
	}
	scratch_leave();
}

static void refuses_damaged_files(void **state)
{
	static const char *const names[] = {"snapshot", "pending"};
	const struct snapshot_row row = made_row("1", 3, 1);
	const struct intent i = made_intent("1", 3, PENDING_UPDATE, 2);

	(void)state;
	scratch_enter();
	for (size_t k = 0; k < COUNT_OF(names); k++) {
		char path[32];
		struct state s;
		struct err e;

		open_state(&s);
		put_snapshot(&row, 1, MADE_SEED, COLUMNS);
		put_pending(&i, 1, MADE_SEED, COLUMNS);
		snprintf(path, sizeof(path), "st/%s", names[k]);
		made_flip(path, made_size(path) - 1);
		assert_int_equal(state_load(&s, &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_non_null(strstr(e.text, names[k]));
		state_close(&s);
		open_state(&s);
		scratch_file(path, "something of somebody else, not of ours, "
				   "and longer than a header, which has 96 "
				   "bytes: this has more");
		assert_int_equal(state_load(&s, &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		state_close(&s);
	}
	scratch_leave();
}

static void writes_no_intent_file_before_it_must(void **state)
{
	const struct intent i = made_intent("1", 0, PENDING_INSERT, 2);
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	assert_int_equal(state_load(&s, &e), 0);
	assert_string_equal(scratch_text("st/pending"), "-");
	for (int k = 0; k < 2; k++) {
		assert_int_equal(state_write_ahead(&s, slice_str("r7"),
						   slice_str(COLUMNS), &e),
				 0);
		pending_write_add(&s.journal, &i);
	}
	assert_int_equal(journal_flush(&s.journal, true, &e), 0);
	state_close(&s);
	open_state(&s);
	assert_int_equal(state_load(&s, &e), 0);
	assert_int_equal(s.pending.n, 2);
	assert_true(slice_is(s.pending.run, "r7"));
	assert_true(s.resumed);
	/* a new attempt goes on in the same file, under the same run */
	assert_int_equal(
		state_write_ahead(&s, slice_str("r8"), slice_str(COLUMNS), &e),
		0);
	pending_write_add(&s.journal, &i);
	assert_int_equal(journal_flush(&s.journal, true, &e), 0);
	state_close(&s);
	open_state(&s);
	assert_int_equal(state_load(&s, &e), 0);
	assert_true(slice_is(s.pending.run, "r7"));
	assert_int_equal(s.pending.n, 3);
	assert_true(made_pending(&s.pending, 1).doubt);
	assert_false(made_pending(&s.pending, 2).doubt);
	state_close(&s);
	scratch_leave();
}

/* Killed while it wrote: the cut frame goes, what follows can be read. */
static void goes_on_behind_a_torn_frame(void **state)
{
	const struct intent i = made_intent("1", 0, PENDING_INSERT, 2);
	const struct intent j = made_intent("2", 0, PENDING_INSERT, 2);
	struct state s;
	struct err e;

	(void)state;
	scratch_enter();
	open_state(&s);
	assert_int_equal(state_load(&s, &e), 0);
	assert_int_equal(
		state_write_ahead(&s, slice_str("r1"), slice_str(COLUMNS), &e),
		0);
	pending_write_add(&s.journal, &i);
	assert_int_equal(journal_flush(&s.journal, true, &e), 0);
	pending_write_add(&s.journal, &j);
	assert_int_equal(journal_flush(&s.journal, true, &e), 0);
	state_close(&s);
	assert_int_equal(
		truncate("st/pending", (off_t)made_size("st/pending") - 1), 0);
	for (int k = 0; k < 2; k++) {
		open_state(&s);
		assert_int_equal(state_load(&s, &e), 0);
		assert_int_equal(s.pending.n, 1 + k);
		assert_true(waits(&s, i.key));
		assert_int_equal(waits(&s, j.key), k);
		assert_int_equal(state_write_ahead(&s, slice_str("r1"),
						   slice_str(COLUMNS), &e),
				 0);
		pending_write_add(&s.journal, &j);
		assert_int_equal(journal_flush(&s.journal, true, &e), 0);
		state_close(&s);
	}
	scratch_leave();
}

static void knows_a_retry_by_what_its_event_says(void **state)
{
	struct intent open = made_intent("7", 5, PENDING_INSERT, 1);
	struct intent i = made_intent("7", 0, PENDING_UPDATE, 1);

	(void)state;
	/* an older one of the key has been accepted since */
	assert_ptr_equal(state_version(&i, &open, 3), &open);
	assert_int_equal(i.action, PENDING_INSERT);
	assert_int_equal(i.version, 5);
	i = made_intent("7", 0, PENDING_UPDATE, 2);
	assert_null(state_version(&i, &open, 3));
	assert_int_equal(i.action, PENDING_UPDATE);
	assert_int_equal(i.version, 6);

	open = made_intent("7", 5, PENDING_DELETE, 1);
	i = open;
	assert_ptr_equal(state_version(&i, &open, 3), &open);
	i.keep_sum = 1; /* the same values under another --keep */
	assert_ptr_equal(state_version(&i, &open, 3), &open);
	i.kept = "\"a\":1";
	i.kept_n = 5;
	assert_null(state_version(&i, &open, 3));
	i = made_intent("7", 0, PENDING_UPDATE, 1);
	assert_null(state_version(&i, &open, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_a_folder_of_its_own),
		cmocka_unit_test(knows_a_retry_by_what_its_event_says),
		cmocka_unit_test(refuses_what_is_no_folder_of_ours),
		cmocka_unit_test(lets_one_run_in_at_a_time),
		cmocka_unit_test(gives_each_run_another_token),
		cmocka_unit_test(keeps_the_next_run_out_while_others_take_part),
		cmocka_unit_test(says_when_nobody_knows_who_holds_the_lock),
		cmocka_unit_test(waits_for_a_lock_as_long_as_asked),
		cmocka_unit_test(never_follows_a_link_to_its_lock),
		cmocka_unit_test(starts_with_a_seed_of_its_own),
		cmocka_unit_test(takes_seed_and_columns_from_either_file),
		cmocka_unit_test(knows_the_newest_intent_of_each_key),
		cmocka_unit_test(refuses_files_of_two_states),
		cmocka_unit_test(refuses_damaged_files),
		cmocka_unit_test(writes_no_intent_file_before_it_must),
		cmocka_unit_test(goes_on_behind_a_torn_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
