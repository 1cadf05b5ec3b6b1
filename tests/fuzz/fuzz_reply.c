/* fuzz_reply.c - whatever a server replies: one class, and a reason that is
 * one line of UTF-8 in which everything is seen
 */
#include "fuzz.h"

#include "core/text.h"
#include "send/dest/reply.h"
#include "send/dest/retry.h"
#include "wire/json/json.h"

enum { PARTS = 6, HEAD = 5, MOST = 4096 };

/* The bytes up to the next NUL, as a copy without one that ends it. */
static struct slice part(struct buf *b, struct slice *rest)
{
	const char *end = rest->n ? memchr(rest->p, '\0', rest->n) : NULL;
	size_t n = end ? (size_t)(end - rest->p) : rest->n;

	buf_add(b, rest->p, n);
	n += end != NULL;
	*rest = slice_of(rest->p + n, rest->n - n);
	return buf_all(b);
}

static void check_reason(const char *reason)
{
	struct slice s = slice_str(reason);

	HOLDS(json_utf8(s) == s.n);
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t n = text_char(slice_of(s.p + i, s.n - i), &c);

		HOLDS(n > 0 && !text_hidden(c));
		i += n;
	}
}

static void check(const struct reply *r, const struct reply_facts *f)
{
	HOLDS(memchr(r->reason, '\0', sizeof(r->reason)) != NULL);
	check_reason(r->reason);
	HOLDS(r->class != REPLY_EACH && r->class <= REPLY_FATAL);
	if (r->class == REPLY_FATAL)
		REACHED("a reply that ends the run");
	if (r->class == REPLY_TAKEN)
		REACHED("events that are taken");
	if (r->class == REPLY_REFUSED)
		REACHED("events that are refused");
	if (r->class == REPLY_FATAL)
		HOLDS(r->err.kind != ERR_NONE && r->err.text[0] != '\0');
	/* nothing is taken without a whole header that says so */
	if (r->class == REPLY_TAKEN)
		HOLDS(f->complete && f->status >= 200 && f->status < 300);
	/* nor by a page for people */
	if (f->data_plane && f->body.n > 0 && *f->body.p == '<') {
		REACHED("a page where a data plane should be");
		HOLDS(r->class != REPLY_TAKEN);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of((const char *)data, size);
	struct buf b[PARTS] = {{0}};
	struct reply_facts f;
	struct reply r;

	if (size < HEAD || size > MOST)
		return 0;
	rest = slice_of(rest.p + HEAD, rest.n - HEAD);
	f = (struct reply_facts){
		.curl = data[0] % 100,
		.status = (unsigned)(data[1] << 8 | data[2]) % 1000,
		.complete = data[3] & 1,
		.flooded = data[3] & 2,
		.guarded = data[3] & 4,
		.by_event = data[3] & 8,
		.replied_before = data[3] & 16,
		.data_plane = data[3] & 32,
		.sent = data[4] % 4,
		.body = part(&b[0], &rest),
		.location = part(&b[1], &rest),
	};
	(void)part(&b[2], &rest);
	f.why = buf_cstr(&b[2]);
	f.wish_ms = retry_after(part(&b[3], &rest), part(&b[4], &rest),
				1700000000000);
	f.type = part(&b[5], &rest);
	reply_judge(&r, &f);
	check(&r, &f);
	reply_words(&r, f.body);
	check_reason(r.reason);
	for (size_t i = 0; i < PARTS; i++)
		buf_clear(&b[i]);
	return 0;
}
