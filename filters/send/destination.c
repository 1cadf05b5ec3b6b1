#include "send/destination.h"

#include <ctype.h>

#include "core/tool.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"
#include "wire/state/keyed_hash.h"

/* Version of the hashes, their prefix. Hashes of other versions are not
 * compared.
 */
#define HASHES "2:"

static void add_salted(struct buf *b, const char *name, struct slice value,
		       const struct control_reader *r)
{
	struct slice salt = control_member(r, "salt");

	if (slice_starts(salt, "\""))
		salt = json_inner(salt);
	buf_fmt(b, ",\"%s\":\"" HASHES, name);
	keyed_hash(salt, value, 16, b);
	buf_char(b, '"');
}

/* Appends the host of a URL that address_url has checked. A different port or
 * scheme does not make it a different destination.
 */
static void add_host(struct buf *b, const char *url)
{
	const char *host = url + strcspn(url, ":") + strlen("://");
	size_t n = *host == '[' ? strcspn(host, "]") : strcspn(host, ":/?#");
	struct buf text = {0};

	n += host[n] == ']';
	for (size_t i = 0; i < n; i++)
		buf_char(&text, (char)tolower((unsigned char)host[i]));
	json_string(b, buf_all(&text));
	buf_clear(&text);
}

void destination_show(const struct dest *d, const char *rest, struct hash key,
		      const struct control_reader *r, struct buf *b)
{
	const char *topic = strrchr(rest, '/');
	bool has_state = control_member(r, "state").n > 0 ||
			 control_member(r, "was").n > 0; /* of a dry run */

	if (d->known_by == DEST_BY_NOTHING || !has_state)
		return;
	buf_fmt(b, "{\"kind\":\"%s\"", d->scheme);
	switch (d->known_by) {
	case DEST_BY_TOPIC:
		buf_str(b, ",\"to\":");
		json_string(b, slice_str(topic ? topic + 1 : rest));
		break;
	case DEST_BY_TEMPLATE:
	case DEST_BY_HOST:
		buf_str(b, ",\"to\":");
		add_host(b, rest);
		break;
	default:
		break;
	}
	if (d->known_by == DEST_BY_TEMPLATE || d->known_by == DEST_BY_TEXT)
		add_salted(b, "text", slice_str(rest), r);
	if (key.hi != 0 || key.lo != 0)
		add_salted(b, "key", slice_of((const char *)&key, sizeof(key)),
			   r);
	buf_char(b, '}');
}

/* ---- compared --------------------------------------------------------- */

static struct slice text_of(const struct doc *d, const char *name)
{
	const struct doc *v = doc_get(d, name);

	return v && v->text ? slice_of(v->text, v->text_n) : slice_of(NULL, 0);
}

static bool differs(const struct doc *a, const struct doc *b, const char *name)
{
	return !slice_eq(text_of(a, name), text_of(b, name));
}

/* Whether two hashes of the same version differ. */
static bool hash_differs(const struct doc *was, const struct doc *now,
			 const char *name)
{
	return slice_starts(text_of(was, name), HASHES) &&
	       differs(was, now, name);
}

static int report_other(const struct doc *was, const struct doc *now,
			bool accept, struct err *e)
{
	struct slice kind = text_of(was, "kind"), to = text_of(was, "to");
	bool path = !differs(was, now, "kind") && !differs(was, now, "to");
	const char *what = path ? "a different URL of " : "";

	if (accept) {
		tool_warn("the state was delivered to %s'%.*s:%.*s': rows "
			  "delivered there are not sent again",
			  what, SLICE_FMT(kind), SLICE_FMT(to));
		return 0;
	}
	return err_names(
		e, ERR_CONFIG,
		"the state was delivered to %s'%.*s:%.*s', not to this "
		"destination: to send it all rows, use a new state; if "
		"it has them already, accept it once with rudder-diff "
		"--accept-connection",
		what, SLICE_FMT(kind), SLICE_FMT(to));
}

static int compare(const struct dest *d, const struct doc *was,
		   const struct doc *now, bool keys, bool accept, struct err *e)
{
	bool text = hash_differs(was, now, "text");

	if (differs(was, now, "kind") || differs(was, now, "to") ||
	    (text && d->known_by == DEST_BY_TEMPLATE))
		return report_other(was, now, accept, e);
	if (text && d->known_by == DEST_BY_TEXT)
		tool_warn("the state was delivered to a different %s: rows "
			  "delivered there are not sent again",
			  strcmp(d->scheme, "exec") == 0 ? "command" : "file");
	if (keys && hash_differs(was, now, "key"))
		tool_warn("the write key differs from the one that the state "
			  "was delivered with: if it belongs to a different "
			  "source, use a new state");
	return 0;
}

int destination_check(const struct dest *d, const char *rest,
		      const struct hash *key, const struct control_reader *r,
		      struct err *e)
{
	const struct hash none = {0};
	bool accept = slice_is(control_member(r, "accept_connection"), "true");
	struct slice text = control_member(r, "was");
	struct doc *all = NULL, *now = NULL;
	const struct doc *was;
	struct err ignored;
	struct buf b = {0};
	int rc = 0;

	destination_show(d, rest, key ? *key : none, r, &b);
	if (b.n == 0 || text.n == 0 || doc_parse(&all, text, &ignored) < 0)
		goto out;
	was = doc_get(all, "destination");
	if (was && doc_parse(&now, buf_all(&b), &ignored) == 0)
		rc = compare(d, was, now, key != NULL, accept, e);
out:
	doc_free(all);
	doc_free(now);
	buf_clear(&b);
	return rc;
}
