#include "map/native_jq/native_jq_token.h"

#include <stdio.h>

#include "core/mem.h"
#include "wire/jq/jqjson.h"
#include "wire/json/json.h"

/* ---- characters and words --------------------------------------------- */

bool native_jq_token_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool native_jq_token_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

struct native_jq_node *native_jq_token_no(struct native_jq_token *p,
					  const char *at, const char *what)
{
	if (p->why->line > 0)
		return NULL;
	snprintf(p->why->what, sizeof(p->why->what), "%s", what);
	p->why->line = p->why->column = 1;
	for (const char *c = p->program; c < at; c++) {
		p->why->column += ((unsigned char)*c & 0xc0) != 0x80;
		if (*c == '\n') {
			p->why->line++;
			p->why->column = 1;
		}
	}
	return NULL;
}

struct native_jq_node *native_jq_token_no_text(struct native_jq_token *p,
					       const char *at, size_t n)
{
	char what[60];

	snprintf(what, sizeof(what), "'%.*s'", n > 40 ? 40 : (int)n, at);
	return native_jq_token_no(p, at, n > 0 && *at ? what : "the end");
}

struct slice native_jq_token_word(const char *p)
{
	size_t n = 0;

	if (native_jq_token_letter(*p)) {
		while (native_jq_token_letter(p[n]) ||
		       native_jq_token_digit(p[n]))
			n++;
	}
	return slice_of(p, n);
}

struct native_jq_node *native_jq_token_no_next(struct native_jq_token *p)
{
	size_t n = native_jq_token_word(p->at).n;

	n += n == 0 && *p->at;
	while (((unsigned char)p->at[n] & 0xc0) == 0x80)
		n++;
	return native_jq_token_no_text(p, p->at, n);
}

/* A comment with a backslash is not simple: later versions of jq end it
 * elsewhere.
 */
char native_jq_token_peek(struct native_jq_token *p)
{
	for (;;) {
		while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' ||
		       *p->at == '\r')
			p->at++;
		if (*p->at != '#')
			return *p->at;
		while (*p->at && *p->at != '\n') {
			if (*p->at == '\\' || *p->at == '\r')
				return '#';
			p->at++;
		}
	}
}

bool native_jq_token_take(struct native_jq_token *p, const char *sign,
			  const char *not_before)
{
	size_t n = strlen(sign);

	native_jq_token_peek(p);
	if (strncmp(p->at, sign, n) != 0 ||
	    (p->at[n] && strchr(not_before, p->at[n])))
		return false;
	p->at += n;
	return true;
}

bool native_jq_token_take_word(struct native_jq_token *p, const char *word)
{
	struct slice s;

	native_jq_token_peek(p);
	s = native_jq_token_word(p->at);
	if (!slice_is(s, word) || p->at[s.n] == ':')
		return false;
	p->at += s.n;
	return true;
}

/* ---- nodes ------------------------------------------------------------ */

struct native_jq_node *native_jq_token_node(struct native_jq_token *p,
					    enum native_jq_op op)
{
	struct native_jq_node *n = mem_zero(sizeof(*n));

	n->op = op;
	n->at = -1;
	p->l->n_made += op == NATIVE_JQ_OBJECT || op == NATIVE_JQ_ARRAY;
	n->all = p->l->all;
	p->l->all = n;
	return n;
}

struct native_jq_node *native_jq_token_join(struct native_jq_token *p,
					    enum native_jq_op op,
					    struct native_jq_node *a,
					    struct native_jq_node *b)
{
	struct native_jq_node *n;

	if (!a || !b)
		return NULL;
	n = native_jq_token_node(p, op);
	n->a = a;
	n->b = b;
	return n;
}

void native_jq_token_name(struct native_jq_node *n, struct slice name)
{
	buf_slice(&n->own, name);
	buf_cstr(&n->own);
	n->name = buf_all(&n->own);
}

struct native_jq_node *native_jq_token_field(struct native_jq_token *p,
					     struct native_jq_node *of,
					     struct slice name)
{
	struct native_jq_node *n;

	if (!of)
		return NULL;
	n = native_jq_token_node(p, NATIVE_JQ_FIELD);
	n->a = of;
	native_jq_token_name(n, name);
	return n;
}

struct native_jq_node *native_jq_token_constant(struct native_jq_token *p,
						enum scan_kind kind,
						struct slice text)
{
	struct native_jq_node *n = native_jq_token_node(p, NATIVE_JQ_CONSTANT);

	native_jq_token_name(n, text);
	n->constant = (struct native_jq_value){
		.kind = kind,
		.ready = true,
		.text = n->name,
	};
	return n;
}

struct native_jq_node *native_jq_token_string(struct native_jq_token *p,
					      struct slice decoded)
{
	struct buf b = {0};
	struct native_jq_node *n;

	json_string(&b, decoded.n > 0 ? decoded : slice_of("", 0));
	n = native_jq_token_constant(p, SCAN_STRING, buf_all(&b));
	buf_clear(&b);
	return n;
}

/* Whether all versions of libjq print this negative number unchanged: 1.8 keeps
 * its digits, and prints -0 as 0.
 */
static bool minus_is(struct slice digits, struct slice written)
{
	return slice_eq(digits, slice_of(written.p + 1, written.n - 1)) &&
	       !slice_is(digits, "0");
}

struct native_jq_node *native_jq_token_number(struct native_jq_token *p,
					      bool negative)
{
	const char *from = p->at;
	struct native_jq_node *n;
	struct buf b = {0};
	jv v;

	while (native_jq_token_digit(*p->at))
		p->at++;
	if (p->at[0] == '.' && native_jq_token_digit(p->at[1])) {
		for (p->at++; native_jq_token_digit(*p->at);)
			p->at++;
	}
	if (*p->at == 'e' || *p->at == 'E') {
		p->at++;
		p->at += *p->at == '+' || *p->at == '-';
		while (native_jq_token_digit(*p->at))
			p->at++;
	}
	v = jv_parse_sized(from, (int)(p->at - from));
	if (jv_get_kind(v) != JV_KIND_NUMBER || jv_number_value(v) > 1e300 ||
	    *p->at == '.' || native_jq_token_letter(*p->at)) {
		jv_free(v);
		return native_jq_token_no_text(p, from,
					       (size_t)(p->at - from) + 1);
	}
	if (negative)
		v = jv_number(-jv_number_value(v));
	if (jqjson_write(&b, v) < 0)
		return NULL;
	if (negative &&
	    !minus_is(slice_of(from, (size_t)(p->at - from)), buf_all(&b)))
		n = native_jq_token_no(
			p, from,
			"a negative number in a form that jq does not print");
	else
		n = native_jq_token_constant(p, SCAN_NUMBER, buf_all(&b));
	buf_clear(&b);
	return n;
}
