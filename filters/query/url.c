#include "query/url.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Copies a part without its percent-escapes; an empty one stays NULL. */
static int part(char **to, const char *p, const char *end, struct err *e)
{
	char *out;

	if (p >= end)
		return 0;
	*to = out = mem_zero((size_t)(end - p) + 1);
	while (p < end) {
		int high, low;

		if (*p != '%') {
			*out++ = *p++;
			continue;
		}
		high = end - p > 2 ? hex_digit(p[1]) : -1;
		low = end - p > 2 ? hex_digit(p[2]) : -1;
		if (high < 0 || low < 0 || (high | low) == 0)
			return err_names(e, ERR_USAGE,
					 "source: a '%%' in the URL is not "
					 "followed by two hexadecimal digits; "
					 "write %%25 for '%%'");
		*out++ = (char)(high << 4 | low);
		p += 3;
	}
	return 0;
}

static bool is_known(const char *name, const char *const *known)
{
	for (; *known; known++) {
		if (strcmp(name, *known) == 0)
			return true;
	}
	return false;
}

int url_misread(struct err *e)
{
	return err_names(
		e, ERR_USAGE,
		"source: user name and password need escapes in a URL: "
		"write %%40 for '@', %%2F for '/', %%3F for '?' and "
		"%%25 for '%%'");
}

static int options(struct url *u, const char *p, const char *const *known,
		   struct err *e)
{
	while (*p) {
		const char *end = p + strcspn(p, "&");
		const char *eq = memchr(p, '=', (size_t)(end - p));

		if (u->n == URL_OPTIONS || !eq || eq == p)
			return err_set(e, ERR_USAGE,
				       "source: options are "
				       "?name=value&name=value");
		if (part(&u->option[u->n].name, p, eq, e) < 0 ||
		    part(&u->option[u->n].value, eq + 1, end, e) < 0)
			return -1;
		if (!is_known(u->option[u->n++].name, known))
			return strchr(p, '@')
				       ? url_misread(e)
				       : err_set(e, ERR_USAGE,
						 "source: unknown option '%s'",
						 u->option[u->n - 1].name);
		p = *end ? end + 1 : end;
	}
	return 0;
}

/* Parses host, host:port or [::1]:port. */
static int host_port(struct url *u, const char *p, const char *end,
		     struct err *e)
{
	const char *close =
		p < end && *p == '[' ? memchr(p, ']', (size_t)(end - p)) : NULL;
	const char *from = close ? close + 1 : p;
	const char *colon = memchr(from, ':', (size_t)(end - from));
	uint64_t port = 0;

	if (colon && (num_uint(slice_of(colon + 1, (size_t)(end - colon - 1)),
			       &port) < 0 ||
		      port == 0 || port > 65535))
		return err_set(e, ERR_USAGE, "source: wrong port in the URL");
	u->port = (unsigned)port;
	if (close)
		return part(&u->host, p + 1, close, e);
	return part(&u->host, p, colon ? colon : end, e);
}

/* Whether the text after each colon in "host:port" or a list of them can be a
 * port.
 */
static bool has_ports(struct slice authority)
{
	bool port = false, six = false;

	for (size_t i = 0; i < authority.n; i++) {
		char c = authority.p[i];

		if (port && c != ',' && (c < '0' || c > '9'))
			return false;
		six = c == '[' || (six && c != ']');
		port = c == ':' ? !six : port && c != ',';
	}
	return true;
}

int url_check(const char *text, bool first_at, struct err *e)
{
	const char *p = strstr(text, "://"), *end, *query, *at;
	bool second_at;

	if (!p || p > text + strcspn(text, "/?@"))
		return err_names(e, ERR_USAGE,
				 "source: '//' is missing in the URL");
	p += 3;
	end = p + strcspn(p, "/?");
	query = end + strcspn(end, "?");
	at = memchr(p, '@', (size_t)(end - p));
	second_at = at && memchr(at + 1, '@', (size_t)(end - at - 1));
	if (memchr(end, '@', (size_t)(query - end)) ||
	    (first_at && second_at) ||
	    (!at && strchr(query, '@') &&
	     !has_ports(slice_of(p, (size_t)(end - p)))))
		return url_misread(e);
	return 0;
}

int url_check_ports(const char *text, struct err *e)
{
	const char *p = strstr(text, "://"), *end, *at;

	if (!p)
		return 0;
	p += 3;
	end = p + strcspn(p, "/?");
	at = memrchr(p, '@', (size_t)(end - p));
	if (at)
		p = at + 1;
	return has_ports(slice_of(p, (size_t)(end - p)))
		       ? 0
		       : err_set(e, ERR_USAGE, "source: wrong port in the URL");
}

int url_parse(struct url *u, const char *text, const char *const *known,
	      struct err *e)
{
	const char *p = strstr(text, "://"), *end, *at, *colon;
	const char *query = text + strcspn(text, "?");

	*u = (struct url){0};
	if (url_check(text, false, e) < 0)
		return -1;
	p += 3;
	end = p + strcspn(p, "/?");
	at = memrchr(p, '@', (size_t)(end - p));
	if (at) {
		colon = memchr(p, ':', (size_t)(at - p));
		if (part(&u->user, p, colon ? colon : at, e) < 0 ||
		    (colon && part(&u->password, colon + 1, at, e) < 0))
			return -1;
		p = at + 1;
	}
	if (host_port(u, p, end, e) < 0 ||
	    (*end == '/' && part(&u->path, end + 1, query, e) < 0))
		return -1;
	return *query ? options(u, query + 1, known, e) : 0;
}

void url_clear(struct url *u)
{
	free(u->user);
	free(u->password);
	free(u->host);
	free(u->path);
	for (size_t i = 0; i < COUNT_OF(u->option); i++) {
		free(u->option[i].name);
		free(u->option[i].value);
	}
	*u = (struct url){0};
}

int url_take(struct buf *url, const char *name, char **value, struct err *e)
{
	char *text = buf_cstr(url), *p = text + strcspn(text, "?");
	size_t n = strlen(name), from, length;

	*value = NULL;
	for (const char *end; *p; p += end - p) {
		end = ++p;
		end += strcspn(end, "&");
		if (strncmp(p, name, n) != 0 || p[n] != '=')
			continue;
		if (part(value, p + n + 1, end, e) < 0)
			return -1;
		/* with the & after it, or else the sign before it */
		from = (size_t)(p - text) - (*end ? 0 : 1);
		length = (size_t)(end - text) + (*end ? 1 : 0) - from;
		memmove(text + from, text + from + length,
			url->n - from - length);
		url->n -= length;
		(void)buf_cstr(url);
		return 0;
	}
	return 0;
}

const char *url_option(const struct url *u, const char *name)
{
	for (size_t i = 0; i < u->n; i++) {
		if (strcmp(u->option[i].name, name) == 0)
			return u->option[i].value ? u->option[i].value : "";
	}
	return NULL;
}

const char *url_tuning(const char *url, const char *const *tuning)
{
	const char *at = strrchr(url, '?');

	for (; at && *tuning; tuning++) {
		if (slice_starts(slice_str(at + 1), *tuning))
			return at;
	}
	return NULL;
}
