#include "map/native_jq/native_jq_term.h"

#include <stdlib.h>

#include "map/native_jq/native_jq_text.h"
#include "wire/json/json.h"

/* ---- strings ---------------------------------------------------------- */

static bool escape_at(const char *p)
{
	if (p[1] != 'u')
		return p[1] && strchr("\"\\/bfnrt", p[1]);
	for (size_t i = 2; i < 6; i++) {
		if (!native_jq_token_digit(p[i]) &&
		    !((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'f'))
			return false;
	}
	return true;
}

/* Decodes the string's text up to a quote or an expression. */
static int parse_plain(struct native_jq_token *p, struct buf *text)
{
	const char *from = p->at;

	while (*p->at && *p->at != '"') {
		if (*p->at != '\\') {
			p->at++;
			continue;
		}
		if (p->at[1] == '(')
			break;
		if (!escape_at(p->at))
			return -1;
		p->at += 2;
	}
	if (!*p->at ||
	    native_jq_text_surrogate(slice_of(from, (size_t)(p->at - from))))
		return -1;
	json_decode(text, slice_of(from, (size_t)(p->at - from)));
	return 0;
}

static void add_to(struct native_jq_node ***end, struct native_jq_node *n)
{
	**end = n;
	*end = &n->next;
}

/* Parses a string after its opening quote. Without interpolation it is a
 * constant.
 */
static struct native_jq_node *parse_string(struct native_jq_token *p)
{
	const char *from = p->at - 1;
	struct native_jq_node *n = NULL, **end = NULL, *part;
	struct buf text = {0};

	for (;;) {
		text.n = 0;
		if (parse_plain(p, &text) < 0) {
			buf_clear(&text);
			return native_jq_token_no(p, from, "a string");
		}
		part = native_jq_token_string(p, buf_all(&text));
		if (*p->at == '"')
			break;
		if (!n) {
			n = native_jq_token_node(p, NATIVE_JQ_TEXT);
			end = &n->list;
		}
		add_to(&end, part);
		p->at += 2; /* \( */
		part = native_jq_parse_pipe(p);
		if (!part || !native_jq_token_take(p, ")", "")) {
			buf_clear(&text);
			return native_jq_token_no_next(p);
		}
		add_to(&end, part);
	}
	p->at++;
	buf_clear(&text);
	if (!n)
		return part;
	add_to(&end, part);
	return n;
}

/* ---- terms ------------------------------------------------------------ */

/* Parses an array after "[". Elements followed by a pipe are not simple,
 * because the pipe would apply to each element.
 */
static struct native_jq_node *parse_array(struct native_jq_token *p)
{
	struct native_jq_node *n = native_jq_token_node(p, NATIVE_JQ_ARRAY),
			      **end = &n->list, *one;

	if (native_jq_token_take(p, "]", ""))
		return native_jq_token_constant(p, SCAN_ARRAY, slice_str("[]"));
	one = native_jq_parse_else(p);
	if (one && native_jq_token_peek(p) == '|') {
		p->at++;
		one = native_jq_token_join(p, NATIVE_JQ_PIPE, one,
					   native_jq_parse_pipe(p));
		if (!one || !native_jq_token_take(p, "]", ""))
			return native_jq_token_no_next(p);
		add_to(&end, one);
		return n;
	}
	while (one) {
		add_to(&end, one);
		if (native_jq_token_take(p, "]", ""))
			return n;
		if (!native_jq_token_take(p, ",", ""))
			break;
		one = native_jq_parse_else(p);
	}
	return native_jq_token_no_next(p);
}

static struct native_jq_node *parse_member_value(struct native_jq_token *p)
{
	struct native_jq_node *n = native_jq_parse_else(p);

	while (n && native_jq_token_peek(p) == '|') {
		p->at++;
		n = native_jq_token_join(p, NATIVE_JQ_PIPE, n,
					 native_jq_parse_else(p));
	}
	return n;
}

/* Parses the key of a member: a name, a string, or a constant in parentheses.
 * Returns a string constant.
 */
static struct native_jq_node *parse_key(struct native_jq_token *p, bool *alone)
{
	const char *from = p->at;
	struct slice word = native_jq_token_word(from);
	struct native_jq_node *n = NULL;

	*alone = true;
	if (word.n > 0 && strncmp(from + word.n, "::", 2) != 0) {
		p->at += word.n;
		return native_jq_token_string(p, word);
	}
	if (*from == '"') {
		p->at++;
		n = parse_string(p);
	} else if (*from == '(') {
		p->at++;
		*alone = false;
		n = native_jq_parse_pipe(p);
		if (n && !native_jq_token_take(p, ")", ""))
			n = NULL;
	}
	if (!n || n->op != NATIVE_JQ_CONSTANT ||
	    n->constant.kind != SCAN_STRING)
		return native_jq_token_no(p, from,
					  "a key that is not a constant");
	return n;
}

static bool has_name(const struct native_jq_node *list, struct slice name)
{
	for (; list; list = list->next) {
		if (slice_eq(list->name, name))
			return true;
	}
	return false;
}

/* Parses a member of an object. In its node, name is the member's name, made is
 * the JSON text before the value, and a is the value.
 */
static struct native_jq_node *parse_member(struct native_jq_token *p)
{
	bool alone;
	const char *from = (native_jq_token_peek(p), p->at);
	struct native_jq_node *key = parse_key(p, &alone), *n, *value;
	struct buf name = {0};

	if (!key)
		return NULL;
	json_decode(&name, json_inner(key->constant.text));
	if (native_jq_token_take(p, ":", ":"))
		value = parse_member_value(p);
	else if (alone)
		value = native_jq_token_field(
			p, native_jq_token_node(p, NATIVE_JQ_INPUT),
			buf_all(&name));
	else
		value = native_jq_token_no(p, from, "a key without a value");
	n = NULL;
	if (value) {
		n = native_jq_token_node(p, NATIVE_JQ_INPUT);
		n->a = value;
		native_jq_token_name(n, buf_all(&name));
		buf_slice(&n->made, key->constant.text);
		buf_char(&n->made, ':');
	}
	buf_clear(&name);
	return n;
}

/* Parses an object after "{". */
static struct native_jq_node *parse_object(struct native_jq_token *p)
{
	struct native_jq_node *n = native_jq_token_node(p, NATIVE_JQ_OBJECT),
			      **end = &n->list;

	if (native_jq_token_take(p, "}", ""))
		return native_jq_token_constant(p, SCAN_OBJECT,
						slice_str("{}"));
	for (;;) {
		const char *from = (native_jq_token_peek(p), p->at);
		struct native_jq_node *m = parse_member(p);

		if (!m)
			return NULL;
		if (has_name(n->list, m->name))
			return native_jq_token_no(p, from, "a duplicate key");
		add_to(&end, m);
		if (native_jq_token_take(p, "}", ""))
			return n;
		if (!native_jq_token_take(p, ",", ""))
			return native_jq_token_no_next(p);
	}
}

/* Parses a condition after "if" or "elif". */
static struct native_jq_node *parse_if(struct native_jq_token *p)
{
	struct native_jq_node *n = native_jq_token_node(p, NATIVE_JQ_IF);

	n->a = native_jq_parse_pipe(p);
	if (!n->a || !native_jq_token_take_word(p, "then"))
		return native_jq_token_no_next(p);
	n->b = native_jq_parse_pipe(p);
	if (!n->b)
		return NULL;
	if (native_jq_token_take_word(p, "elif")) {
		if (++p->depth > NATIVE_JQ_NESTING)
			return native_jq_token_no(p, p->at, "its nesting");
		n->c = parse_if(p);
		p->depth--;
		return n->c ? n : NULL;
	}
	if (native_jq_token_take_word(
		    p, "end")) { /* "else" is optional since jq 1.7 */
		n->c = native_jq_token_node(p, NATIVE_JQ_INPUT);
		return n;
	}
	if (!native_jq_token_take_word(p, "else"))
		return native_jq_token_no_next(p);
	n->c = native_jq_parse_pipe(p);
	if (!n->c || !native_jq_token_take_word(p, "end"))
		return native_jq_token_no_next(p);
	return n;
}

static const struct {
	const char *name;
	enum native_jq_op op;
	bool argument;
} functions[] = {
	{"select", NATIVE_JQ_SELECT, true},
	{"startswith", NATIVE_JQ_STARTS, true},
	{"endswith", NATIVE_JQ_ENDS, true},
	{"empty", NATIVE_JQ_EMPTY, false},
	{"not", NATIVE_JQ_NOT, false},
	{"type", NATIVE_JQ_TYPE, false},
	{"length", NATIVE_JQ_LENGTH, false},
	{"tostring", NATIVE_JQ_TOSTRING, false},
	{"ascii_downcase", NATIVE_JQ_DOWN, false},
	{"ascii_upcase", NATIVE_JQ_UP, false},
};

static struct native_jq_node *parse_word(struct native_jq_token *p)
{
	const char *from = p->at;
	struct slice word = native_jq_token_word(from);
	struct native_jq_node *n;

	if (native_jq_token_take_word(p, "null"))
		return native_jq_token_constant(p, SCAN_NULL, word);
	if (native_jq_token_take_word(p, "true"))
		return native_jq_token_constant(p, SCAN_TRUE, word);
	if (native_jq_token_take_word(p, "false"))
		return native_jq_token_constant(p, SCAN_FALSE, word);
	if (native_jq_token_take_word(p, "if"))
		return parse_if(p);
	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		if (!native_jq_token_take_word(p, functions[i].name))
			continue;
		n = native_jq_token_node(p, functions[i].op);
		if (native_jq_token_take(p, "(", "") != functions[i].argument)
			break;
		if (!functions[i].argument)
			return n;
		n->a = native_jq_parse_pipe(p);
		if (!n->a || !native_jq_token_take(p, ")", ""))
			return native_jq_token_no_next(p);
		return n;
	}
	return native_jq_token_no_text(p, from, word.n > 0 ? word.n : 1);
}

/* ---- paths ------------------------------------------------------------ */

/* Parses an index after "[": only a name or a number is simple. */
static struct native_jq_node *parse_index(struct native_jq_token *p,
					  struct native_jq_node *of)
{
	const char *from = (native_jq_token_peek(p), p->at);
	struct native_jq_node *n = NULL, *key = NULL;
	struct buf name = {0};

	if (!of)
		return NULL;
	if (*from == '"') {
		p->at++;
		key = parse_string(p);
		if (!key || key->op != NATIVE_JQ_CONSTANT)
			return native_jq_token_no(
				p, from, "an index that is not a constant");
		json_decode(&name, json_inner(key->constant.text));
		n = native_jq_token_field(p, of, buf_all(&name));
		buf_clear(&name);
	} else if (native_jq_token_digit(*from)) {
		n = native_jq_token_node(p, NATIVE_JQ_INDEX);
		n->a = of;
		while (native_jq_token_digit(*p->at) && n->index < 1000000000)
			n->index = n->index * 10 + (size_t)(*p->at++ - '0');
	}
	if (!n || !native_jq_token_take(p, "]", ""))
		return native_jq_token_no(
			p, from, "'[' with more than a name or a number");
	return n;
}

/* Parses what follows a dot: a name, a string, or nothing. */
static struct native_jq_node *parse_dot(struct native_jq_token *p,
					struct native_jq_node *of, bool first)
{
	struct slice word = native_jq_token_word(p->at);
	struct native_jq_node *n;
	struct buf name = {0};

	if (word.n > 0) {
		p->at += word.n;
		return native_jq_token_field(p, of, word);
	}
	if (*p->at == '"') {
		const char *from = p->at++;

		n = parse_string(p);
		if (!n || n->op != NATIVE_JQ_CONSTANT)
			return native_jq_token_no(
				p, from, "a name that is not a constant");
		json_decode(&name, json_inner(n->constant.text));
		n = native_jq_token_field(p, of, buf_all(&name));
		buf_clear(&name);
		return n;
	}
	if (*p->at == '[') {
		p->at++;
		return parse_index(p, of);
	}
	if (first && *p->at != '.' && !native_jq_token_digit(*p->at))
		return of;
	return native_jq_token_no_text(p, p->at - 1, 2);
}

/* Parses the suffixes of a term: .name ["name"] [0] ? */
static struct native_jq_node *parse_suffixes(struct native_jq_token *p,
					     struct native_jq_node *n)
{
	while (n) {
		char c = native_jq_token_peek(p);

		if (c == '.' || c == '[') {
			p->at++;
			n = c == '.' ? parse_dot(p, n, false)
				     : parse_index(p, n);
			continue;
		}
		if (c != '?')
			return n;
		if (p->at[1] == '/')
			return native_jq_token_no_text(p, p->at, 3);
		p->at++;
		if (n->closed ||
		    (n->op != NATIVE_JQ_FIELD && n->op != NATIVE_JQ_INDEX))
			n = native_jq_token_join(p, NATIVE_JQ_TRY, n, n);
		else
			n->optional = true;
		n->closed = true;
	}
	return NULL;
}

static struct native_jq_node *parse_term(struct native_jq_token *p)
{
	char c = native_jq_token_peek(p);
	struct native_jq_node *n;

	if (native_jq_token_digit(c))
		return native_jq_token_number(p, false);
	if (native_jq_token_letter(c))
		return parse_word(p);
	if (c != '.' && c != '"' && c != '[' && c != '{' && c != '(')
		return native_jq_token_no_next(p);
	p->at++;
	if (c == '.')
		return parse_dot(p, native_jq_token_node(p, NATIVE_JQ_INPUT),
				 true);
	if (c == '"')
		return parse_string(p);
	if (c == '[')
		return parse_array(p);
	if (c == '{')
		return parse_object(p);
	n = native_jq_parse_pipe(p);
	if (!n || !native_jq_token_take(p, ")", ""))
		return native_jq_token_no_next(p);
	n->closed = true;
	return n;
}

struct native_jq_node *native_jq_term(struct native_jq_token *p)
{
	return parse_suffixes(p, parse_term(p));
}
