#include "diff/state/failing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/file.h"
#include "core/folder.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/text.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/state/erase.h"
#include "diff/state/record_lines.h"
#include "wire/json/json.h"
#include "wire/stream/abort.h"

enum { ID, ACTION, REASON };

static struct slice text_of(const struct failing *f, size_t i, int which)
{
	const struct failing_key *k = &f->key[i];

	return slice_of(f->text.p + k->at[which], k->n[which]);
}

static void set_text(struct failing *f, struct failing_key *k, int which,
		     struct slice text)
{
	k->at[which] = f->text.n;
	k->n[which] = (uint32_t)text.n;
	buf_slice(&f->text, text);
}

static struct hash hash_of(struct slice id)
{
	return hash_bytes(id.p, id.n, 0);
}

/* The key with that id, created if necessary; NULL if the list is full. */
static struct failing_key *key_of_id(struct failing *f, struct slice id)
{
	int64_t at = key_set_get(&f->ids, hash_of(id));
	struct failing_key *k;

	if (at >= 0)
		return &f->key[at];
	if (f->n == FAILING_MAX)
		return NULL;
	if (f->n == f->size) {
		f->size = f->size ? 2 * f->size : 64;
		f->key = mem_resize(f->key, f->size * sizeof(*f->key));
	}
	k = &f->key[f->n];
	*k = (struct failing_key){.attempts = 0};
	set_text(f, k, ID, id);
	key_set_put(&f->ids, hash_of(id), (uint32_t)f->n++);
	return k;
}

/* ---- receipts ---------------------------------------------------------- */

void failing_fine(struct failing *f, struct slice id)
{
	int64_t at;

	if (f->n == 0 || id.n == 0)
		return;
	at = key_set_get(&f->ids, hash_of(id));
	if (at >= 0)
		f->key[at].fine = true;
}

static void copy(char *to, size_t size, struct slice text)
{
	size_t n = text.n < size ? text.n : size - 1;

	memcpy(to, text.p ? text.p : "", n);
	to[n] = '\0';
}

/* Stores the reason, truncated. */
static void set_reason(struct failing *f, struct failing_key *k,
		       struct slice json)
{
	struct buf plain = {0}, cut = {0};

	if (json.n >= 2 && *json.p == '"')
		json_decode(&plain, json_inner(json));
	if (plain.n > FAILING_REASON)
		plain.n = text_whole(slice_of(plain.p, FAILING_REASON));
	json_lossy(&cut, buf_all(&plain), plain.n);
	set_text(f, k, REASON, buf_all(&cut));
	buf_clear(&plain);
	buf_clear(&cut);
}

void failing_add(struct failing *f, const struct failing_receipt *r,
		 const char *now, const char *run)
{
	struct failing_key *k;

	k = r->id.n > 0 && r->id.n <= FAILING_ID ? key_of_id(f, r->id) : NULL;
	if (!k) {
		f->more++;
		return;
	}
	if (k->failed) /* by another event of its change */
		return;
	k->failed = true;
	k->attempts++;
	if (k->since[0] == '\0')
		copy(k->since, sizeof(k->since), slice_str(now));
	copy(k->last, sizeof(k->last), slice_str(now));
	copy(k->run, sizeof(k->run), slice_str(run));
	copy(k->status, sizeof(k->status),
	     r->status.n > 2 ? json_inner(r->status) : r->status);
	if (num_uint(r->code, &k->code) < 0)
		k->code = 0;
	set_text(f, k, ACTION,
		 r->action.n <= FAILING_ID ? r->action : slice_of(NULL, 0));
	set_reason(f, k, r->reason);
}

/* ---- the file ---------------------------------------------------------- */

static void show(const struct failing *f, size_t i, struct slice reason,
		 struct buf *b)
{
	const struct failing_key *k = &f->key[i];
	struct slice action = text_of(f, i, ACTION);

	buf_str(b, "{\"id\":");
	buf_slice(b, text_of(f, i, ID));
	if (action.n > 0) {
		buf_str(b, ",\"action\":");
		buf_slice(b, action);
	}
	control_add_text(b, "status", slice_str(k->status));
	control_add_count(b, "code", k->code);
	if (reason.n > 2) {
		buf_str(b, ",\"reason\":");
		buf_slice(b, reason);
	}
	control_add_count(b, "attempts", k->attempts);
	control_add_text(b, "since", slice_str(k->since));
	control_add_text(b, "last", slice_str(k->last));
	control_add_text(b, "run", slice_str(k->run));
	buf_char(b, '}');
}

void failing_values(const struct failing *f, size_t i, bool whole,
		    struct failing_receipt *r, struct buf *reason)
{
	char tame[ABORT_REASON + 1];
	struct buf plain = {0};

	*r = (struct failing_receipt){
		.id = text_of(f, i, ID),
		.action = text_of(f, i, ACTION),
		.reason = text_of(f, i, REASON),
	};
	if (whole || r->reason.n <= 2)
		return;
	json_decode(&plain, json_inner(r->reason));
	abort_reason(tame, buf_cstr(&plain));
	reason->n = 0;
	json_string(reason, slice_str(tame));
	r->reason = buf_all(reason);
	buf_clear(&plain);
}

void failing_show(const struct failing *f, size_t i, bool whole, struct buf *b)
{
	struct failing_receipt r;
	struct buf reason = {0};

	failing_values(f, i, whole, &r, &reason);
	show(f, i, r.reason, b);
	buf_clear(&reason);
}

static bool stays(const struct failing_key *k, bool complete)
{
	return k->failed || (!k->fine && !complete);
}

static int write_file(struct failing *f, const char *path, bool complete,
		      uint64_t n, struct err *e)
{
	struct buf b = {0};
	int rc;

	buf_fmt(&b, "{\"failing\":1,\"keys\":%ju,\"more\":%ju}\n", (uintmax_t)n,
		(uintmax_t)f->more);
	for (size_t i = 0; i < f->n; i++) {
		if (!stays(&f->key[i], complete))
			continue;
		show(f, i, text_of(f, i, REASON), &b);
		buf_char(&b, '\n');
	}
	rc = writer_replace(path, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}

static int replace(struct failing *f, const struct state *s, bool complete,
		   uint64_t n, struct err *e)
{
	char *path = folder_file(s->dir, "failing");
	int rc = n + f->more > 0 ? write_file(f, path, complete, n, e)
				 : file_remove(path, e);

	free(path);
	return rc;
}

uint64_t failing_store(struct failing *f, const struct state *s, bool complete)
{
	uint64_t n = 0;
	struct err e;

	for (size_t i = 0; i < f->n; i++)
		n += stays(&f->key[i], complete);
	if ((f->n + f->more > 0 || f->existed) &&
	    replace(f, s, complete, n, &e) < 0)
		tool_warn("the list of failing keys is not up to date: %s",
			  e.text);
	return n + f->more;
}

static void take_line(struct failing *f, const struct scan *s)
{
	struct slice id = record_lines_member(s, "id");
	struct failing_key *k = id.n > 0 ? key_of_id(f, id) : NULL;

	if (!k)
		return;
	set_text(f, k, ACTION, record_lines_member(s, "action"));
	set_text(f, k, REASON, record_lines_member(s, "reason"));
	record_lines_text(s, "status", k->status, sizeof(k->status));
	record_lines_text(s, "since", k->since, sizeof(k->since));
	record_lines_text(s, "last", k->last, sizeof(k->last));
	record_lines_text(s, "run", k->run, sizeof(k->run));
	(void)record_lines_count(s, "attempts", &k->attempts);
	(void)record_lines_count(s, "code", &k->code);
}

static int read_all(const struct state *s, struct buf *b, struct err *e)
{
	char *path = folder_file(s->dir, "failing");
	int rc = record_lines_read(path, b, e);

	free(path);
	return rc;
}

void failing_load(struct failing *f, const struct state *s)
{
	struct scan *scan = scan_new();
	struct buf all = {0};
	struct slice rest, line;
	struct err e;
	int rc = read_all(s, &all, &e);
	bool whole;

	*f = (struct failing){.existed = rc != 0};
	if (rc < 0)
		tool_warn("%s", e.text);
	rest = buf_all(&all);
	while (record_lines_next(&rest, &line, &whole)) {
		if (scan_object(scan, line) == 0)
			take_line(f, scan);
		else
			f->damaged = true;
	}
	scan_free(scan);
	buf_clear(&all);
}

void failing_clear(struct failing *f)
{
	free(f->key);
	buf_clear(&f->text);
	key_set_clear(&f->ids);
	*f = (struct failing){.n = 0};
}

uint64_t failing_count(const struct state *s)
{
	uint64_t keys = 0, more = 0;
	struct scan *scan = scan_new();
	struct buf all = {0};
	struct slice rest, line;
	struct err ignored;
	bool whole;
	int rc = read_all(s, &all, &ignored);

	rest = buf_all(&all);
	if (rc > 0 && record_lines_next(&rest, &line, &whole) &&
	    scan_object(scan, line) == 0) {
		(void)record_lines_count(scan, "keys", &keys);
		(void)record_lines_count(scan, "more", &more);
	}
	scan_free(scan);
	buf_clear(&all);
	return keys + more;
}

/* ---- forgetting -------------------------------------------------------- */

int failing_forget(const struct state *s, const struct key *k, const char *id,
		   bool *found, struct err *e)
{
	struct failing f;
	uint64_t n = 0;
	bool any = false;
	int rc = 0;

	failing_load(&f, s);
	for (size_t i = 0; i < f.n; i++) {
		f.key[i].failed = !erase_has_value(k, text_of(&f, i, ID), id);
		any = any || !f.key[i].failed;
		n += f.key[i].failed;
	}
	/* a line that cannot be read may be the key's, so it is dropped too */
	if (any || f.damaged)
		rc = replace(&f, s, true, n, e);
	*found = *found || any;
	failing_clear(&f);
	return rc;
}
