#include "wire/json/token.h"

const char *token_fail(struct scan *s, const char *at, const char *why)
{
	s->at = at < s->end ? at : s->end;
	s->why = at < s->end ? why : "unexpected end of line";
	return NULL;
}

/* The end of a character beyond ASCII, or NULL. RFC 3629, 4. */
static ALWAYS_INLINE const char *utf8_char(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	if (u[0] < 0xe0) {
		if (u[0] < 0xc2 || (u[1] & 0xc0) != 0x80)
			return NULL;
		return p + 2;
	}
	if (u[0] < 0xf0) {
		if ((u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80 ||
		    (u[0] == 0xe0 && u[1] < 0xa0) ||
		    (u[0] == 0xed && u[1] > 0x9f))
			return NULL;
		return p + 3;
	}
	if (u[0] > 0xf4 || (u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80 ||
	    (u[3] & 0xc0) != 0x80 || (u[0] == 0xf0 && u[1] < 0x90) ||
	    (u[0] == 0xf4 && u[1] > 0x8f))
		return NULL;
	return p + 4;
}

static bool hex4(const char *p)
{
	for (int i = 0; i < 4; i++) {
		char c = (char)(p[i] | 0x20);

		if (!((p[i] >= '0' && p[i] <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}

/* The end of the escape whose backslash is at p, or NULL. */
static const char *escape(struct scan *s, const char *p)
{
	switch (p[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return p + 2;
	case 'u':
		return hex4(p + 2) ? p + 6
				   : token_fail(s, p, "invalid \\u escape");
	default:
		return token_fail(s, p, "invalid escape");
	}
}

/* From after the opening quote to the closing one, or NULL. */
const char *token_any_string(struct scan *s, const char *p)
{
	for (;;) {
		p = s->portable ? vec_run_portable(p) : vec_run(p);
		if (LIKELY(*p == '"'))
			return p;
		while ((unsigned char)*p >= 0x80) {
			const char *next = utf8_char(p);

			if (UNLIKELY(!next))
				return token_fail(s, p, "invalid UTF-8");
			p = next;
		}
		if (*p == '\\') {
			s->plain = false;
			p = escape(s, p);
			if (!p)
				return NULL;
		} else if ((unsigned char)*p < 0x20) {
			return token_fail(s, p,
					  "control character in a string");
		}
	}
}

/* The end of the number at p, or NULL. Clears s->plain if the text is not in
 * the normal form of hash.h.
 */
const char *token_any_number(struct scan *s, const char *p)
{
	const char *first = p, *whole;

	p += *p == '-';
	whole = p;
	if (*p == '0')
		p++;
	else if (token_digit(*p))
		while (token_digit(*++p))
			;
	else
		return token_fail(s, p, "invalid number");
	if (token_digit(*p))
		return token_fail(s, p, "number with a leading zero");
	if (*p == '.') {
		if (!token_digit(*++p))
			return token_fail(s, p, "invalid number");
		while (token_digit(*++p))
			;
		if (p[-1] == '0' || (whole[0] == '0' && whole[2] == '0'))
			s->plain = false;
	} else if (*whole == '0' && *first == '-') {
		s->plain = false;
	}
	if ((*p | 0x20) == 'e') {
		p++;
		p += *p == '+' || *p == '-';
		if (!token_digit(*p))
			return token_fail(s, p, "invalid number");
		while (token_digit(*++p))
			;
		s->plain = false;
		s->long_number = true;
	}
	if (p - first > 20)
		s->plain = false;
	if (p - first > 15)
		s->long_number = true;
	return p;
}
