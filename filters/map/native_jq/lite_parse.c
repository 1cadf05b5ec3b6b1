#include "map/native_jq/lite_term.h"

static struct lite_node *parse_product(struct lite_token *p)
{
	struct lite_node *n = NULL;

	if (lite_token_take(p, "-", "=")) {
		n = lite_token_digit(lite_token_peek(p))
			    ? lite_token_number(p, true)
			    : NULL;
		if (n && !strchr("*%?[.", lite_token_peek(p)))
			return n;
		if (n && !*p->at)
			return n;
		return lite_token_no(p, p->at, "'-' before a term");
	}
	n = lite_term(p);
	while (n && lite_token_take(p, "*", "="))
		n = lite_token_join(p, LITE_MULTIPLY, n, lite_term(p));
	return n;
}

static struct lite_node *parse_sum(struct lite_token *p)
{
	struct lite_node *n = parse_product(p);

	for (;;) {
		if (n && lite_token_take(p, "+", "="))
			n = lite_token_join(p, LITE_ADD, n, parse_product(p));
		else if (n && lite_token_take(p, "-", "="))
			n = lite_token_join(p, LITE_SUBTRACT, n,
					    parse_product(p));
		else
			return n;
	}
}

static struct lite_node *parse_compare(struct lite_token *p)
{
	static const struct {
		const char *sign;
		enum lite_order order;
	} orders[] = {{"==", LITE_EQ}, {"!=", LITE_NE}, {"<=", LITE_LE},
		      {">=", LITE_GE}, {"<", LITE_LT},  {">", LITE_GT}};
	struct lite_node *n = parse_sum(p);

	for (size_t i = 0; n && i < COUNT_OF(orders); i++) {
		if (!lite_token_take(p, orders[i].sign, ""))
			continue;
		n = lite_token_join(p, LITE_COMPARE, n, parse_sum(p));
		if (n)
			n->order = orders[i].order;
		break;
	}
	return n;
}

static struct lite_node *parse_and(struct lite_token *p)
{
	struct lite_node *n = parse_compare(p);

	while (n && lite_token_take_word(p, "and"))
		n = lite_token_join(p, LITE_AND, n, parse_compare(p));
	return n;
}

static struct lite_node *parse_or(struct lite_token *p)
{
	struct lite_node *n = parse_and(p);

	while (n && lite_token_take_word(p, "or"))
		n = lite_token_join(p, LITE_OR, n, parse_and(p));
	return n;
}

struct lite_node *lite_parse_else(struct lite_token *p)
{
	struct lite_node *n = NULL;

	if (++p->depth > LITE_NESTING)
		return lite_token_no(p, p->at, "its nesting");
	n = parse_or(p);
	if (n && lite_token_take(p, "//", "="))
		n = lite_token_join(p, LITE_ELSE, n, lite_parse_else(p));
	p->depth--;
	return n;
}

struct lite_node *lite_parse_pipe(struct lite_token *p)
{
	struct lite_node *n = NULL;

	if (++p->depth > LITE_NESTING)
		return lite_token_no(p, p->at, "its nesting");
	n = lite_parse_else(p);
	if (n && lite_token_take(p, "|", "="))
		n = lite_token_join(p, LITE_PIPE, n, lite_parse_pipe(p));
	p->depth--;
	return n;
}

int lite_parse(struct lite *l, const char *program, struct lite_no *why)
{
	struct lite_token p = {
		.l = l,
		.program = program,
		.at = program,
		.why = why,
	};

	*why = (struct lite_no){.line = 0};
	l->root = lite_parse_pipe(&p);
	if (l->root && l->n_made > LITE_MADE)
		lite_token_no(&p, program, "its many objects");
	else if (l->root && lite_token_peek(&p) == '\0')
		return 0;
	lite_token_no_next(&p);
	return -1;
}
