#include "map/native_jq/native_jq_term.h"

static struct lite_node *parse_product(struct native_jq_token *p)
{
	struct lite_node *n = NULL;

	if (native_jq_token_take(p, "-", "=")) {
		n = native_jq_token_digit(native_jq_token_peek(p))
			    ? native_jq_token_number(p, true)
			    : NULL;
		if (n && !strchr("*%?[.", native_jq_token_peek(p)))
			return n;
		if (n && !*p->at)
			return n;
		return native_jq_token_no(p, p->at, "'-' before a term");
	}
	n = lite_term(p);
	while (n && native_jq_token_take(p, "*", "="))
		n = native_jq_token_join(p, LITE_MULTIPLY, n, lite_term(p));
	return n;
}

static struct lite_node *parse_sum(struct native_jq_token *p)
{
	struct lite_node *n = parse_product(p);

	for (;;) {
		if (n && native_jq_token_take(p, "+", "="))
			n = native_jq_token_join(p, LITE_ADD, n,
						 parse_product(p));
		else if (n && native_jq_token_take(p, "-", "="))
			n = native_jq_token_join(p, LITE_SUBTRACT, n,
						 parse_product(p));
		else
			return n;
	}
}

static struct lite_node *parse_compare(struct native_jq_token *p)
{
	static const struct {
		const char *sign;
		enum lite_order order;
	} orders[] = {{"==", LITE_EQ}, {"!=", LITE_NE}, {"<=", LITE_LE},
		      {">=", LITE_GE}, {"<", LITE_LT},  {">", LITE_GT}};
	struct lite_node *n = parse_sum(p);

	for (size_t i = 0; n && i < COUNT_OF(orders); i++) {
		if (!native_jq_token_take(p, orders[i].sign, ""))
			continue;
		n = native_jq_token_join(p, LITE_COMPARE, n, parse_sum(p));
		if (n)
			n->order = orders[i].order;
		break;
	}
	return n;
}

static struct lite_node *parse_and(struct native_jq_token *p)
{
	struct lite_node *n = parse_compare(p);

	while (n && native_jq_token_take_word(p, "and"))
		n = native_jq_token_join(p, LITE_AND, n, parse_compare(p));
	return n;
}

static struct lite_node *parse_or(struct native_jq_token *p)
{
	struct lite_node *n = parse_and(p);

	while (n && native_jq_token_take_word(p, "or"))
		n = native_jq_token_join(p, LITE_OR, n, parse_and(p));
	return n;
}

struct lite_node *lite_parse_else(struct native_jq_token *p)
{
	struct lite_node *n = NULL;

	if (++p->depth > NATIVE_JQ_NESTING)
		return native_jq_token_no(p, p->at, "its nesting");
	n = parse_or(p);
	if (n && native_jq_token_take(p, "//", "="))
		n = native_jq_token_join(p, LITE_ELSE, n, lite_parse_else(p));
	p->depth--;
	return n;
}

struct lite_node *lite_parse_pipe(struct native_jq_token *p)
{
	struct lite_node *n = NULL;

	if (++p->depth > NATIVE_JQ_NESTING)
		return native_jq_token_no(p, p->at, "its nesting");
	n = lite_parse_else(p);
	if (n && native_jq_token_take(p, "|", "="))
		n = native_jq_token_join(p, LITE_PIPE, n, lite_parse_pipe(p));
	p->depth--;
	return n;
}

int lite_parse(struct native_jq *l, const char *program,
	       struct native_jq_no *why)
{
	struct native_jq_token p = {
		.l = l,
		.program = program,
		.at = program,
		.why = why,
	};

	*why = (struct native_jq_no){.line = 0};
	l->root = lite_parse_pipe(&p);
	if (l->root && l->n_made > LITE_MADE)
		native_jq_token_no(&p, program, "its many objects");
	else if (l->root && native_jq_token_peek(&p) == '\0')
		return 0;
	native_jq_token_no_next(&p);
	return -1;
}
