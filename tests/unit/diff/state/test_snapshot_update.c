/* test_snapshot_update.c - unit tests of incremental snapshots
 * (diff/state/snapshot.h): read as one, whatever files they are in
 */
#include "cmocka_all.h"

#include <dirent.h>
#include <stdlib.h>

#include "core/mem.h"
#include "diff/state/snapshot.h"
#include "made.h"

enum { KEYS = 400 };

/* What a key ought to have; version 0: it is not there. */
struct model_key {
	char text[16], kept[24];
	uint32_t version;
	uint64_t row;
};

struct model {
	struct model_key key[KEYS];
	size_t n;
	uint64_t generation;
	unsigned chance;
	size_t most_files;
};

static unsigned below(struct model *m, unsigned n)
{
	m->chance = m->chance * 1103515245 + 12345;
	return m->chance / 65536 % n;
}

static void start(struct model *m, unsigned seed)
{
	*m = (struct model){.chance = seed};
	for (size_t i = 0; i < KEYS; i++)
		snprintf(m->key[i].text, sizeof(m->key[i].text), "%zu", i);
}

/* Some keys come, change or go. */
static size_t change(struct model *m, struct snapshot_row *row, unsigned most)
{
	size_t n = 0;

	m->generation++;
	for (size_t i = 0; i < KEYS; i++) {
		struct model_key *k = &m->key[i];
		bool was = k->version > 0;

		if (below(m, KEYS) >= most)
			continue;
		k->version =
			was && below(m, 3) == 0 ? 0 : (uint32_t)m->generation;
		m->n += k->version > 0;
		m->n -= was;
		k->row = m->generation * 1000 + i;
		snprintf(k->kept, sizeof(k->kept), "{\"v\":%u}",
			 below(m, 100000));
		row[n] = made_row(k->text, k->version, k->row);
		row[n].kept = k->kept;
		row[n].kept_n = (uint32_t)(i % 3 == 0 ? 0 : strlen(k->kept));
		row[n++].gone = k->version == 0;
	}
	snapshot_order(row, n);
	return n;
}

static void commit(struct model *m, unsigned most)
{
	struct snapshot_row row[KEYS];
	struct snapshot old;
	char note[24], path[] = "s", *paths[] = {path};
	struct err e;
	size_t n = change(m, row, most);

	if (snapshot_open(&old, "s", &e) == 0) {
		old.seed = MADE_SEED;
		old.columns = slice_str("[\"id\"]");
	}
	snprintf(note, sizeof(note), "tag %ju", (uintmax_t)m->generation);
	old.note[SNAPSHOT_TAG] = slice_str(note);
	if (snapshot_update_rows(&old, row, n, false, m->generation, "s", &e) <
	    0)
		fail_msg("%s", e.text);
	snapshot_clear(&old);
	assert_int_equal(snapshot_update_tidy(".", paths, 1, &e), 0);
}

static void is_key(const struct snapshot *s, const struct model_key *k,
		   size_t i)
{
	int64_t at = snapshot_find(s, made_key(k->text));

	if ((at >= 0) != (k->version > 0))
		fail_msg("key %zu: %s", i, at >= 0 ? "there" : "not there");
	if (at < 0)
		return;
	assert_true(slice_is(snapshot_text(s, (size_t)at), k->text));
	assert_true(slice_is(snapshot_kept(s, (size_t)at),
			     i % 3 == 0 ? "" : k->kept));
	assert_int_equal(snapshot_version(s, (size_t)at), k->version);
	assert_int_equal(snapshot_mark(s, (size_t)at).content, k->row);
	assert_int_equal(snapshot_mark(s, (size_t)at).line, k->row + MADE_LINE);
	assert_true(hash_eq(snapshot_key(s, (size_t)at), made_key(k->text)));
}

/* Each key once, of all live places, and in order by a walk. */
static void is_all(const struct snapshot *s, const struct model *m)
{
	struct snapshot_walk w = {.low = 0};
	struct hash last = {0};
	int64_t at;
	size_t n = 0;

	for (size_t i = snapshot_live(s, 0); i < s->places;
	     i = snapshot_live(s, i + 1)) {
		assert_int_equal(snapshot_find(s, snapshot_key(s, i)), i);
		n++;
	}
	assert_int_equal(n, m->n);
	while ((at = snapshot_walk_next(s, &w)) >= 0) {
		struct hash key = snapshot_key(s, (size_t)at);

		if (snapshot_is_out(s, (size_t)at))
			continue;
		assert_int_equal(snapshot_find(s, key), at);
		assert_true(hash_order(last, key) < 0);
		last = key;
		n--;
	}
	assert_int_equal(n, 0);
}

static void is_model(struct model *m)
{
	char note[24];
	struct snapshot s;
	struct err e;

	if (snapshot_open(&s, "s", &e) < 0)
		fail_msg("%s", e.text);
	snprintf(note, sizeof(note), "tag %ju", (uintmax_t)m->generation);
	assert_true(slice_is(s.note[SNAPSHOT_TAG], note));
	assert_int_equal(s.n, m->n);
	assert_int_equal(s.generation, m->generation);
	assert_int_equal(s.seed, MADE_SEED);
	assert_true(slice_is(s.columns, "[\"id\"]"));
	assert_true(s.base == 0 || s.index == NULL);
	for (size_t i = 0; i < KEYS; i++)
		is_key(&s, &m->key[i], i);
	assert_int_equal(snapshot_find(&s, made_key("other")), -1);
	assert_int_equal(snapshot_sound(&s, &e), 0);
	assert_int_equal(snapshot_whole(&s, &e), 0);
	for (size_t i = 0; i < KEYS; i++)
		is_key(&s, &m->key[i], i);
	assert_int_equal(snapshot_find(&s, made_key("other")), -1);
	is_all(&s, m);
	if (s.files > m->most_files)
		m->most_files = s.files;
	snapshot_clear(&s);
}

/* Files of the folder that are not "s". */
static size_t files_beside(void)
{
	DIR *d = opendir(".");
	struct dirent *x;
	size_t n = 0;

	while ((x = readdir(d)))
		n += x->d_name[0] != '.' && strcmp(x->d_name, "s") != 0;
	closedir(d);
	return n;
}

static void is_one_snapshot_whatever_files_it_is_in(void **state)
{
	static const unsigned most[] = {1, 2, 3, 1, 8, 1, 1, 30, 2, 400, 1, 2};

	(void)state;
	setenv("RUDDER_SMALL_STATE", "0", 1);
	for (unsigned seed = 1; seed <= 12; seed++) {
		struct model m;
		struct snapshot s;
		struct err e;

		scratch_enter();
		start(&m, seed);
		commit(&m, KEYS);
		for (unsigned k = 0; k < 60; k++) {
			commit(&m, most[below(&m, COUNT_OF(most))]);
			is_model(&m);
			assert_int_equal(snapshot_open(&s, "s", &e), 1);
			assert_int_equal(files_beside(), s.files - 1);
			snapshot_clear(&s);
		}
		assert_true(m.most_files > 2);
		scratch_leave();
	}
	unsetenv("RUDDER_SMALL_STATE");
}

/* 400 keys, and three commits of one or two. */
static void make(struct model *m)
{
	struct snapshot s;
	struct err e;

	setenv("RUDDER_SMALL_STATE", "0", 1);
	start(m, 5);
	commit(m, KEYS);
	commit(m, 20);
	commit(m, 1);
	commit(m, 1);
	is_model(m);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_true(s.files >= 2);
	snapshot_clear(&s);
}

static void writes_a_small_one_whole(void **state)
{
	struct model m;
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	make(&m);
	unsetenv("RUDDER_SMALL_STATE");
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_true(s.index != NULL); /* and checks it at once */
	assert_true(s.files > 1);
	snapshot_clear(&s);
	commit(&m, 1);
	assert_int_equal(files_beside(), 0);
	setenv("RUDDER_SMALL_STATE", "0", 1);
	is_model(&m);
	scratch_leave();
}

static void refuses_files_that_do_not_belong_together(void **state)
{
	const struct snapshot none = {.seed = MADE_SEED};
	const struct snapshot_row row = made_row("3", 1, 1);
	struct model m;
	struct snapshot s;
	struct err e;

	(void)state;
	scratch_enter();
	make(&m);
	assert_int_equal(rename("rows-1", "away"), 0);
	assert_int_equal(snapshot_open(&s, "s", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text,
			    "'s' needs 'rows-1', which is not there; see "
			    "'damaged state' in rudder-sync(7)");
	/* another snapshot of the same generation */
	assert_int_equal(snapshot_write(&none, &row, 1, 1, "rows-1", &e), 0);
	assert_int_equal(snapshot_open(&s, "s", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text,
			    "'rows-1' is not the file that 's' needs; see "
			    "'damaged state' in rudder-sync(7)");
	assert_int_equal(rename("away", "rows-1"), 0);
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	snapshot_clear(&s);
	scratch_leave();
}

/* Whether a byte of a file is damaged is noticed by whoever needs it: when it
 * is opened, by the keys that are looked up, or when all of it is checked.
 */
static void damage_of(const char *file, const struct model *m)
{
	size_t n = made_size(file), noticed = 0;

	for (size_t at = 0; at < n; at += 7) {
		struct snapshot s;
		struct err e;
		int rc;

		made_flip(file, at);
		rc = snapshot_open(&s, "s", &e);
		for (size_t i = 0; rc > 0 && i < KEYS; i++) {
			/* what was given is right, or known to be wrong */
			int64_t got =
				snapshot_find(&s, made_key(m->key[i].text));

			if (snapshot_sound(&s, &e) < 0)
				rc = -1;
			else if ((got >= 0) != (m->key[i].version > 0))
				fail_msg("%s, byte %zu: key %zu", file, at, i);
			else if (got >= 0 &&
				 snapshot_version(&s, (size_t)got) !=
					 m->key[i].version)
				fail_msg("%s, byte %zu: version of key %zu",
					 file, at, i);
		}
		if (rc > 0 && snapshot_whole(&s, &e) < 0)
			rc = -1;
		if (rc < 0)
			assert_int_equal(e.kind, ERR_CONFIG);
		noticed += rc < 0;
		snapshot_clear(&s);
		made_flip(file, at);
	}
	/* all but what fills up parts */
	assert_in_range(noticed, n / 7 - n / 7 / 4 - 40, n / 7 + 1);
}

static void notices_damage_in_every_file(void **state)
{
	struct model m;

	(void)state;
	scratch_enter();
	make(&m);
	damage_of("s", &m);
	damage_of("rows-1", &m);
	is_model(&m);
	scratch_leave();
}

static void does_not_write_upon_damage(void **state)
{
	struct snapshot_row row = made_row("3", 90, 1);
	struct model m;
	struct snapshot s;
	struct err e;
	size_t size;

	(void)state;
	scratch_enter();
	make(&m);
	size = made_size("s");
	made_flip("rows-1", 4096); /* of its keys */
	assert_int_equal(snapshot_open(&s, "s", &e), 1);
	assert_int_equal(snapshot_update_rows(&s, &row, 1, false, 90, "s", &e),
			 -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	snapshot_clear(&s);
	made_flip("rows-1", 4096);
	assert_int_equal(made_size("s"), size);
	is_model(&m);
	scratch_leave();
}

static void writes_all_where_a_file_cannot_stay(void **state)
{
	struct model m;
	struct err e;
	char path[] = "s", *paths[] = {path};

	(void)state;
	scratch_enter();
	setenv("RUDDER_SMALL_STATE", "0", 1);
	start(&m, 9);
	commit(&m, KEYS);
	assert_int_equal(mkdir("rows-1", 0700), 0);
	m.generation++;
	{
		struct snapshot_row row = made_row("0", 2, 9);
		struct snapshot s;

		assert_int_equal(snapshot_open(&s, "s", &e), 1);
		assert_int_equal(
			snapshot_update_rows(&s, &row, 1, false, 2, "s", &e),
			0);
		snapshot_clear(&s);
		assert_int_equal(snapshot_open(&s, "s", &e), 1);
		assert_int_equal(s.files, 1);
		snapshot_clear(&s);
	}
	assert_int_equal(rmdir("rows-1"), 0);
	assert_int_equal(snapshot_update_tidy(".", paths, 1, &e), 0);
	scratch_leave();
}

static void removes_only_what_nobody_needs(void **state)
{
	struct model m;
	char new[] = "s", old[] = "old", *both[] = {new, old};
	struct err e;
	size_t n;

	(void)state;
	scratch_enter();
	make(&m);
	n = files_beside();
	assert_int_equal(link("s", "old"), 0);
	commit(&m, KEYS); /* whole; old needs what s did */
	scratch_file("rows-99", "of a commit that was killed");
	scratch_file("rows-99x", "of somebody else");
	scratch_file("rows-", "of somebody else");
	assert_int_equal(snapshot_update_tidy(".", both, 2, &e), 0);
	assert_int_equal(access("rows-99", F_OK), -1);
	assert_int_equal(access("rows-99x", F_OK), 0);
	assert_int_equal(access("rows-", F_OK), 0);
	assert_int_equal(access("rows-1", F_OK), n > 0 ? -1 : 0);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_one_snapshot_whatever_files_it_is_in),
		cmocka_unit_test(writes_a_small_one_whole),
		cmocka_unit_test(refuses_files_that_do_not_belong_together),
		cmocka_unit_test(notices_damage_in_every_file),
		cmocka_unit_test(does_not_write_upon_damage),
		cmocka_unit_test(writes_all_where_a_file_cannot_stay),
		cmocka_unit_test(removes_only_what_nobody_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
