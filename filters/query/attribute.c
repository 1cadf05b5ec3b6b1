#include "query/attribute.h"

#include <string.h>
#include <strings.h>

enum {
	MASKED = 4
}; /* minimum bytes to mask; shorter values may be parts of
    * words */

static bool is_named(const struct attribute *a, const char *name)
{
	return a->name.n == strlen(name) &&
	       strncasecmp(a->name.p, name, a->name.n) == 0;
}

/* Returns the end of a value, in braces or not. */
static const char *value_end(const char *p)
{
	if (*p != '{')
		return p + strcspn(p, ";");
	for (p++; *p; p++) {
		if (p[0] == '}' && p[1] == '}')
			p++;
		else if (*p == '}')
			break;
	}
	return p + strcspn(p, ";");
}

bool attribute_next(const char **text, struct attribute *a)
{
	const char *p = *text + strspn(*text, " ;"), *end;

	if (!*p)
		return false;
	end = p + strcspn(p, "=;");
	a->name = slice_of(p, (size_t)(end - p));
	while (a->name.n > 0 && a->name.p[a->name.n - 1] == ' ')
		a->name.n--;
	if (*end == '=')
		end = value_end(end + 1 + strspn(end + 1, " "));
	a->whole = slice_of(p, (size_t)(end - p));
	*text = end;
	return true;
}

bool attribute_has(const char *text, const char *name)
{
	struct attribute a;

	while (attribute_next(&text, &a)) {
		if (is_named(&a, name))
			return true;
	}
	return false;
}

/* Appends the name in lower case, without separators between words. */
static void plain_name(const struct attribute *a, struct buf *b)
{
	for (size_t i = 0; i < a->name.n; i++) {
		char c = a->name.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (!strchr("_- ", c))
			buf_char(b, c);
	}
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* Drivers choose their own names for secrets, so this looks for known parts of
 * names: of Snowflake, Databricks, BigQuery, Athena, Redshift, SQL Server, DB2,
 * Oracle, Teradata, MySQL, and the drivers of Simba, CData and Progress.
 */
static bool is_secret_name(const char *name)
{
	static const char *const parts[] = {
		"pwd",         "password",   "passwd",
		"passphrase",  "passcode",   "secret",
		"token",       "credential", "accesskey",
		"apikey",      "authkey",    "accountkey",
		"clientkey",   "privatekey", "privkey",
		"masterkey",   "sharedkey",  "keycontent",
		"keydata",     "keybase64",  "keypass",
		"signature",   "assertion",  "jwt",
		"authparam",   "mechparam",  "cookie",
		"bearer",      "encryptkey", "authenticationparameter",
		"filecontent",
	};
	static const char *const whole[] = {
		"key", "pw",      "pass",  "kp",  "ksp",       "tsp",
		"rtk", "keyjson", "pqopt", "sas", "authheader"};
	/* the location or name of a secret is not secret */
	static const char *const places[] = {
		"file",     "filename", "path",    "endpoint", "url",
		"uri",      "id",       "type",    "provider", "cache",
		"location", "name",     "timeout", "expiry",   "format",
	};

	for (size_t i = 0; i < COUNT_OF(whole); i++) {
		if (strcmp(name, whole[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (ends_with(name, places[i]))
			return false;
	}
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (strstr(name, parts[i]))
			return true;
	}
	return false;
}

/* Whether the text contains a password, like "file:cert.pfx,password:x" in SQL
 * Server's ClientCertificate.
 */
static bool holds_password(struct slice s)
{
	static const char word[] = "password";
	size_t n = sizeof(word) - 1;

	for (size_t i = 0; i + n < s.n; i++) {
		if (strncasecmp(s.p + i, word, n) == 0 &&
		    strchr(":=", s.p[i + n]))
			return true;
	}
	return false;
}

bool attribute_is_secret(const struct attribute *a)
{
	struct buf name = {0};
	bool secret;

	plain_name(a, &name);
	secret = is_secret_name(buf_cstr(&name)) || holds_password(a->whole);
	buf_clear(&name);
	return secret;
}

/* The value without its braces. */
static struct slice value_of(const struct attribute *a)
{
	const char *eq = memchr(a->whole.p, '=', a->whole.n);
	const char *end = a->whole.p + a->whole.n;
	struct slice v = slice_of(NULL, 0);

	if (!eq)
		return v;
	for (eq++; eq < end && *eq == ' ';)
		eq++;
	v = slice_of(eq, (size_t)(end - eq));
	if (v.n >= 2 && v.p[0] == '{' && v.p[v.n - 1] == '}')
		v = slice_of(v.p + 1, v.n - 2);
	return v;
}

void attribute_mask(struct buf *text, const char *attributes)
{
	struct attribute a;

	while (attribute_next(&attributes, &a)) {
		struct slice v = value_of(&a);
		char *at;

		if (v.n < MASKED || !attribute_is_secret(&a))
			continue;
		while (text->n > 0 &&
		       (at = memmem(text->p, text->n, v.p, v.n))) {
			size_t from = (size_t)(at - text->p);

			memset(at, '*', 3);
			memmove(at + 3, at + v.n, text->n - from - v.n);
			text->n -= v.n - 3;
		}
	}
}

void attribute_add(struct buf *b, const char *name, const char *value)
{
	buf_char(b, ';');
	buf_str(b, name);
	buf_str(b, "={");
	for (; *value; value++) {
		if (*value == '}')
			buf_char(b, '}');
		buf_char(b, *value);
	}
	buf_char(b, '}');
}
