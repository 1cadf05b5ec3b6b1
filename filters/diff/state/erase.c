#include "diff/state/erase.h"

#include <stdlib.h>

#include "core/reader.h"
#include "diff/keys/key_types.h"
#include "diff/state/absent_runs.h"
#include "diff/state/sample.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

/* Adds id in the plain form of a number, or as it is if it is not one (007). */
static void add_value(struct buf *b, const char *id)
{
	const char *digits = id + (*id == '-');

	if (*digits < '0' || *digits > '9' ||
	    (*digits == '0' && digits[1] >= '0' && digits[1] <= '9'))
		buf_str(b, id);
	else
		hash_canonical(b, slice_str(id));
}

/* Whether a key is the number that id names, however both are written: the
 * state may have both 1 and 1.0. For several columns, id has to be written as
 * the key is, or with the plain form of each value.
 */
static bool is_value(const struct key *k, struct slice text, const char *id)
{
	struct buf is = {0}, asked = {0};
	bool same;

	if (k->n == 1 && *text.p == '"')
		return false;
	key_types_retype(k, &is, text, 0);
	if (k->n == 1)
		add_value(&asked, id);
	else
		buf_str(&asked, id);
	same = slice_eq(buf_all(&is), buf_all(&asked));
	buf_clear(&is);
	buf_clear(&asked);
	return same;
}

/* Whether id names this key, in the way that "id" does in the stream. */
static bool is_text(const struct key *k, struct slice text, const char *id)
{
	struct buf b = {0}, plain = {0};
	bool same;

	key_id(k, &b, text);
	json_decode(&plain, json_inner(buf_all(&b)));
	same = slice_is(buf_all(&plain), id) || is_value(k, text, id);
	buf_clear(&b);
	buf_clear(&plain);
	return same;
}

bool erase_has_id(const struct key *k, struct slice text, const char *id)
{
	const struct key own = {.n = k->own, .own = k->own};
	struct buf b = {0};
	bool has = is_text(k, text, id);

	if (!has && key_identifies(k)) {
		key_own(k, &b, text);
		has = is_text(&own, buf_all(&b), id);
	}
	buf_clear(&b);
	return has;
}

/* Whether the text is an array with a value for each column. */
static bool is_key_array(const struct key *k, struct slice text)
{
	struct scan *s = scan_new();
	struct buf b = {0};
	struct slice value;
	enum scan_kind kind;
	struct span array;
	size_t n = 0;
	bool is;

	memset(buf_room(&b, text.n + READER_PAD), 0, text.n + READER_PAD);
	buf_slice(&b, text);
	is = scan_value(s, buf_all(&b), &kind) == 0 && kind == SCAN_ARRAY;
	for (array = span_open(text); is && span_element(&array, &value);)
		n++;
	scan_free(s);
	buf_clear(&b);
	return is && n >= k->n;
}

/* Whether plain, the id of a key with one column, is the number that id names.
 * The id of the stream does not tell a string from a number.
 */
static bool is_number_of(const struct key *k, struct slice plain,
			 const char *id)
{
	struct buf quoted = {0}, number = {0};
	bool same = false;

	json_string(&quoted, plain);
	key_types_retype(k, &number, buf_all(&quoted), 1);
	if (number.n > 0 && strchr("-0123456789", *number.p))
		same = is_value(k, buf_all(&number), id);
	buf_clear(&quoted);
	buf_clear(&number);
	return same;
}

bool erase_has_value(const struct key *k, struct slice value, const char *id)
{
	struct buf plain = {0};
	bool has;

	if (value.n >= 2 && *value.p == '"')
		json_decode(&plain, json_inner(value));
	else
		buf_slice(&plain, value);
	has = slice_is(buf_all(&plain), id);
	if (!has && k->n == 1)
		has = is_number_of(k, buf_all(&plain), id);
	else if (!has && k->n > 1 && is_key_array(k, buf_all(&plain)))
		has = erase_has_id(k, buf_all(&plain), id);
	buf_clear(&plain);
	return has;
}

/* Finds all keys that id names: as a number and as a string, and with any
 * identity. *row gets n rows that remove them, to be freed.
 */
static int find_keys(const struct snapshot *s, const char *id,
		     struct snapshot_row **row, size_t *n, struct err *e)
{
	struct key key = {0};
	struct buf found = {0};

	*n = 0;
	*row = NULL;
	if (s->n > 0 && key_from_json(&key, s->columns, e) < 0)
		return -1;
	for (size_t i = snapshot_live(s, 0); i < s->places;
	     i = snapshot_live(s, i + 1)) {
		const struct snapshot_row gone = {.key = snapshot_key(s, i),
						  .gone = true};

		if (!erase_has_id(&key, snapshot_text(s, i), id))
			continue;
		buf_add(&found, &gone, sizeof(gone));
		++*n;
	}
	key_clear(&key);
	*row = (struct snapshot_row *)(void *)found.p;
	return 0;
}

static bool is_among(const struct snapshot_row *row, size_t n, struct hash key)
{
	for (size_t i = 0; i < n; i++) {
		if (hash_eq(row[i].key, key))
			return true;
	}
	return false;
}

/* The note of missing keys without the n keys that are erased. Entries of keys
 * that are not in the snapshot are dropped too: nobody knows whose they are.
 */
static void note_without(const struct snapshot *s,
			 const struct snapshot_row *row, size_t n,
			 struct buf *b)
{
	struct slice note = s->note[SNAPSHOT_MISSED];

	for (size_t i = 0; i < absent_runs_n(note); i++) {
		struct absent_runs m = absent_runs_at(note, i);

		if (snapshot_find(s, m.key) >= 0 && !is_among(row, n, m.key))
			absent_runs_add(b, m);
	}
}

int erase_key(struct snapshot *s, const char *id, uint64_t generation,
	      const char *path, bool anyway, bool *found, struct err *e)
{
	struct buf missed = {0}, sample = {0};
	struct snapshot left;
	struct snapshot_row *row;
	size_t n;
	int rc = 0;

	if (snapshot_whole(s, e) < 0 || find_keys(s, id, &row, &n, e) < 0)
		return -1;
	left = *s;
	sample_but(s->note[SNAPSHOT_SAMPLE], s, row, n, &sample);
	note_without(s, row, n, &missed);
	left.note[SNAPSHOT_SAMPLE] = buf_all(&sample);
	left.note[SNAPSHOT_MISSED] = buf_all(&missed);
	/* dropping a promise costs a key at most one turn */
	left.note[SNAPSHOT_PROMISED] = left.note[SNAPSHOT_HAND] =
		slice_of(NULL, 0);
	/* a note may have a key that is not in the snapshot (yet) */
	/* and a file below may have the erased key */
	if (anyway || n > 0 || s->files > 1 ||
	    sample.n < s->note[SNAPSHOT_SAMPLE].n ||
	    missed.n < s->note[SNAPSHOT_MISSED].n ||
	    s->note[SNAPSHOT_HAND].n > 0)
		rc = snapshot_write(&left, row, n, generation, path, e);
	*found = *found || n > 0;
	buf_clear(&missed);
	buf_clear(&sample);
	free(row);
	return rc;
}
