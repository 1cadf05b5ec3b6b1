#include "diff/state/part_pin.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/file.h"
#include "core/folder.h"
#include "core/reader.h"
#include "core/writer.h"
#include "diff/keys/key_words.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

enum { PIN_MAX = 4096 };

#define SUSPENDED "{\"i\":0,\"n\":0,\"by\":\"rebase\"}" /* not a part */

/* Adds {"i":0,"n":4,"by":"md5"} from an object with these members, always in
 * this form; adds nothing if it is not a part.
 */
static void put_part(struct buf *b, struct slice object)
{
	static const char *const names[] = {"i", "n", "by"};
	struct buf padded = {0};
	struct scan *s = scan_new();
	size_t n = 0;

	buf_slice(&padded, object);
	memset(buf_room(&padded, READER_PAD), 0, READER_PAD);
	if (scan_object(s, buf_all(&padded)) == 0) {
		for (; n < COUNT_OF(names) && scan_get(s, names[n]); n++) {
			buf_fmt(b, "%s\"%s\":", n > 0 ? "," : "{", names[n]);
			buf_slice(b, scan_get(s, names[n])->value);
		}
	}
	if (n == COUNT_OF(names))
		buf_char(b, '}');
	else
		b->n = 0;
	scan_free(s);
	buf_clear(&padded);
}

/* Adds the part of the state to b; nothing if it is of a whole table. */
static int load(const struct state *s, struct buf *b, struct err *e)
{
	char *path = folder_file(s->dir, "part");
	struct buf text = {0};
	int rc =
		access(path, F_OK) < 0 ? 0 : file_read(path, PIN_MAX, &text, e);

	if (text.n > 0)
		put_part(b, slice_of(text.p, text.n - 1)); /* without LF */
	if (rc == 0 && text.n > 0 && b->n == 0)
		rc = err_names(
			e, ERR_CONFIG,
			"'%s' is damaged or of a newer version of rudder; see "
			"'damaged state' in rudder-sync(7)",
			path);
	buf_clear(&text);
	free(path);
	return rc < 0 ? -1 : 0;
}

int part_pin_replace(const struct state *s, struct slice part, struct err *e)
{
	char *path = folder_file(s->dir, "part");
	struct buf b = {0};
	int rc;

	put_part(&b, part);
	if (b.n == 0) {
		rc = file_remove(path, e);
		if (rc == 0)
			rc = file_sync_dir(s->dir, e);
	} else {
		buf_char(&b, '\n');
		rc = writer_replace(path, buf_all(&b), e);
	}
	buf_clear(&b);
	free(path);
	return rc;
}

int part_pin_suspend(const struct state *s, struct slice part, struct err *e)
{
	struct buf was = {0}, now = {0};
	int rc = load(s, &was, e);

	put_part(&now, part);
	if (rc == 0 && !slice_eq(buf_all(&was), buf_all(&now)))
		rc = part_pin_replace(s, slice_str(SUSPENDED), e);
	buf_clear(&was);
	buf_clear(&now);
	return rc;
}

/* "part 0 of 4" or "part 0 of 4 by number", or "a whole table" */
static void put_words(struct buf *b, struct slice part)
{
	struct buf padded = {0};
	struct scan *s = scan_new();
	const struct scan_member *i, *n, *by;

	buf_slice(&padded, part);
	memset(buf_room(&padded, READER_PAD), 0, READER_PAD);
	if (slice_is(part, SUSPENDED)) {
		buf_str(b, "a --rebase that did not end");
	} else if (part.n > 0 && scan_object(s, buf_all(&padded)) == 0) {
		i = scan_get(s, "i");
		n = scan_get(s, "n");
		by = scan_get(s, "by");
		buf_fmt(b, "part %.*s of %.*s%s", SLICE_FMT(i->value),
			SLICE_FMT(n->value),
			slice_is(by->value, "\"number\"") ? " by number" : "");
	} else {
		buf_str(b, "a whole table");
	}
	scan_free(s);
	buf_clear(&padded);
}

static int differs(const struct state *s, struct slice was, struct slice now,
		   struct err *e)
{
	struct buf a = {0}, b = {0};

	put_words(&a, was);
	put_words(&b, now);
	err_names(e, ERR_CONFIG,
		  "the state '%s' is of %s, and the rows are %s: keys of other "
		  "states would be deleted; use a state for each part, and new "
		  "ones (or --rebase of all) for another number of parts",
		  s->dir, buf_cstr(&a), buf_cstr(&b));
	buf_clear(&a);
	buf_clear(&b);
	return -1;
}

/* The rows must be partitioned by the key of the state: otherwise a key could
 * move to a different part, and so to a different state.
 */
int part_pin_check_key(struct slice key, const struct key *own, struct err *e)
{
	struct buf theirs = {0}, ours = {0};
	struct key k = {0};
	struct err ignored;
	bool same = key_from_begin(&k, key, &ignored) == 0 && k.n == own->own;

	for (size_t i = 0; same && i < k.n; i++)
		same = slice_eq(k.column[i], own->column[i]);
	key_clear(&k);
	if (!same) {
		key_words_of(key, &theirs);
		key_words(own, &ours);
		err_names(e, ERR_CONFIG,
			  "the rows are a part by %s, and this run has %s: "
			  "give both the same -k",
			  buf_cstr(&theirs), buf_cstr(&ours));
		buf_clear(&theirs);
		buf_clear(&ours);
		return -1;
	}
	if (key_identifies(own))
		return err_set(e, ERR_USAGE,
			       "--identity needs all rows: one may have moved "
			       "to another part");
	return 0;
}

int part_pin_begin(const struct state *s, bool dry, struct slice part,
		   struct slice key, const struct key *own, struct err *e)
{
	struct buf was = {0}, now = {0};
	int rc = part.n > 0 ? part_pin_check_key(key, own, e) : 0;

	put_part(&now, part);
	if (rc == 0 && part.n > 0 && now.n == 0)
		rc = err_names(e, ERR_DATA,
			       "the begin line has a wrong 'part'");
	if (rc == 0)
		rc = load(s, &was, e);
	if (rc == 0 && !slice_eq(buf_all(&was), buf_all(&now))) {
		if (s->columns.n > 0)
			rc = differs(s, buf_all(&was), buf_all(&now), e);
		else if (!dry)
			rc = part_pin_replace(s, part, e);
	}
	buf_clear(&was);
	buf_clear(&now);
	return rc;
}

void part_pin_show(const struct state *s, struct buf *b)
{
	struct buf part = {0};
	struct err ignored;

	if (load(s, &part, &ignored) == 0 && part.n > 0) {
		buf_str(b, ",\"part\":");
		buf_slice(b, buf_all(&part));
	}
	buf_clear(&part);
}
