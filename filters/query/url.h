/* url.h - splits the URL of a source into its parts.
 *
 * Floor 2 (query). scheme://user:password@host:port/path?option=value&... (RFC
 * 3986). The parts have no percent-escapes and no delimiters. For drivers whose
 * library accepts no URL.
 */
#ifndef QUERY_URL_H
#define QUERY_URL_H

#include "core/buf.h"
#include "core/err.h"

#define URL_OPTIONS 16

/* Texts are NUL-terminated, owned, and NULL if the URL omits them. */
struct url {
	char *user, *password, *host, *path; /* path without its first slash */
	unsigned port;                       /* 0: omitted */
	struct {
		char *name, *value;
	} option[URL_OPTIONS];
	size_t n; /* number of options */
};

/* ERR_USAGE if an unescaped character in the user name or password ends it too
 * early, so that the rest would be used, and shown, as a host, a path or an
 * option. first_at: the first @ ends the password, as in libpq, otherwise the
 * last one. No error repeats any of the text.
 */
int url_check(const char *text, bool first_at, struct err *e) MUST_USE;

/* ERR_USAGE if the text after a colon of the host is not a port. There may be
 * several hosts, separated by commas.
 */
int url_check_ports(const char *text, struct err *e) MUST_USE;

/* Sets *e to the error of url_check. Returns -1. */
int url_misread(struct err *e);

/* Parses a URL. ERR_USAGE if it is invalid, or has an option that is not in
 * known (ended by NULL). Free with url_clear, also after an error.
 */
int url_parse(struct url *u, const char *text, const char *const *known,
	      struct err *e) MUST_USE;
void url_clear(struct url *u);

/* Removes an option from the text of a URL, for a library that does not know
 * it. *value is its value, owned, or NULL if it is not given. ERR_USAGE for an
 * invalid escape.
 */
int url_take(struct buf *url, const char *name, char **value,
	     struct err *e) MUST_USE;

/* The value of an option, or NULL. */
const char *url_option(const struct url *u, const char *name);

/* Returns the ? before the options of a URL whose first option is in tuning, or
 * NULL.
 */
const char *url_tuning(const char *url, const char *const *tuning);

#endif
