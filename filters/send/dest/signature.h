/* signature.h - headers that prove with a shared secret who has sent a body.
 *
 * Floor 2 (send). HMAC-SHA256, in one of four forms. The two with a time are
 * made again for each try, so that a receiver can refuse old ones; they may
 * have two keys, so that one can be replaced:
 *
 *   plain     X-Signature-256: sha256=HEX             of the body
 *   github    X-Hub-Signature-256: sha256=HEX         of the body
 *   stripe    Stripe-Signature: t=TIME,v1=HEX         of TIME.BODY
 *   standard  webhook-id, webhook-timestamp, webhook-signature: v1,BASE64
 *             of ID.TIME.BODY (standardwebhooks.com, read 2026-11-30); in a
 *             key that begins with whsec_ the rest is base64
 */
#ifndef SEND_DEST_SIGNATURE_H
#define SEND_DEST_SIGNATURE_H

#include "core/buf.h"
#include "core/err.h"
#include "core/opt.h"

struct signature;

/* The values of the options. */
struct signature_settings {
	struct opt_list key_files;
	const char *form;   /* one of the four names above; NULL: plain */
	const char *header; /* name of the header; NULL: the usual one of the
			     * form */
};

/* At least one key file is given. ERR_USAGE; also fails like data_plane_secret.
 * Free *x with signature_close, also after a failure.
 */
int signature_open(struct signature **x, const struct signature_settings *o,
		   struct err *e) MUST_USE;

/* Appends the header lines, each ended by a NUL, for a body that is sent now.
 * id identifies the message and is the same in all tries; if it is empty, a
 * hash of the body is used.
 */
void signature_headers(const struct signature *x, struct slice id,
		       struct slice body, uint64_t wall_ms, struct buf *b);

/* NULL is allowed. */
void signature_close(struct signature *x);

#endif
