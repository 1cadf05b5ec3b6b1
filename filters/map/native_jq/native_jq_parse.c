/* native_jq_parse.c - parses a simple jq program. */
#include "map/native_jq/native_jq_term.h"

static struct native_jq_node *parse_product(struct native_jq_token *p)
{
	struct native_jq_node *n = NULL;

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
	n = native_jq_term(p);
	while (n && native_jq_token_take(p, "*", "="))
		n = native_jq_token_join(p, NATIVE_JQ_MULTIPLY, n,
					 native_jq_term(p));
	return n;
}

static struct native_jq_node *parse_sum(struct native_jq_token *p)
{
	struct native_jq_node *n = parse_product(p);

	for (;;) {
		if (n && native_jq_token_take(p, "+", "="))
			n = native_jq_token_join(p, NATIVE_JQ_ADD, n,
						 parse_product(p));
		else if (n && native_jq_token_take(p, "-", "="))
			n = native_jq_token_join(p, NATIVE_JQ_SUBTRACT, n,
						 parse_product(p));
		else
			return n;
	}
}

static struct native_jq_node *parse_compare(struct native_jq_token *p)
{
	static const struct {
		const char *sign;
		enum native_jq_order order;
	} orders[] = {{"==", NATIVE_JQ_EQ}, {"!=", NATIVE_JQ_NE},
		      {"<=", NATIVE_JQ_LE}, {">=", NATIVE_JQ_GE},
		      {"<", NATIVE_JQ_LT},  {">", NATIVE_JQ_GT}};
	struct native_jq_node *n = parse_sum(p);

	for (size_t i = 0; n && i < COUNT_OF(orders); i++) {
		if (!native_jq_token_take(p, orders[i].sign, ""))
			continue;
		n = native_jq_token_join(p, NATIVE_JQ_COMPARE, n, parse_sum(p));
		if (n)
			n->order = orders[i].order;
		break;
	}
	return n;
}

static struct native_jq_node *parse_and(struct native_jq_token *p)
{
	struct native_jq_node *n = parse_compare(p);

	while (n && native_jq_token_take_word(p, "and"))
		n = native_jq_token_join(p, NATIVE_JQ_AND, n, parse_compare(p));
	return n;
}

static struct native_jq_node *parse_or(struct native_jq_token *p)
{
	struct native_jq_node *n = parse_and(p);

	while (n && native_jq_token_take_word(p, "or"))
		n = native_jq_token_join(p, NATIVE_JQ_OR, n, parse_and(p));
	return n;
}

struct native_jq_node *native_jq_parse_else(struct native_jq_token *p)
{
	struct native_jq_node *n = NULL;

	if (++p->depth > NATIVE_JQ_NESTING)
		return native_jq_token_no(p, p->at, "its nesting");
	n = parse_or(p);
	if (n && native_jq_token_take(p, "//", "="))
		n = native_jq_token_join(p, NATIVE_JQ_ELSE, n,
					 native_jq_parse_else(p));
	p->depth--;
	return n;
}

struct native_jq_node *native_jq_parse_pipe(struct native_jq_token *p)
{
	struct native_jq_node *n = NULL;

	if (++p->depth > NATIVE_JQ_NESTING)
		return native_jq_token_no(p, p->at, "its nesting");
	n = native_jq_parse_else(p);
	if (n && native_jq_token_take(p, "|", "="))
		n = native_jq_token_join(p, NATIVE_JQ_PIPE, n,
					 native_jq_parse_pipe(p));
	p->depth--;
	return n;
}

int native_jq_parse(struct native_jq *l, const char *program,
		    struct native_jq_no *why)
{
	struct native_jq_token p = {
		.l = l,
		.program = program,
		.at = program,
		.why = why,
	};

	*why = (struct native_jq_no){.line = 0};
	l->root = native_jq_parse_pipe(&p);
	if (l->root && l->n_made > NATIVE_JQ_MADE)
		native_jq_token_no(&p, program, "its many objects");
	else if (l->root && native_jq_token_peek(&p) == '\0')
		return 0;
	native_jq_token_no_next(&p);
	return -1;
}
