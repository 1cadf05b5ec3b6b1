/* network.h - options of destinations that are reached over a network.
 *
 * Floor 2 (send). What HTTP and Kafka share, and what HTTP has besides.
 */
#ifndef SEND_DEST_NETWORK_H
#define SEND_DEST_NETWORK_H

#include "core/landlock.h"
#include "send/dest/dest.h"

/* Of all of them. */
struct network_settings {
	uint64_t connect_ms; /* until connected, TLS included */
	bool no_gzip;        /* bodies are not compressed */
};
extern const struct dest_group network_group;

/* Of those that speak HTTP. */
struct network_http {
	bool http2;                            /* where TLS agrees on it */
	bool allow_http;                       /* http:// to other hosts */
	bool deny_private;                     /* see private_address.h */
	const char *ca_file;                   /* NULL: the system's */
	const char *cert_file, *cert_key_file; /* of this client, PEM */
	const char *pinned; /* public key of the server, as for curl(1) */
};
extern const struct dest_group network_http_group;

/* The settings of these options. */
const struct network_settings *network_of(const struct dest_options *o);
const struct network_http *network_http_of(const struct dest_options *o);

/* As dest.reach, for those that speak HTTP. */
void network_http_reach(const struct dest_options *o, struct landlock *l);

#endif
