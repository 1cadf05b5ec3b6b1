#include "wire/state/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

void keyed_hash(struct slice key, struct slice value, size_t digits,
		struct buf *b)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	HMAC(EVP_sha256(), key.n > 0 ? key.p : "", (int)key.n,
	     (const unsigned char *)(value.n > 0 ? value.p : ""), value.n, sum,
	     &n);
	buf_hex(b, sum, digits / 2);
}

void keyed_hash_seed(uint64_t seed, const char *what, struct slice value,
		     size_t digits, struct buf *b)
{
	struct buf text = {0};

	buf_add(&text, what, strlen(what) + 1);
	buf_slice(&text, value);
	keyed_hash(slice_of((const char *)&seed, sizeof(seed)), buf_all(&text),
		   digits, b);
	buf_clear(&text);
}
