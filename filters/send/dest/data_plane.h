/* data_plane.h - opens connections to data planes, with their write key.
 *
 * Floor 2 (send). Shared by dest_rudder and dest_segment.
 */
#ifndef SEND_DEST_DATA_PLANE_H
#define SEND_DEST_DATA_PLANE_H

#include "send/dest/http.h"

/* The options of destinations that have a write key. */
extern const struct dest_group data_plane_group;

/* Opens the HTTP connection to the data plane at o->url, with path appended.
 * The write key is in the file of --write-key-file or, if that option is not
 * given, in the environment variable.
 */
int data_plane_open(void **d, const struct dest_options *o, const char *path,
		    const char *variable, struct err *e) MUST_USE;

/* Same, but without a write key and with these header lines; NULL ends the
 * list.
 */
int data_plane_open_with(void **d, const struct dest_options *o,
			 const char *path, const char *const *headers,
			 struct err *e) MUST_USE;

/* Reads a file that only its owner may read, without its line end. The text is
 * a secret: free it with buf_wipe.
 */
int data_plane_secret(struct buf *b, const char *path, struct err *e) MUST_USE;

/* Refuses a private key of the client that others may read, also if it is in
 * the same file as the certificate: ERR_DENIED.
 */
int data_plane_cert(const struct network_http *net, struct err *e) MUST_USE;

#endif
