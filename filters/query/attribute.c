#include "query/attribute.h"

#include <strings.h>

static bool is_named(const struct attribute *a, const char *name)
{
	return a->name.n == strlen(name) &&
	       strncasecmp(a->name.p, name, a->name.n) == 0;
}

/* Behind a value in braces, or in none. */
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

bool attribute_is_secret(const struct attribute *a)
{
	static const char *const names[] = {
		"PWD",          "PASSWORD",           "TOKEN",
		"ACCESSTOKEN",  "AUTH_ACCESSTOKEN",   "AUTH_CLIENT_SECRET",
		"REFRESHTOKEN", "AUTH_REFRESH_TOKEN", "PRIV_KEY_FILE_PWD",
		"PRIV_KEY_PWD", "SECRETKEY",          "SSLKEYPWD",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (is_named(a, names[i]))
			return true;
	}
	return false;
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
