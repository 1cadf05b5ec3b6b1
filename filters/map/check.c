#include "map/check.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/event/event.h"
#include "map/event/require.h"
#include "map/mapping_change.h"
#include "map/row_event.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

static int judge_one(const struct mapping *m, const struct scan_member *member,
		     size_t n, struct err *e)
{
	struct event_source from;
	struct event_tree *t = NULL;
	const char *why;
	int rc = require_columns(m, member, n, true, e);

	for (size_t i = 0; rc == 0 && !m->jq && i < MAPPING_DELETE; i++) {
		if (!event_made(m, (enum mapping_action)i, &why))
			continue;
		rc = event_tree(&t, m, (enum mapping_action)i, member, n,
				slice_str("{}"), slice_of(NULL, 0), &from, e);
		if (rc == 0)
			event_tree_free(t);
	}
	return rc;
}

static int judge(const struct makers *makers, const struct scan_member *member,
		 size_t n, struct err *e)
{
	for (size_t i = 0; i < makers->n; i++) {
		if (judge_one(&makers->v[i].m, member, n, e) == 0)
			continue;
		return makers->n == 1 ? -1 : err_in(e, "mapping %zu", i + 1);
	}
	return 0;
}

/* Checks the mappings against a row that has these columns, all null. */
static int judge_columns(const struct makers *makers, const struct doc *columns,
			 struct err *e)
{
	struct scan_member *member;
	struct buf names = {0};
	size_t n = 0, *end, at = 0;
	int rc;

	for (const struct doc *c = columns->first; c; c = c->next)
		n++;
	member = mem_zero((n + 1) * sizeof(*member));
	end = mem_zero((n + 1) * sizeof(*end));
	n = 0;
	for (const struct doc *c = columns->first; c; c = c->next) {
		const struct doc *name = doc_get(c, "name");

		if (!name || name->kind != SCAN_STRING)
			continue;
		json_escape(&names, slice_of(name->text, name->text_n));
		end[n++] = names.n;
	}
	buf_room(&names, 1);
	for (size_t i = 0; i < n; i++) {
		member[i].key = slice_of(names.p + at, end[i] - at);
		member[i].value = slice_str("null");
		at = end[i];
	}
	rc = judge(makers, member, n, e);
	free(end);
	free(member);
	buf_clear(&names);
	return rc;
}

/* Whether the key columns are among these columns. If not, rudder-diff rejects
 * the stream, and the columns of a delete are unknown.
 */
static bool has_keys(const struct deletes *d, const struct doc *columns)
{
	size_t n = 0, n_key = 0;

	for (const struct doc *c = columns->first; c; c = c->next) {
		const struct doc *name = doc_get(c, "name");

		n += name && name->kind == SCAN_STRING &&
		     deletes_is_key(d, slice_of(name->text, name->text_n));
	}
	for (size_t at = 0; at < d->key.n; at += strlen(d->key.p + at) + 1)
		n_key++;
	return n >= n_key;
}

/* Checks the mappings against the columns of the begin line. Returns 1, 0 if it
 * names no columns, -1.
 */
static int by_begin(const struct map *m, struct err *e)
{
	struct slice text = control_member(m->arrived.in.controls, "columns");
	struct doc *d;
	struct err why;
	int rc = 0;

	if (text.n == 0 || doc_parse(&d, text, &why) < 0)
		return 0;
	if (d->kind == SCAN_ARRAY && d->first)
		rc = judge_columns(&m->makers, d, e) < 0 ? -1 : 1;
	if (rc > 0 && m->base.lacks.kind != ERR_NONE &&
	    has_keys(&m->base.deletes, d)) {
		*e = m->base.lacks;
		rc = -1;
	}
	doc_free(d);
	return rc;
}

int check_run(struct map *m, struct err *e)
{
	struct input *in = &m->arrived.in;
	int rc;

	while ((rc = input_next(in, e)) > 0) {
		if (in->kind == INPUT_BEGIN) {
			if (deletes_begin(m, e) < 0)
				return -1;
			rc = by_begin(m, e);
			if (rc < 0 || mapping_change_begin(m, e) < 0)
				return -1;
			if (rc > 0)
				return 0;
		}
		if (in->kind == INPUT_BAD)
			return err_set(e, ERR_DATA, "line %ju: %s",
				       (uintmax_t)input_lineno(in), in->why);
		if (in->kind == INPUT_DATA && m->base.lacks.kind != ERR_NONE)
			return deletes_lack(m, e);
		if (in->kind == INPUT_DATA && !row_event_is_delete(in))
			return judge(&m->makers, in->member, in->n, e);
	}
	if (rc < 0 || (in->kind == INPUT_ABORT && input_complete(in, e) < 0))
		return -1;
	if (m->base.lacks.kind != ERR_NONE)
		return deletes_lack(m, e);
	return err_set(e, ERR_DATA,
		       "nothing to check the mapping against: the input has "
		       "neither a row nor a begin line with columns");
}
