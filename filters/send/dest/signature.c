#include "send/dest/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "send/dest/data_plane.h"
#include "send/dest/header_lines.h"

enum { KEYS = 2, SUM = 32 };

enum signature_form { PLAIN, GITHUB, STRIPE, STANDARD };

static const struct {
	const char *name, *header;
	bool timed; /* contains a time and may have two keys */
} forms[] = {
	[PLAIN] = {"plain", "X-Signature-256", false},
	[GITHUB] = {"github", "X-Hub-Signature-256", false},
	[STRIPE] = {"stripe", "Stripe-Signature", true},
	[STANDARD] = {"standard", "webhook-signature", true},
};

struct signature {
	enum signature_form form;
	const char *header;
	struct buf key[KEYS]; /* the keys, secret */
	size_t n;
};

static int find_form(struct signature *x, const char *name, struct err *e)
{
	for (size_t i = 0; name && i < COUNT_OF(forms); i++) {
		if (strcmp(forms[i].name, name) == 0) {
			x->form = (enum signature_form)i;
			return 0;
		}
	}
	if (!name)
		return 0;
	return err_names(
		e, ERR_USAGE,
		"option '--sign': '%s' is not plain, github, stripe or "
		"standard",
		name);
}

/* Decodes a key of the form whsec_BASE64 in place; leaves other keys as they
 * are.
 */
static int decode_key(struct buf *key, const char *path, struct err *e)
{
	static const char prefix[] = "whsec_";
	size_t n = key->n, skip = sizeof(prefix) - 1, padding = 0;
	struct buf bytes = {0};
	int got;

	if (!slice_starts(buf_all(key), prefix))
		return 0;
	while (padding < 2 && padding < n && key->p[n - 1 - padding] == '=')
		padding++;
	got = EVP_DecodeBlock((unsigned char *)buf_room(&bytes, n),
			      (unsigned char *)key->p + skip, (int)(n - skip));
	if (got <= (int)padding) {
		buf_wipe(&bytes);
		return err_names(e, ERR_USAGE,
				 "'%s': behind whsec_ is no base64", path);
	}
	bytes.n = (size_t)got - padding;
	buf_wipe(key);
	*key = bytes;
	return 0;
}

static int check(const struct signature *x, const struct signature_settings *o,
		 struct err *e)
{
	struct buf line = {0};
	int rc = 0;

	if (o->key_files.n > (forms[x->form].timed ? KEYS : 1))
		return err_names(e, ERR_USAGE,
				 "option '--sign-key-file': at most %d with "
				 "--sign %s",
				 forms[x->form].timed ? KEYS : 1,
				 forms[x->form].name);
	if (o->header) {
		buf_fmt(&line, "%s: x", o->header);
		rc = header_lines_check(buf_cstr(&line), e);
	}
	if (rc < 0)
		rc = err_names(
			e, ERR_USAGE,
			"option '--sign-header': '%s' is not the name of "
			"a header",
			o->header);
	buf_clear(&line);
	return rc;
}

int signature_open(struct signature **x, const struct signature_settings *o,
		   struct err *e)
{
	struct signature *s = mem_zero(sizeof(*s));

	*x = s;
	if (find_form(s, o->form, e) < 0 || check(s, o, e) < 0)
		return -1;
	s->header = o->header ? o->header : forms[s->form].header;
	for (; s->n < o->key_files.n; s->n++) {
		const char *path = o->key_files.v[s->n];

		if (data_plane_secret(&s->key[s->n], path, e) < 0)
			return -1;
		if (s->form == STANDARD &&
		    decode_key(&s->key[s->n], path, e) < 0)
			return -1;
	}
	return 0;
}

void signature_close(struct signature *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < KEYS; i++)
		buf_wipe(&x->key[i]);
	free(x);
}

/* ---- headers ------------------------------------------------------------ */

static void add_sum(struct buf *b, const struct buf *key, struct slice prefix,
		    struct slice body, bool base64)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct buf text = {0};
	struct slice all = body;

	if (prefix.n > 0) {
		buf_slice(&text, prefix);
		buf_slice(&text, body);
		all = buf_all(&text);
	}
	HMAC(EVP_sha256(), key->p, (int)key->n, (const unsigned char *)all.p,
	     all.n, mac, &n);
	if (base64)
		buf_base64(b, mac, n);
	else
		buf_hex(b, mac, n);
	buf_clear(&text);
}

static void standard(const struct signature *x, struct slice id,
		     struct slice body, uint64_t seconds, struct buf *b)
{
	unsigned char sum[SUM];
	struct buf name = {0}, prefix = {0};

	buf_slice(&name, id);
	if (id.n == 0) {
		EVP_Digest(body.p, body.n, sum, NULL, EVP_sha256(), NULL);
		buf_str(&name, "msg_");
		buf_hex(&name, sum, SUM / 2);
	}
	buf_fmt(&prefix, "%.*s.%ju.", SLICE_FMT(buf_all(&name)),
		(uintmax_t)seconds);
	buf_fmt(b, "webhook-id: %.*s", SLICE_FMT(buf_all(&name)));
	buf_char(b, '\0');
	buf_fmt(b, "webhook-timestamp: %ju", (uintmax_t)seconds);
	buf_char(b, '\0');
	buf_fmt(b, "%s:", x->header);
	for (size_t i = 0; i < x->n; i++) {
		buf_str(b, " v1,");
		add_sum(b, &x->key[i], buf_all(&prefix), body, true);
	}
	buf_clear(&name);
	buf_clear(&prefix);
}

void signature_headers(const struct signature *x, struct slice id,
		       struct slice body, uint64_t wall_ms, struct buf *b)
{
	uint64_t seconds = wall_ms / 1000;
	struct buf prefix = {0};

	switch (x->form) {
	case STANDARD:
		standard(x, id, body, seconds, b);
		break;
	case STRIPE:
		buf_fmt(&prefix, "%ju.", (uintmax_t)seconds);
		buf_fmt(b, "%s: t=%ju", x->header, (uintmax_t)seconds);
		for (size_t i = 0; i < x->n; i++) {
			buf_str(b, ",v1=");
			add_sum(b, &x->key[i], buf_all(&prefix), body, false);
		}
		break;
	default:
		buf_fmt(b, "%s: sha256=", x->header);
		add_sum(b, &x->key[0], slice_str(""), body, false);
		break;
	}
	buf_char(b, '\0');
	buf_clear(&prefix);
}
