#include "diff/pass/delete_guard.h"

#include "core/buf.h"
#include "core/counts.h"
#include "core/num.h"

/* In the order of their bits. */
static const struct {
	const char *word, *why;
} guards[] = {
	{"truncated", "the input has no end line, so rows may be missing"},
	{"partial",
	 "rows were omitted on purpose (--limit, --since, --end-from)"},
	{"empty", "the input has no rows"},
	{"unreadable", NULL}, /* made from the unreadable rows */
	{"require-key", "a key of --require-key is missing"},
	{"model", "the model differs from that of the last commit"},
	{"count", NULL}, /* made from the limit */
};

/* ---- options ----------------------------------------------------------- */

static int unknown(const char *allow, struct slice word, struct err *e)
{
	struct buf b = {0};

	for (size_t i = 0; i < COUNT_OF(guards); i++)
		buf_fmt(&b, "%s%s", i > 0 ? ", " : "", guards[i].word);
	(void)err_names(e, ERR_USAGE,
			"option '--allow-deletes': '%s': no delete guard is "
			"named '%.*s'; they are %s",
			allow, SLICE_FMT(word), buf_cstr(&b));
	buf_clear(&b);
	return -1;
}

/* "90" or "90,empty,unreadable". */
static int read_permit(struct delete_guard *b, const char *allow, struct err *e)
{
	const char *p = allow + strcspn(allow, ",");

	b->has_permit = true;
	if (num_uint(slice_of(allow, (size_t)(p - allow)), &b->permit) < 0)
		return err_names(
			e, ERR_USAGE,
			"option '--allow-deletes': '%s' is not a count, "
			"or a count and the names of delete guards like "
			"90,empty",
			allow);
	while (*p == ',') {
		struct slice word = slice_of(p + 1, strcspn(p + 1, ","));
		unsigned bit = 0;

		for (size_t i = 0; i < COUNT_OF(guards); i++) {
			if (slice_is(word, guards[i].word))
				bit = 1u << i;
		}
		if (bit == 0)
			return unknown(allow, word, e);
		b->names |= bit;
		p = word.p + word.n;
	}
	return 0;
}

int delete_guard_init(struct delete_guard *b, const char *max,
		      const char *allow, struct err *e)
{
	struct num_share share = {0};

	*b = (struct delete_guard){.given = max != NULL};
	if (max && num_share(slice_str(max), &share) < 0)
		return err_names(
			e, ERR_USAGE,
			"option '--max-deletes': '%s' is not a count or "
			"a percentage like 10%%",
			max);
	b->limit = share.n;
	b->percent = share.percent;
	return allow ? read_permit(b, allow, e) : 0;
}

/* ---- the verdict ------------------------------------------------------- */

static uint64_t share_of(uint64_t keys, uint64_t percent)
{
	return (uint64_t)((double)keys * (double)percent / 100);
}

uint64_t delete_guard_limit(const struct delete_guard *b, uint64_t keys)
{
	uint64_t n;

	if (b->given)
		return b->percent ? share_of(keys, b->limit) : b->limit;
	n = share_of(keys, 10);
	if (n < DELETE_GUARD_FEW)
		n = DELETE_GUARD_FEW;
	return n < keys / 2 ? n : keys / 2;
}

unsigned delete_guard_blind(const struct delete_guard_case *c)
{
	return (c->trusted_eof ? DELETE_GUARD_TRUNCATED : 0u) |
	       (c->partial ? DELETE_GUARD_PARTIAL : 0u) |
	       (c->rows == 0 ? DELETE_GUARD_EMPTY : 0u) |
	       (c->unreadable > 0 ? DELETE_GUARD_UNREADABLE : 0u) |
	       (c->key_missing ? DELETE_GUARD_REQUIRE_KEY : 0u);
}

bool delete_guard_is_model(const struct delete_guard_case *c)
{
	return c->new_model && c->missing > DELETE_GUARD_FEW &&
	       c->missing > share_of(c->keys, 1);
}

static void add_rows(struct buf *b, uint64_t n, const char *what)
{
	if (b->n > 0)
		buf_str(b, ", ");
	counts_add(b, n, "row");
	buf_fmt(b, " %s", what);
}

/* Such as "1 row has no key (key column 'id' is null, line 7)". */
static void add_unreadable(struct buf *b, const struct delete_guard_case *c)
{
	uint64_t bad = c->unreadable - c->keyless - c->upstream;

	if (c->keyless > 0) {
		add_rows(b, c->keyless,
			 c->keyless == 1 ? "has no key" : "have no key");
		buf_fmt(b, " (%s, %sline %ju)", c->no_key,
			c->keyless > 1 ? "from " : "",
			(uintmax_t)c->keyless_line);
	}
	if (bad > 0) {
		add_rows(b, bad, "could not be read");
		if (c->bad_line > 0)
			buf_fmt(b, " (%sline %ju)", bad > 1 ? "from " : "",
				(uintmax_t)c->bad_line);
	}
	if (c->upstream > 0)
		add_rows(b, c->upstream,
			 c->upstream == 1
				 ? "was rejected by an earlier stage"
				 : "were rejected by an earlier stage");
	buf_str(b, ", so it is not known which keys are missing");
}

/* Sets *e: the reason of the first guard, and the option that allows n deletes.
 */
static void explain(const struct delete_guard *b,
		    const struct delete_guard_case *c, unsigned by, uint64_t n,
		    struct err *e)
{
	struct buf words = {0}, option = {0}, count = {0};
	const char *why = NULL;

	if (by & DELETE_GUARD_UNREADABLE)
		add_unreadable(&count, c);
	else
		buf_fmt(&count, "more than the limit of %ju (--max-deletes)",
			(uintmax_t)delete_guard_limit(b, c->keys));
	buf_fmt(&option, "%ju", (uintmax_t)n);
	for (size_t i = 0; i < COUNT_OF(guards); i++) {
		if (!(by >> i & 1))
			continue;
		if (!why)
			why = guards[i].why ? guards[i].why : buf_cstr(&count);
		buf_fmt(&words, "%s%s", words.n > 0 ? ", " : "",
			guards[i].word);
		if (DELETE_GUARD_BLIND >> i & 1)
			buf_fmt(&option, ",%s", guards[i].word);
	}
	(void)err_names(
		e, ERR_BLOCKED,
		"%ju of %ju keys (%.1f %%) would be deleted; blocked by delete "
		"guard %s: %s; check the rows, and to allow these deletes run "
		"again with --allow-deletes=%s",
		(uintmax_t)n, (uintmax_t)c->keys,
		c->keys ? 100.0 * (double)n / (double)c->keys : 0.0,
		buf_cstr(&words), why, buf_cstr(&option));
	buf_clear(&words);
	buf_clear(&option);
	buf_clear(&count);
}

uint64_t delete_guard_blocks(const struct delete_guard *b,
			     const struct delete_guard_case *c, struct err *e)
{
	unsigned blind = delete_guard_blind(c), by = blind;
	uint64_t n = blind ? c->deletes : c->deletes - c->again;

	if (delete_guard_is_model(c))
		by |= DELETE_GUARD_MODEL;
	if (c->deletes - c->again > delete_guard_limit(b, c->keys))
		by |= DELETE_GUARD_COUNT;
	if (n == 0 || by == 0)
		return 0;
	if (b->has_permit && b->permit == n && (blind & ~b->names) == 0)
		return 0;
	explain(b, c, by, n, e);
	return n;
}
