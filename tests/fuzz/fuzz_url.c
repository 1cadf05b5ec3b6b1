/* fuzz_url.c - the URLs of sources: what is taken apart can be put together and
 * taken apart again, and names an origin without signs that end one
 */
#include "fuzz.h"

#include "query/http_url.h"
#include "query/source.h"

static const char *const known[] = {"tls", "tls-ca", "socket", NULL};

static void put(struct buf *b, const char *before, const char *part)
{
	if (!part)
		return;
	buf_str(b, before);
	http_url_escape(b, slice_str(part));
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void check_again(const struct url *u)
{
	struct buf b = {0};
	struct url v;
	struct err e;

	put(&b, "x://", u->user ? u->user : "");
	put(&b, ":", u->password);
	buf_str(&b, u->user || u->password ? "@" : "");
	put(&b, "", u->host);
	if (u->port)
		buf_fmt(&b, ":%u", u->port);
	put(&b, "/", u->path);
	for (size_t i = 0; i < u->n; i++) {
		put(&b, i > 0 ? "&" : "?", u->option[i].name);
		put(&b, "=", u->option[i].value ? u->option[i].value : "");
	}
	HOLDS(url_parse(&v, buf_cstr(&b), known, &e) == 0);
	HOLDS(same(u->user, v.user) && same(u->password, v.password) &&
	      same(u->host, v.host) && same(u->path, v.path) &&
	      u->port == v.port && u->n == v.n);
	url_clear(&v);
	buf_clear(&b);
}

static void check_origin(const struct url *u)
{
	struct buf b = {0};
	struct err e;

	if (http_url_origin(&b, u, false, 80, 443, &e) == 0) {
		const char *text = buf_cstr(&b);
		const char *host = strstr(text, "://") + 3;

		REACHED("an origin");
		HOLDS(slice_starts(buf_all(&b), "http"));
		HOLDS(strcspn(host, "/?#@\\% \r\n\t") == strlen(host));
	}
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_zero(size + 1);
	struct buf name = {0};
	struct err e = {0};
	struct url u;

	if (size > 4096) {
		free(text);
		return 0;
	}
	memcpy(text, data, size);
	if (url_parse(&u, text, known, &e) == 0) {
		REACHED("a URL");
		check_again(&u);
		check_origin(&u);
	} else {
		REACHED("a text that is no URL");
		HOLDS(e.kind == ERR_USAGE && e.text[0] != '\0');
	}
	url_clear(&u);
	source_name(&name, text);
	HOLDS(name.n <= size + 1); /* a ';' behind the last attribute */
	(void)source_has_password(text);
	buf_clear(&name);
	free(text);
	return 0;
}
