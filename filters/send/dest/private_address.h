/* private_address.h - refuses connections to addresses that are not on the
 * public internet.
 *
 * Floor 2 (send). A URL that somebody else gives must not become a way into our
 * own network. The check looks at the address of the connection, after the name
 * has been resolved: so a name that changes its address, or a number in an
 * unusual form, does not get around it.
 */
#ifndef SEND_DEST_PRIVATE_ADDRESS_H
#define SEND_DEST_PRIVATE_ADDRESS_H

#include <sys/socket.h>

#include "core/base.h"

/* Whether an address is private, loopback, link-local (includes cloud
 * metadata), shared, reserved, for documentation or multicast; also if it is
 * such an IPv4 address inside an IPv6 one (mapped, compatible, NAT64, 6to4,
 * Teredo). True for every address that is neither IPv4 nor IPv6. (The IANA
 * registries of special-purpose addresses, RFC 6890; RFC 6052, 3056, 4380,
 * 8215.)
 */
bool private_address_is(const struct sockaddr *address);

/* The guard of one easy handle of libcurl. */
struct private_address {
	bool refused; /* it refused a private address; the caller resets this */
};

/* Makes an easy handle refuse private addresses. g must live as long as the
 * handle. The handle then uses no proxy, which would resolve the name for us.
 */
void private_address_watch(struct private_address *g, void *easy);

#endif
