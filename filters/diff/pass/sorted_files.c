#include "diff/pass/sorted_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/temp.h"
#include "diff/keys/key_types.h"
#include "diff/keys/key_words.h"
#include "diff/keys/order.h"
#include "diff/pass/emit.h"
#include "diff/pass/missing_parts.h"
#include "diff/pass/retyped.h"
#include "diff/pass/sorted_rows.h"
#include "diff/state/pending_write.h"

static int out_of_order(const char *path, const struct input *in, struct err *e)
{
	return err_names(
		e, ERR_DATA,
		"'%s', line %ju: key out of order: sort both files as "
		"--sorted in rudder-diff(1) describes, or omit --sorted",
		path, (uintmax_t)input_lineno(in));
}

/* ---- the old file ------------------------------------------------------ */

static int old_row(struct sorted_files *s, uint64_t seed, struct err *e)
{
	uintmax_t lineno = (uintmax_t)input_lineno(&s->in);
	struct buf above = s->before;
	char why[160];
	const char *no_key;
	int order;

	s->before = s->text;
	s->text = above;
	s->text.n = 0;
	if (key_first(&s->key, &s->in, e) < 0)
		return err_in(e, "'%s'", s->path);
	no_key = key_of(&s->key, &s->in, &s->text, why);
	if (no_key &&
	    (key_missed(&s->key, &s->in, e) < 0 || key_found(&s->key, e) < 0))
		return err_in(e, "'%s'", s->path);
	if (no_key)
		return err_set(e, ERR_DATA, "'%s', line %ju: %s", s->path,
			       lineno, no_key);
	order = s->any ? order_keys(buf_all(&s->before), buf_all(&s->text),
				    &s->scratch.text)
		       : -1;
	if (order > 0)
		return out_of_order(s->path, &s->in, e);
	if (order == 0)
		return err_names(e, ERR_DATA, "'%s', line %ju: %s", s->path,
				 lineno, key_words_duplicate(&s->key, why));
	s->any = s->have = true;
	s->written.n = 0;
	buf_slice(&s->written, buf_all(&s->text));
	key_leaving(&s->key, &s->in, &s->written, 0);
	s->key_hash = hash_bytes(s->text.p, s->text.n, seed);
	s->row_hash = row_hash_row(hash_row(s->in.member, s->in.n,
					    columns_skip(&s->columns, &s->in),
					    seed, &s->scratch));
	return 0;
}

static int next_old(struct sorted_files *s, uint64_t seed, struct err *e)
{
	int rc;

	s->have = false;
	while ((rc = input_next(&s->in, e)) > 0) {
		int is_row = sorted_rows_is_row(&s->in, e);

		if (is_row < 0) {
			err_in(e, "'%s'", s->path);
			return -1;
		}
		if (is_row)
			return old_row(s, seed, e);
	}
	if (rc == 0)
		rc = sorted_rows_is_whole(&s->in, e);
	if (rc < 0)
		err_in(e, "'%s'", s->path);
	return rc;
}

int sorted_files_open(struct sorted_files *s, const struct diff_options *o,
		      struct slice key, const char *path, const char *new_path,
		      struct err *e)
{
	struct input_options input = o->input;

	*s = (struct sorted_files){
		.path = path,
		.new_path = new_path,
		.fd = open(path, O_RDONLY | O_CLOEXEC),
		.columns = {.compare = o->compare, .ignore = o->ignore},
	};
	spool_init(&s->gone, temp_dir(NULL), 1, SIZE_MAX, 0);
	input.is_file = true;
	if (s->fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	input_init(&s->in, s->fd, &input, NULL, NULL);
	if (key_from_json(&s->key, key, e) < 0)
		return -1;
	return next_old(s, 0, e);
}

void sorted_files_close(struct sorted_files *s)
{
	input_clear(&s->in);
	if (s->path && s->fd >= 0)
		close(s->fd);
	key_clear(&s->key);
	columns_clear(&s->columns);
	buf_clear(&s->text);
	buf_clear(&s->written);
	buf_clear(&s->before);
	buf_clear(&s->kept);
	buf_clear(&s->last);
	hash_scratch_clear(&s->scratch);
	spool_clear(&s->gone);
	*s = (struct sorted_files){.fd = -1};
}

/* Copies the values to keep of the current old row, before the next is read. */
static void keep_old(struct pass_base *base, struct pass_arrived *arrived)
{
	struct sorted_files *s = arrived->sorted;

	s->kept.n = 0;
	if (base->keep.kind == KEPT_VALUES_HASH)
		return;
	kept_values_row(&base->keep, s->in.line);
	buf_slice(&s->kept, kept_values_of(&base->keep, false));
}

/* The current old row is not in the new file. Its delete waits until both files
 * were read completely: it would be wrong if a later row is out of order.
 */
static int put_aside_delete(struct pass *r, struct err *e)
{
	struct sorted_files *s = r->arrived.sorted;
	struct buf *b = spool_record(&s->gone, 0);
	struct intent i = {
		.key = s->key_hash,
		.text = s->written.p,
		.text_n = (uint32_t)s->written.n,
		.action = PENDING_DELETE,
	};

	s->gone_strings |= key_types_strings(&s->key, buf_all(&s->text));
	s->gone_others |= ~key_types_strings(&s->key, buf_all(&s->text));
	keep_old(&r->base, &r->arrived);
	i.kept = s->kept.p;
	i.kept_n = (uint32_t)s->kept.n;
	pending_write_record(b, &i);
	if (spool_add(&s->gone, 0, e) < 0)
		return -1;
	return next_old(s, r->asked.seed, e);
}

/* ---- keys that arrived with a different type ---------------------------- */

/* Puts the keys of the new file into r->arrived.new_keys, which is not used
 * otherwise with sorted files.
 */
static int add_keys(struct pass_asked *asked, struct pass_arrived *arrived,
		    struct input *in, struct err *e)
{
	struct sorted_files *s = arrived->sorted;
	char why[160];
	int rc;

	s->key.shape = 0; /* it was for another scanner */
	while ((rc = input_next(in, e)) > 0) {
		if (in->kind != INPUT_DATA || in->control.type != CONTROL_NONE)
			continue;
		s->text.n = 0;
		if (key_of(&s->key, in, &s->text, why))
			continue;
		key_patterns_add(&arrived->patterns,
				 key_types_strings(&s->key, buf_all(&s->text)));
		if (new_keys_put(&arrived->new_keys,
				 hash_bytes(s->text.p, s->text.n, asked->seed),
				 e) < 0)
			return -1;
	}
	for (unsigned p = 0; rc == 0 && new_keys_spilled(&arrived->new_keys) &&
			     p < NEW_KEYS_PARTS;
	     p++) {
		if (new_keys_settle(&arrived->new_keys, p, e) < 0 ||
		    new_keys_settled(&arrived->new_keys, true, e) < 0)
			rc = -1;
	}
	return rc == 0 ? new_keys_close(&arrived->new_keys, e) : -1;
}

/* Reads the new file once more if a missing key may be in it with a different
 * type, which sorts elsewhere: *may.
 */
static int find_twins(struct pass_asked *asked, struct pass_arrived *arrived,
		      bool *may, struct err *e)
{
	struct sorted_files *s = arrived->sorted;
	struct input_options o = asked->o->input;
	struct input in;
	struct stat st;
	int fd, rc;

	*may = (s->gone_strings & s->new_others) != 0 ||
	       (s->gone_others & s->new_strings) != 0;
	if (!*may)
		return 0;
	fd = open(s->new_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", s->new_path);
	o.is_file = true;
	input_init(&in, fd, &o, NULL, NULL);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		rc = err_names(
			e, ERR_DATA,
			"the two files have keys of different types, so "
			"'%s' must be read twice, but it is not a regular "
			"file; omit --sorted",
			s->new_path);
	else
		rc = add_keys(asked, arrived, &in, e);
	input_clear(&in);
	close(fd);
	return rc;
}

static int leave(struct pass *r, struct intent *i, bool may, struct err *e)
{
	struct slice text = slice_of(i->text, i->text_n);

	if (may && retyped_find(r, text) != RETYPED_NOT) {
		r->leaving.retyped++;
		i->row = missing_dropped_row;
		return emit_skip(r, i, NULL,
				 "the key arrived with a different type", e);
	}
	r->leaving.deletes++;
	return emit_change(r, &(struct emit_line){.intent = i}, e);
}

static int leave_all(struct pass *r, bool may, struct err *e)
{
	struct slice x;
	int rc;

	spool_rewind(&r->arrived.sorted->gone, 0);
	while ((rc = spool_next(&r->arrived.sorted->gone, &x, e)) > 0) {
		struct intent i;

		if (pending_parse(&x, &i) <= 0)
			return err_set(e, ERR_BUG,
				       "a temporary file has changed");
		if (leave(r, &i, may, e) < 0)
			return -1;
	}
	return rc;
}

int sorted_files_rest(struct pass *r, struct err *e)
{
	struct pass_arrived *arrived = &r->arrived;
	size_t memory = arrived->new_keys.memory;
	const char *dir = arrived->new_keys.dir;
	bool may;

	while (arrived->sorted->have) {
		if (put_aside_delete(r, e) < 0)
			return -1;
	}
	if (r->asked.mode != PASS_MIRROR)
		return 0;
	if (find_twins(&r->asked, arrived, &may, e) < 0 ||
	    leave_all(r, may, e) < 0)
		return -1;
	new_keys_clear(&arrived->new_keys);
	new_keys_init(&arrived->new_keys, memory, dir);
	return 0;
}

/* ---- the new file ------------------------------------------------------ */

/* Decides about a new row, when the old file is at the same key or after it. */
static int decide(struct pass *r, struct pass_row *x, bool known, struct err *e)
{
	struct pass_asked *asked = &r->asked;
	struct pass_arrived *arrived = &r->arrived;
	struct pass_leaving *leaving = &r->leaving;
	struct sorted_files *s = arrived->sorted;
	struct emit_line l = {.intent = NULL};
	bool same;
	struct intent i = {
		.key = hash_bytes(arrived->texts.p, arrived->texts.n,
				  asked->seed),
		.action = known ? PENDING_UPDATE : PENDING_INSERT,
	};

	i.row = row_hash_row(
		hash_row(arrived->in.member, arrived->in.n,
			 columns_skip(&asked->columns, &arrived->in),
			 asked->seed, &arrived->scratch));
	same = known && hash_eq(i.row, s->row_hash);
	s->kept.n = 0;
	if (known && (!same || asked->every_row))
		keep_old(&r->base, arrived);
	if (known && next_old(s, asked->seed, e) < 0)
		return -1;
	if (same && !asked->every_row) {
		leaving->unchanged++;
		return 0;
	}
	if (asked->mode == (known ? PASS_INSERT_ONLY : PASS_UPDATE_ONLY)) {
		leaving->ignored++;
		return 0;
	}
	*(known ? &leaving->updates : &leaving->inserts) += 1;
	key_leaving(&asked->key, &arrived->in, &arrived->texts, 0);
	i.text = arrived->texts.p;
	i.text_n = (uint32_t)arrived->texts.n;
	x->members.p = arrived->in.member[0].key.p - 1;
	x->members.n = (size_t)(x->line.p + x->line.n - x->members.p);
	l.intent = &i;
	l.members = x->members;
	leaving->names.n = 0;
	kept_values_row(&r->base.keep, x->line);
	if (kept_values_changed(&r->base.keep, buf_all(&s->kept), asked->seed,
				&leaving->names))
		l.changed = buf_all(&leaving->names);
	l.before = buf_all(&s->kept);
	return emit_change(r, &l, e);
}

int sorted_files_row(struct pass *r, struct err *e)
{
	struct pass_asked *asked = &r->asked;
	struct pass_arrived *arrived = &r->arrived;
	struct sorted_files *s = arrived->sorted;
	struct pass_row x = {
		.line = arrived->in.line,
		.lineno = input_lineno(&arrived->in),
	};
	int order = -1;
	char why[160];
	const char *no_key;

	arrived->texts.n = 0;
	if (key_first(&asked->key, &arrived->in, e) < 0)
		return -1;
	no_key = key_of(&asked->key, &arrived->in, &arrived->texts, why);
	if (no_key)
		return emit_reject(r, &x, no_key, e) < 0
			       ? -1
			       : key_missed(&asked->key, &arrived->in, e);
	if (s->last.n > 0)
		order = order_keys(buf_all(&s->last), buf_all(&arrived->texts),
				   &arrived->scratch.text);
	if (order > 0)
		return out_of_order(s->new_path, &arrived->in, e);
	x.text_n = arrived->texts.n;
	s->new_strings |=
		key_types_strings(&asked->key, buf_all(&arrived->texts));
	s->new_others |=
		~key_types_strings(&asked->key, buf_all(&arrived->texts));
	if (order == 0)
		return emit_reject(r, &x, key_words_duplicate(&asked->key, why),
				   e);
	s->last.n = 0;
	buf_slice(&s->last, buf_all(&arrived->texts));
	while (s->have) {
		order = order_keys(buf_all(&s->text), buf_all(&arrived->texts),
				   &arrived->scratch.text);
		if (order >= 0)
			return decide(r, &x, order == 0, e);
		if (put_aside_delete(r, e) < 0)
			return -1;
	}
	return decide(r, &x, false, e);
}
