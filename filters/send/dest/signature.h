/* signature.h - headers that prove who sent a body, by a shared secret.
 *
 * Floor 2 (send). HMAC-SHA256 in one of these forms; those with a time in them
 * are made anew for each try, so that a receiver can refuse old ones, and may
 * have two keys, so that one can be replaced:
 *
 *   plain     X-Signature-256: sha256=HEX             of the body
 *   github    X-Hub-Signature-256: sha256=HEX         of the body
 *   stripe    Stripe-Signature: t=TIME,v1=HEX         of TIME.BODY
 *   standard  webhook-id, webhook-timestamp, webhook-signature: v1,BASE64
 *             of ID.TIME.BODY (standardwebhooks.com, read 2026-11-30); a key
 *             that begins with whsec_ is base64 behind that
 */
#ifndef SEND_DEST_SIGNATURE_H
#define SEND_DEST_SIGNATURE_H

#include "core/buf.h"
#include "core/err.h"
#include "core/opt.h"

struct signature;

/* What is asked for. */
struct signature_settings {
	struct opt_list key_files;
	const char *form;   /* a word of the list above; NULL: plain */
	const char *header; /* its name; NULL: that of the form */
};

/* There is one key file at least. ERR_USAGE, and as data_plane_secret. Free *x
 * with signature_close, also after a failure.
 */
int signature_open(struct signature **x, const struct signature_settings *o,
		   struct err *e) MUST_USE;

/* The header lines, each ended by a NUL, for a body sent now. id: what names
 * the message in all tries; empty: a hash of the body.
 */
void signature_headers(const struct signature *x, struct slice id,
		       struct slice body, uint64_t wall_ms, struct buf *b);

/* NULL is allowed. */
void signature_close(struct signature *x);

#endif
