/* dest_webhook.h - any HTTP address: one event a request, or arrays of them.
 *
 * Floor 2 (send). With one event a request (the default) the URL is a
 * template: {userId} or {traits.plan} behind the host is replaced by the
 * event's value, percent-encoded, so that data can never change scheme, host
 * or port; and the messageId goes along as Idempotency-Key. With
 * --sign-key-file the body's HMAC-SHA256 goes along as X-Signature-256.
 */
#ifndef SEND_DEST_DEST_WEBHOOK_H
#define SEND_DEST_DEST_WEBHOOK_H

#include "send/dest/dest.h"

extern const struct dest dest_webhook;

#endif
