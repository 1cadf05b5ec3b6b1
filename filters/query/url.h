/* url.h - the parts of a source's URL.
 *
 * Floor 2 (query). scheme://user:password@host:port/path?option=value&...
 * (RFC 3986), each part without its percent-escapes and without sign around
 * it. For drivers whose library takes no URL itself.
 */
#ifndef QUERY_URL_H
#define QUERY_URL_H

#include "core/buf.h"
#include "core/err.h"

#define URL_OPTIONS 16

/* Texts are NUL-terminated, owned, and NULL where the URL leaves them out. */
struct url {
	char *user, *password, *host, *path; /* path without its first slash */
	unsigned port;                       /* 0: not said */
	struct {
		char *name, *value;
	} option[URL_OPTIONS];
	size_t n; /* options */
};

/* ERR_USAGE where a sign in the user name or password is mistaken for the end
 * of it, so that what comes next would be read, and shown, as a host, a path or
 * an option. first_at: the first @ ends them, as for libpq, else the last one.
 * No error repeats any of the text.
 */
int url_check(const char *text, bool first_at, struct err *e) MUST_USE;

/* ERR_USAGE where what is behind a colon of the host is not a port; there may
 * be several hosts, with a comma between.
 */
int url_check_ports(const char *text, struct err *e) MUST_USE;

/* -1 with the error of url_check. */
int url_misread(struct err *e);

/* ERR_USAGE for what is no such URL, or has an option that is not in known
 * (ended by NULL). Frees nothing on failure: url_clear does.
 */
int url_parse(struct url *u, const char *text, const char *const *known,
	      struct err *e) MUST_USE;
void url_clear(struct url *u);

/* Takes an option out of the text of a URL, for a library that does not know
 * it: its value, owned, or NULL where it is not there. ERR_USAGE for a wrong
 * escape.
 */
int url_take(struct buf *url, const char *name, char **value,
	     struct err *e) MUST_USE;

/* The value of an option, or NULL. */
const char *url_option(const struct url *u, const char *name);

/* The ? before the options of a URL that has tuning, or NULL. */
const char *url_tuning(const char *url, const char *const *tuning);

#endif
