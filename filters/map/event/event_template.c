#include "map/event/event_template.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "map/event/event_template_parts.h"
#include "map/value/identifier.h"
#include "wire/json/decimal.h"
#include "wire/json/number.h"

enum { CHUNK = 32 }; /* bytes copied blindly; READER_PAD allows for it */

static void take_field(struct event_template *p,
		       struct event_template_piece *piece,
		       struct event_tree_end *end)
{
	p->field = mem_resize(p->field, (p->n_fields + 1) * sizeof(*p->field));
	p->field[p->n_fields] = end->field;
	piece->field = end->field;
	piece->value = p->n_fields++;
	end->field = NULL;
}

static struct event_template_piece *close_piece(struct event_template *p,
						struct event_tree_end *end)
{
	struct event_template_piece *piece;

	p->piece = mem_resize(p->piece, (p->n + 1) * sizeof(*p->piece));
	piece = &p->piece[p->n++];
	*piece = (struct event_template_piece){
		.at = (uint32_t)p->from,
		.n = (uint32_t)(p->text.n - p->from),
		.member = end ? (uint32_t)end->member : 0,
		.kind = (uint8_t)(end ? end->kind : EVENT_TREE_LITERAL),
		.trim = p->trim,
	};
	if (end && end->field)
		take_field(p, piece, end);
	piece->odd = p->trim || piece->field;
	p->from = p->text.n;
	p->trim = false;
	return piece;
}

static void put_end(struct event_template *p, struct event_tree *t)
{
	if (t->kind == EVENT_TREE_LITERAL)
		buf_slice(&p->text, t->end.literal);
	else if (t->kind == EVENT_TREE_HOLE)
		buf_str(&p->text, "null");
	else
		close_piece(p, &t->end);
}

static void put_key(struct event_template *p, const struct event_tree *t)
{
	buf_char(&p->text, '"');
	buf_slice(&p->text, buf_all(&t->key));
	buf_str(&p->text, "\":");
}

static bool has_optional(const struct event_tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->at[i]->end.optional)
			return true;
	}
	return false;
}

/* Writes an object whose members may be missing: each member writes a comma
 * after itself, and the closing brace removes the last comma.
 */
static void put_tree(struct event_template *p, struct event_tree *t);

static void put_optional(struct event_template *p, struct event_tree *t)
{
	buf_char(&p->text, '{');
	for (size_t i = 0; i < t->n; i++) {
		struct event_tree *m = t->at[i];

		if (m->end.optional)
			close_piece(p, NULL);
		put_key(p, m);
		if (m->end.optional) {
			struct event_template_piece *piece =
				close_piece(p, &m->end);

			piece->optional = piece->odd = true;
			continue;
		}
		put_tree(p, m);
		buf_char(&p->text, ',');
	}
	close_piece(p, NULL);
	p->trim = true;
	buf_char(&p->text, '}');
}

static void put_tree(struct event_template *p, struct event_tree *t)
{
	bool array = t->kind == EVENT_TREE_ARRAY;

	if (!array && t->kind != EVENT_TREE_OBJECT) {
		put_end(p, t);
		return;
	}
	if (!array && has_optional(t)) {
		put_optional(p, t);
		return;
	}
	buf_char(&p->text, array ? '[' : '{');
	for (size_t i = 0; i < t->n; i++) {
		if (i > 0)
			buf_char(&p->text, ',');
		if (!array)
			put_key(p, t->at[i]);
		put_tree(p, t->at[i]);
	}
	buf_char(&p->text, array ? ']' : '}');
}

static int by_member(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The number of pieces that copy the most used member of the row. */
static size_t max_uses(const struct event_template *p)
{
	uint32_t *used = mem_zero(p->n * sizeof(*used));
	size_t most = 1, same = 0;

	for (size_t i = 0; i < p->n; i++)
		used[i] = p->piece[i].kind == EVENT_TREE_LITERAL ||
					  p->piece[i].kind == EVENT_TREE_EXTRA
				  ? UINT32_MAX - (uint32_t)i
				  : p->piece[i].member;
	qsort(used, p->n, sizeof(*used), by_member);
	for (size_t i = 1; i < p->n; i++) {
		same = used[i] == used[i - 1] ? same + 1 : 0;
		if (same + 1 > most)
			most = same + 1;
	}
	free(used);
	return most;
}

struct event_template *event_template_new(struct event_tree *t, bool exact)
{
	struct event_template *p = mem_zero(sizeof(*p));

	p->exact = exact;

	put_tree(p, t);
	close_piece(p, NULL);
	p->room = p->text.n + CHUNK;
	/* a piece adds quotes and a comma, and plain form can lengthen an id */
	p->room += p->n * (3 + DECIMAL_ID + 2 * (size_t)CHUNK);
	p->repeat = max_uses(p);
	buf_room(&p->text, CHUNK);
	memset(p->text.p + p->text.n, 0, CHUNK);
	return p;
}

void event_template_free(struct event_template *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_fields; i++) {
		field_clear(p->field[i]);
		free(p->field[i]);
	}
	free(p->field);
	buf_clear(&p->text);
	free(p->piece);
	free(p);
}

/* Copies n bytes in whole chunks, which is faster: both buffers have CHUNK
 * bytes more than n.
 */
static ALWAYS_INLINE char *put_text(char *to, const char *p, size_t n)
{
	memcpy(to, p, CHUNK);
	for (size_t at = CHUNK; UNLIKELY(at < n); at += CHUNK)
		memcpy(to + at, p + at, CHUNK);
	return to + n;
}

/* The same for a value that may be long. */
static ALWAYS_INLINE char *put(char *to, const char *p, size_t n)
{
	memcpy(to, p, CHUNK);
	if (UNLIKELY(n > CHUNK))
		memcpy(to + CHUNK, p + CHUNK, n - CHUNK);
	return to + n;
}

static ALWAYS_INLINE char *put_message(char *to,
				       const struct event_template_record *r)
{
	size_t n = 36;

	*to++ = '"';
	if (r->id) {
		rowid_message(to, r->id);
	} else {
		n = r->message_id.n;
		memcpy(to, r->message_id.p, n);
	}
	to[n] = '"';
	return to + n + 1;
}

static ALWAYS_INLINE char *put_quoted(char *to, const struct scan_member *m)
{
	if (m->kind == SCAN_STRING)
		return put(to, m->value.p, m->value.n);
	*to++ = '"';
	to = put(to, m->value.p, m->value.n);
	*to++ = '"';
	return to;
}

/* Writes a number that is not in plain form as an id. */
static NO_INLINE char *put_rewritten_id(char *to, const struct scan_member *m,
					struct slice keys)
{
	struct buf b = {0};

	identifier_text(m, keys, &b);
	*to++ = '"';
	memcpy(to, b.p, b.n);
	to += b.n;
	*to++ = '"';
	buf_clear(&b);
	return to;
}

static ALWAYS_INLINE char *put_id(char *to, const struct scan_member *m,
				  struct slice keys)
{
	if (UNLIKELY(m->kind == SCAN_NUMBER && !m->plain))
		return put_rewritten_id(to, m, keys);
	return put_quoted(to, m);
}

/* Writes an array or object; numbers in it that a double cannot hold become
 * strings.
 */
static NO_INLINE char *put_numbers(char *to, struct slice value)
{
	struct buf b = {0};

	number_quote(value, &b);
	memcpy(to, b.p, b.n);
	to += b.n;
	buf_clear(&b);
	return to;
}

static ALWAYS_INLINE char *put_value(char *to, const struct scan_member *m,
				     bool exact)
{
	if (LIKELY(!m->long_number || exact))
		return put(to, m->value.p, m->value.n);
	if (m->kind == SCAN_NUMBER)
		return number_safe(m->value) ? put(to, m->value.p, m->value.n)
					     : put_quoted(to, m);
	return put_numbers(to, m->value);
}

/* Writes a computed value. A missing value is null, so that the elements of an
 * array keep their positions.
 */
static char *put_extra(char *to, struct slice value)
{
	if (value.n == 0)
		value = slice_str("null");
	memcpy(to, value.p, value.n);
	return to + value.n;
}

static ALWAYS_INLINE char *put_identifier(char *to, const struct scan_member *m,
					  bool exact)
{
	if (UNLIKELY(m->kind == SCAN_STRING && identifier_blank(m->value)))
		return put_extra(to, slice_str(FIELD_NULL));
	return put_value(to, m, exact);
}

/* Writes a value that event_values_prepare changed. text: as a string, which
 * ids and names always are.
 */
static NO_INLINE char *put_changed_value(char *to, bool text,
					 const struct event_values *v, size_t i,
					 bool exact)
{
	struct slice value = slice_of(v->text.p + v->v[i].at, v->v[i].n);
	bool quotes = text && *value.p != '"';

	if (!text && !exact && *value.p != '"' && number_quote(value, NULL))
		return put_numbers(to, value);
	if (quotes)
		*to++ = '"';
	memcpy(to, value.p, value.n);
	to += value.n;
	if (quotes)
		*to++ = '"';
	return to;
}

bool event_template_prepares(const struct event_template *p)
{
	return p->n_fields > 0;
}

static ALWAYS_INLINE bool left_out(const struct event_template_piece *piece,
				   const struct event_template_record *r,
				   const struct event_values *v)
{
	if (piece->field && event_template_is_value(piece))
		return v->v[piece->value].omit;
	if (piece->kind == EVENT_TREE_EXTRA)
		return r->extra[piece->member].n == 0;
	if (piece->field && v->v[piece->value].omit)
		return true;
	return r->member[piece->member].kind == SCAN_NULL ||
	       piece->member == r->absent;
}

/* Writes the value of a piece, after its literal text. */
static ALWAYS_INLINE char *put_piece_value(
	char *to, const struct event_template *p,
	const struct event_template_piece *piece,
	const struct event_template_record *r)
{
	const struct scan_member *m = &r->member[piece->member];

	switch ((enum event_tree_kind)piece->kind) {
	case EVENT_TREE_VALUE:
		return put_value(to, m, p->exact);
	case EVENT_TREE_IDENTIFIER:
		return put_identifier(to, m, p->exact);
	case EVENT_TREE_ID:
		return put_id(to, m, r->keys);
	case EVENT_TREE_TEXT:
		return put_quoted(to, m);
	case EVENT_TREE_EXTRA:
		return put_extra(to, r->extra[piece->member]);
	case EVENT_TREE_MESSAGE_ID:
		return put_message(to, r);
	case EVENT_TREE_RECORD_ID:
		return put(to, r->record_id.p, r->record_id.n);
	default:
		return to;
	}
}

static NO_INLINE char *put_piece_slowly(
	char *to, const struct event_template *p,
	const struct event_template_piece *piece,
	const struct event_template_record *r, const struct event_values *v)
{
	bool value = event_template_is_value(piece);

	if (piece->optional && left_out(piece, r, v))
		return to;
	if (piece->trim && to[-1] == ',')
		to--;
	to = put_text(to, p->text.p + piece->at, piece->n);
	if (piece->field)
		to = put_changed_value(to, !value, v, piece->value,
				       !value || p->exact);
	else
		to = put_piece_value(to, p, piece, r);
	if (piece->optional)
		*to++ = ',';
	return to;
}

void event_template_write(const struct event_template *p,
			  const struct event_template_record *r,
			  const struct event_values *v, struct buf *b)
{
	size_t room = p->room + p->repeat * (r->line_n + r->line_n / 4 + 16) +
		      36 + r->message_id.n + r->record_id.n + r->extra_n +
		      v->text.n + v->text.n / 4 + 16;
	const struct event_template_piece *piece = p->piece,
					  *end = piece + p->n;
	char *const from = buf_room(b, room);
	char *to = from;

	for (; piece < end; piece++) {
		if (UNLIKELY(piece->odd)) {
			to = put_piece_slowly(to, p, piece, r, v);
			continue;
		}
		to = put_text(to, p->text.p + piece->at, piece->n);
		to = put_piece_value(to, p, piece, r);
	}
	b->n += (size_t)(to - from);
}
