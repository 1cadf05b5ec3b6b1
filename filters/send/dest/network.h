/* network.h - options of destinations that are reached over a network.
 *
 * Floor 2 (send). Those that HTTP and Kafka share, and those of HTTP alone.
 */
#ifndef SEND_DEST_NETWORK_H
#define SEND_DEST_NETWORK_H

#include "core/landlock.h"
#include "send/dest/dest.h"

/* For all of these destinations. */
struct network_settings {
	uint64_t connect_ms; /* timeout for a connection, including TLS */
	bool no_gzip;        /* bodies are not compressed */
};
extern const struct dest_group network_group;

/* For those that use HTTP. */
struct network_http {
	bool http2;                            /* if the server agrees in TLS */
	bool allow_http;                       /* http:// also to other hosts */
	bool deny_private;                     /* see private_address.h */
	const char *ca_file;                   /* NULL: the system's */
	const char *cert_file, *cert_key_file; /* for this client, in PEM */
	const char *pinned; /* public key of the server, as in curl(1) */
};
extern const struct dest_group network_http_group;

/* The values of these options. */
const struct network_settings *network_of(const struct dest_options *o);
const struct network_http *network_http_of(const struct dest_options *o);

/* Same as dest.reach, for destinations that use HTTP. */
void network_http_reach(const struct dest_options *o, struct landlock *l);

#endif
