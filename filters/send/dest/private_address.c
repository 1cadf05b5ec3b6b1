#include "send/dest/private_address.h"

#include <netinet/in.h>
#include <string.h>

/* The first bits of a block of addresses. */
struct block {
	unsigned char bytes[16];
	unsigned bits;
};

static const struct block not_public_v4[] = {
	{{0}, 8},
	{{10}, 8},
	{{100, 64}, 10},
	{{127}, 8},
	{{169, 254}, 16},
	{{172, 16}, 12},
	{{192, 0, 0}, 24},
	{{192, 0, 2}, 24},
	{{192, 88, 99}, 24},
	{{192, 168}, 16},
	{{198, 18}, 15},
	{{198, 51, 100}, 24},
	{{203, 0, 113}, 24},
	{{224}, 4},
	{{240}, 4},
};

/* Blocks of 2000::/3 that are not public. */
static const struct block not_public_v6[] = {
	{{0x20, 0x01}, 23},             /* protocols, Teredo */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
	{{0x3f, 0xff}, 20},
};

/* IPv6 blocks in which an IPv4 address follows these bits. */
static const struct block wrapped[] = {
	{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, /* mapped */
	{{0}, 96},                                        /* compatible */
	{{0, 0x64, 0xff, 0x9b}, 96},                      /* NAT64 */
	{{0x20, 0x02}, 16},                               /* 6to4 */
};

static bool in(const unsigned char *a, const struct block *b)
{
	unsigned whole = b->bits / 8, rest = b->bits % 8;

	if (memcmp(a, b->bytes, whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

static bool is_in(const unsigned char *a, const struct block *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (in(a, &list[i]))
			return true;
	}
	return false;
}

static bool is_private6(const unsigned char *a)
{
	for (size_t i = 0; i < COUNT_OF(wrapped); i++) {
		if (in(a, &wrapped[i]))
			return is_in(a + wrapped[i].bits / 8, not_public_v4,
				     COUNT_OF(not_public_v4));
	}
	if (a[0] >> 5 != 1) /* only 2000::/3 is global unicast */
		return true;
	return is_in(a, not_public_v6, COUNT_OF(not_public_v6));
}

bool private_address_is(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	unsigned char a[16];

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		memcpy(a, &v4.sin_addr, 4);
		return is_in(a, not_public_v4, COUNT_OF(not_public_v4));
	}
	if (address->sa_family != AF_INET6)
		return true;
	memcpy(&v6, address, sizeof(v6));
	memcpy(a, &v6.sin6_addr, 16);
	return is_private6(a);
}

#ifdef WITH_CURL
#include <curl/curl.h>

static curl_socket_t on_open(void *ctx, curlsocktype purpose,
			     struct curl_sockaddr *address)
{
	struct private_address *g = ctx;

	(void)purpose;
	if (private_address_is(&address->addr)) {
		g->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

void private_address_watch(struct private_address *g, void *easy)
{
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, g);
}

#else

void private_address_watch(struct private_address *g, void *easy)
{
	(void)g;
	(void)easy;
}

#endif
