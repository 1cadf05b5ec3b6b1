#include "query/http_url.h"

#include <stdlib.h>

#include "core/file.h"

enum { PASSWORD_BYTES = 4096 };

/* libcurl always resolves "localhost" to the loopback addresses. */
static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       (strncmp(host, "127.", 4) == 0 &&
		host[strspn(host, "0123456789.")] == '\0');
}

static bool is_host(const char *host)
{
	for (const char *c = host; *c; c++) {
		if ((unsigned char)*c <= ' ' || strchr("/?#@[]\\%\x7f", *c))
			return false;
	}
	return *host != '\0';
}

int http_url_origin(struct buf *b, const struct url *u, bool always,
		    unsigned plain_port, unsigned tls_port, struct err *e)
{
	const char *tls = url_option(u, "tls");
	const char *host = u->host ? u->host : "localhost";
	bool on = always || !is_loopback(host), six = strchr(host, ':');

	if (!is_host(host))
		return err_set(e, ERR_USAGE, "source: wrong host in the URL");
	if (tls && strcmp(tls, "off") != 0 && strcmp(tls, "verify") != 0)
		return err_names(e, ERR_USAGE,
				 "source: tls=%s is not off or verify", tls);
	if (tls && strcmp(tls, "off") == 0 && always)
		return err_set(e, ERR_USAGE,
			       "source: tls=off contradicts the scheme");
	if (tls)
		on = strcmp(tls, "verify") == 0;
	buf_fmt(b, "http%s://%s%s%s:%u", on ? "s" : "", six ? "[" : "", host,
		six ? "]" : "",
		u->port ? u->port
		: on    ? tls_port
			: plain_port);
	return 0;
}

int http_url_password(struct buf *b, const struct url *u, const char *variable,
		      struct err *e)
{
	const char *text = u->password ? u->password : getenv(variable);
	const char *file = url_option(u, "password-file"), *end;

	if (text) {
		buf_str(b, text);
		return 0;
	}
	if (!file)
		return 0;
	if (file_secret(file, PASSWORD_BYTES, b, e) < 0)
		return -1;
	end = memchr(b->p, '\n', b->n);
	if (end)
		b->n = (size_t)(end - b->p);
	return 0;
}

void http_url_escape(struct buf *b, struct slice s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c && strchr("-._~", c))) {
			buf_char(b, (char)c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, hex[c >> 4]);
		buf_char(b, hex[c & 15]);
	}
}
