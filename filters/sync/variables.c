#include "sync/variables.h"

#include <stdlib.h>
#include <string.h>

/* The length of the variable's name at p. */
static size_t name_length(const char *p)
{
	size_t n = 0;

	while ((p[n] >= 'a' && p[n] <= 'z') || (p[n] >= 'A' && p[n] <= 'Z') ||
	       p[n] == '_' || (n > 0 && p[n] >= '0' && p[n] <= '9'))
		n++;
	return n;
}

/* Appends the value of the variable after "${" at p. Returns the text after its
 * "}", or NULL.
 */
static const char *expand_one(struct buf *b, const char *p, struct err *e)
{
	size_t n = name_length(p);
	const char *after = p + n, *end = strchr(after, '}'), *value;
	struct buf name = {0};

	if (n == 0 || !end || (after != end && strncmp(after, ":-", 2) != 0)) {
		err_names(e, ERR_CONFIG,
			  "'${' must begin a variable, as in ${NAME} or "
			  "${NAME:-default}; write $${ for the characters "
			  "themselves");
		return NULL;
	}
	buf_add(&name, p, n);
	value = getenv(buf_cstr(&name));
	if (after != end && (!value || !*value))
		buf_add(b, after + 2, (size_t)(end - after) - 2);
	else if (value)
		buf_str(b, value);
	else
		end = NULL;
	if (!end)
		err_names(e, ERR_CONFIG,
			  "the variable '%s' is not set; set it, or give a "
			  "default as in ${%s:-text}",
			  buf_cstr(&name), buf_cstr(&name));
	buf_clear(&name);
	return end ? end + 1 : NULL;
}

int variables_expand(struct buf *b, const char *text, struct err *e)
{
	const char *p = text;

	while (*p) {
		if (strncmp(p, "$${", 3) == 0) {
			buf_str(b, "${");
			p += 3;
		} else if (strncmp(p, "${", 2) == 0) {
			p = expand_one(b, p + 2, e);
			if (!p)
				return -1;
		} else {
			buf_char(b, *p++);
		}
	}
	return 0;
}

void variables_keep(struct buf *b, const char *text)
{
	struct buf value = {0};
	struct err ignored;

	for (const char *p = text; *p;) {
		const char *end = NULL;
		size_t n = 1;

		if (strncmp(p, "$${", 3) == 0)
			n = 3;
		else if (strncmp(p, "${", 2) == 0)
			end = expand_one(&value, p + 2, &ignored);
		if (end)
			n = (size_t)(end - p);
		else if (strncmp(p, "${", 2) == 0)
			buf_char(b, '$');
		buf_add(b, p, n);
		p += n;
	}
	buf_clear(&value);
}

const char *variables_env(const char *text, bool *bad)
{
	const char *name = text + strlen("env:");

	*bad = false;
	if (strncmp(text, "env:", 4) != 0)
		return NULL;
	*bad = *name == '\0' || name[name_length(name)] != '\0';
	return name;
}
