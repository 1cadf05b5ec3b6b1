#include "map/plan.h"

#include <stdlib.h>

#include "core/mem.h"

enum { CHUNK = 32 }; /* bytes copied blindly; READER_PAD allows for it */

struct piece {
	uint32_t at, n; /* literal text in front, in plan.text */
	uint32_t member;
	uint8_t kind; /* enum tree_kind of the end; TREE_LITERAL: none */
	bool trim;    /* drop a comma in front of the literal */
	bool optional;
};

struct plan {
	struct buf text;
	struct piece *piece;
	size_t n;
	size_t from;   /* where the open literal starts in text */
	bool trim;     /* for the open piece */
	size_t room;   /* bytes besides the values */
	size_t repeat; /* how often a member is used at most */
};

static struct piece *close_piece(struct plan *p, const struct tree_end *end)
{
	struct piece *piece;

	p->piece = mem_resize(p->piece, (p->n + 1) * sizeof(*p->piece));
	piece = &p->piece[p->n++];
	*piece = (struct piece){
		.at = (uint32_t)p->from,
		.n = (uint32_t)(p->text.n - p->from),
		.member = end ? (uint32_t)end->member : 0,
		.kind = (uint8_t)(end ? end->kind : TREE_LITERAL),
		.trim = p->trim,
	};
	p->from = p->text.n;
	p->trim = false;
	return piece;
}

static void put_end(struct plan *p, const struct tree *t)
{
	if (t->kind == TREE_LITERAL)
		buf_slice(&p->text, t->end.literal);
	else if (t->kind == TREE_HOLE)
		buf_str(&p->text, "null");
	else
		close_piece(p, &t->end);
}

static void put_key(struct plan *p, const struct tree *t)
{
	buf_char(&p->text, '"');
	buf_slice(&p->text, buf_all(&t->key));
	buf_str(&p->text, "\":");
}

static bool has_optional(const struct tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->at[i]->end.optional)
			return true;
	}
	return false;
}

/* An object with members that may be missing: each writes a comma behind
 * itself, and the brace drops the last.
 */
static void put_tree(struct plan *p, const struct tree *t);

static void put_optional(struct plan *p, const struct tree *t)
{
	buf_char(&p->text, '{');
	for (size_t i = 0; i < t->n; i++) {
		const struct tree *m = t->at[i];

		if (m->end.optional)
			close_piece(p, NULL);
		put_key(p, m);
		if (m->end.optional) {
			close_piece(p, &m->end)->optional = true;
			continue;
		}
		put_tree(p, m);
		buf_char(&p->text, ',');
	}
	close_piece(p, NULL);
	p->trim = true;
	buf_char(&p->text, '}');
}

static void put_tree(struct plan *p, const struct tree *t)
{
	bool array = t->kind == TREE_ARRAY;

	if (!array && t->kind != TREE_OBJECT) {
		put_end(p, t);
		return;
	}
	if (has_optional(t)) {
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

/* How often the member that is used most is used. */
static size_t most_uses(const struct plan *p)
{
	uint32_t *used = mem_zero(p->n * sizeof(*used));
	size_t most = 1, same = 0;

	for (size_t i = 0; i < p->n; i++)
		used[i] = p->piece[i].kind == TREE_LITERAL
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

struct plan *plan_new(const struct tree *t)
{
	struct plan *p = mem_zero(sizeof(*p));

	put_tree(p, t);
	close_piece(p, NULL);
	p->room = p->text.n + CHUNK;
	p->room += p->n * (3 + 2 * (size_t)CHUNK); /* quotes and a comma */
	p->repeat = most_uses(p);
	buf_room(&p->text, CHUNK);
	memset(p->text.p + p->text.n, 0, CHUNK);
	return p;
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	buf_clear(&p->text);
	free(p->piece);
	free(p);
}

/* Both sides have CHUNK bytes to spare behind n. */
static ALWAYS_INLINE char *put(char *to, const char *p, size_t n)
{
	memcpy(to, p, CHUNK);
	if (UNLIKELY(n > CHUNK))
		memcpy(to + CHUNK, p + CHUNK, n - CHUNK);
	return to + n;
}

static ALWAYS_INLINE char *put_message(char *to, const struct plan_record *r)
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

static char *put_quoted(char *to, const struct scan_member *m)
{
	if (m->kind == SCAN_STRING)
		return put(to, m->value.p, m->value.n);
	*to++ = '"';
	to = put(to, m->value.p, m->value.n);
	*to++ = '"';
	return to;
}

void plan_write(const struct plan *p, const struct plan_record *r,
		struct buf *b)
{
	size_t room = p->room + p->repeat * r->line_n + 36 + r->message_id.n +
		      r->record_id.n;
	char *const from = buf_room(b, room);
	char *to = from;

	for (size_t i = 0; i < p->n; i++) {
		const struct piece *piece = &p->piece[i];
		const struct scan_member *m = &r->member[piece->member];

		if (UNLIKELY(piece->optional) &&
		    (m->kind == SCAN_NULL || piece->member == r->absent))
			continue;
		if (UNLIKELY(piece->trim) && to[-1] == ',')
			to--;
		to = put(to, p->text.p + piece->at, piece->n);
		switch ((enum tree_kind)piece->kind) {
		case TREE_VALUE:
			to = put(to, m->value.p, m->value.n);
			break;
		case TREE_ID:
		case TREE_TEXT:
			to = put_quoted(to, m);
			break;
		case TREE_MESSAGE_ID:
			to = put_message(to, r);
			break;
		case TREE_RECORD_ID:
			to = put(to, r->record_id.p, r->record_id.n);
			break;
		default:
			break;
		}
		if (UNLIKELY(piece->optional))
			*to++ = ',';
	}
	b->n += (size_t)(to - from);
}
