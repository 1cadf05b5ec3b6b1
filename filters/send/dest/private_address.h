/* private_address.h - no connection to addresses that are not on the public
 * internet.
 *
 * Floor 2 (send). Somebody else's URL must not make us a door into our own
 * network. What counts is the address that is connected to, after the name was
 * resolved: a name that changes its address, or a number in a strange form, is
 * no way around it.
 */
#ifndef SEND_DEST_PRIVATE_ADDRESS_H
#define SEND_DEST_PRIVATE_ADDRESS_H

#include <sys/socket.h>

#include "core/base.h"

/* Whether an address is private, loopback, link-local (cloud metadata too),
 * shared, reserved, for documentation or multicast, also where it is IPv4 in a
 * form of IPv6 (mapped, compatible, NAT64, 6to4, Teredo). All that is neither
 * IPv4 nor IPv6 is. (The IANA registries of special-purpose addresses, RFC
 * 6890; RFC 6052, 3056, 4380, 8215.)
 */
bool private_address_is(const struct sockaddr *address);

/* What an easy handle of libcurl may not connect to. */
struct private_address {
	bool refused; /* it was about to; reset by the caller */
};

/* Put g, which must live as long, before the sockets of this easy handle. No
 * proxy is used then: it would look up the name for us.
 */
void private_address_watch(struct private_address *g, void *easy);

#endif
