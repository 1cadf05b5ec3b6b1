/* fuzz_plane.c - any URL of a data plane (the first line) and any write key or
 * certificate (the rest): the URL stays at its host, a key is visible ASCII,
 * and a private key that others may read is refused
 */
#include "fuzz_dest.h"

#include <sys/stat.h>

#include "core/buf.h"
#include "send/dest/address.h"
#include "send/dest/data_plane.h"

#ifdef WITH_CURL
static void put(const char *name, struct slice s, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	HOLDS(fd >= 0 && write(fd, s.p, s.n) == (ssize_t)s.n);
	HOLDS(fchmod(fd, mode) == 0);
	close(fd);
}

static void check_cert(struct slice text)
{
	const struct network_http o = {.cert_file = "cert"};
	struct err e = {0};

	put("cert", text, 0644);
	if (text.n > 0 && memmem(text.p, text.n, "PRIVATE KEY-----", 16)) {
		REACHED("a private key");
		HOLDS(data_plane_cert(&o, &e) < 0 && e.kind == ERR_DENIED);
	} else {
		HOLDS(data_plane_cert(&o, &e) == 0);
	}
}

/* What is before the first / ? or # behind the scheme. */
static struct slice site(const char *url)
{
	const char *host = strstr(url, "://");

	HOLDS(host);
	return slice_of(url, (size_t)(host + 3 - url) + strcspn(host + 3, "/"));
}

static void check_url(const char *url)
{
	static const char path[] = "/v1/batch";
	struct buf b = {0}, again = {0};
	struct err e = {0};

	if (address_url(&b, url, path, true, &e) == 0) {
		const char *made = buf_cstr(&b);

		REACHED("a URL");
		HOLDS(strncmp(made, "https://", 8) == 0 ||
		      strncmp(made, "http://", 7) == 0);
		HOLDS(b.n >= strlen(path) &&
		      strcmp(made + b.n - strlen(path), path) == 0);
		for (size_t i = 0; i < b.n; i++)
			HOLDS((unsigned char)made[i] > ' ');
		HOLDS(!memchr(site(made).p, '@', site(made).n));
		HOLDS(address_url(&again, made, path, true, &e) == 0);
		HOLDS(strcmp(buf_cstr(&again), made) == 0);
	} else {
		HOLDS(e.kind == ERR_USAGE && e.text[0] != '\0');
	}
	buf_clear(&b);
	buf_clear(&again);
}

static bool is_key(struct slice s)
{
	while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == ':')
			return false;
	}
	return s.n > 0;
}

static void check_open(const char *url, struct slice key)
{
	struct fuzz_dest own;
	const struct dest_options o = {
		.url = url,
		.connections = 1,
		.timeout_ms = 1000,
		.given = &own.given,
	};
	struct err e = {0};
	void *d = NULL;

	fuzz_dest_init(&own);
	*fuzz_dest_row(&own, "write-key-file")->text = "key";
	*fuzz_dest_row(&own, "allow-http")->flag = true;
	put("key", key, 0600);
	if (data_plane_open(&d, &o, "/v1/batch", "RUDDER_WRITE_KEY", &e) == 0) {
		REACHED("a key");
		HOLDS(is_key(key));
	} else {
		if (!is_key(key))
			REACHED("a key that is refused");
		HOLDS(e.kind == ERR_USAGE || e.kind == ERR_CONFIG);
	}
	http_close(d);
	dest_option_clear(&own.given);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	const char *lf = size ? memchr(p, '\n', size) : NULL;
	size_t n = lf ? (size_t)(lf - p) : size;
	struct fuzz_folder f;
	struct slice rest;
	char *url;

	if (size > 4096)
		return 0;
	rest = lf ? slice_of(lf + 1, size - n - 1) : slice_of("", 0);
	url = mem_copy(p, n);
	fuzz_enter(&f);
	check_url(url);
	check_cert(rest);
	check_open(url, rest);
	fuzz_leave(&f);
	free(url);
	return 0;
}
#else
FUZZ_WITHOUT_LIBRARY
#endif
