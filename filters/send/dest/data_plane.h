/* data_plane.h - data planes: where one is, and its write key.
 *
 * Floor 2 (send). What dest_rudder and dest_segment share.
 */
#ifndef SEND_DEST_DATA_PLANE_H
#define SEND_DEST_DATA_PLANE_H

#include "send/dest/http.h"

/* The options of those with a write key. */
extern const struct dest_group data_plane_group;

/* Open the HTTP connection to the plane at o->url with path behind it, under
 * the write key in the file of --write-key-file or, without one, in the
 * environment variable.
 */
int data_plane_open(void **d, const struct dest_options *o, const char *path,
		    const char *variable, struct err *e) MUST_USE;

/* The same without a key, but with these header lines, ended by NULL. */
int data_plane_open_with(void **d, const struct dest_options *o,
			 const char *path, const char *const *headers,
			 struct err *e) MUST_USE;

/* The text of a file that only its owner may read, without its line end.
 * The bytes are a secret: to be freed by buf_wipe.
 */
int data_plane_secret(struct buf *b, const char *path, struct err *e) MUST_USE;

/* Refuse a private key of the client that others may read, also one in the
 * file of its certificate: ERR_DENIED.
 */
int data_plane_cert(const struct network_http *net, struct err *e) MUST_USE;

#endif
