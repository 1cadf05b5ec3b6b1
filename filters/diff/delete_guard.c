#include "diff/delete_guard.h"

#include "core/num.h"

int delete_guard_init(struct delete_guard *b, const char *max,
		      const char *allow, struct err *e)
{
	struct num_share share;
	int rc = num_share(slice_str(max ? max : "10%"), &share);

	*b = (struct delete_guard){.limit = share.n, .percent = share.percent};
	if (rc < 0)
		return err_set(e, ERR_USAGE,
			       "option '--max-deletes': '%s' is no count and "
			       "no percentage",
			       max);
	if (!allow)
		return 0;
	b->has_permit = true;
	if (num_uint(slice_str(allow), &b->permit) < 0)
		return err_set(e, ERR_USAGE,
			       "option '--allow-deletes': '%s' is not a count",
			       allow);
	return 0;
}

static uint64_t limit_of(const struct delete_guard *b, uint64_t keys)
{
	uint64_t n = b->limit;

	if (!b->percent)
		return n;
	n = (uint64_t)((double)keys * (double)b->limit / 100);
	return n > DELETE_GUARD_FREE || b->limit == 0 ? n : DELETE_GUARD_FREE;
}

/* Why nothing follows from what did not come, or NULL. */
static const char *blind(const struct delete_guard_case *c)
{
	if (c->trusted_eof)
		return "without an end line nobody knows that these rows are "
		       "all";
	if (c->partial)
		return "rows were left out on purpose (--limit, --since)";
	if (c->unreadable > 0)
		return "the keys of refused rows are not known";
	if (c->rows == 0)
		return "the input had no rows at all";
	if (c->canary_gone)
		return "a key of --require-key did not come";
	return NULL;
}

/* Why the deletes would be held without a permit, or NULL. */
static const char *reason(const struct delete_guard *b,
			  const struct delete_guard_case *c)
{
	const char *why = blind(c);

	if (why)
		return why;
	if (c->deletes > limit_of(b, c->keys))
		return "too many at once";
	return NULL;
}

bool delete_guard_sees(const struct delete_guard_case *c)
{
	return !blind(c);
}

bool delete_guard_blocks(const struct delete_guard *b,
			 const struct delete_guard_case *c, struct err *e)
{
	const char *why = reason(b, c);

	if (c->deletes == 0 || !why)
		return false;
	if (b->has_permit && b->permit == c->deletes)
		return false;
	err_set(e, ERR_BLOCKED,
		"%ju of %ju keys (%.1f %%) would be deleted, and are held "
		"back: %s; to let them pass: --allow-deletes=%ju",
		(uintmax_t)c->deletes, (uintmax_t)c->keys,
		c->keys ? 100.0 * (double)c->deletes / (double)c->keys : 0.0,
		why, (uintmax_t)c->deletes);
	return true;
}
