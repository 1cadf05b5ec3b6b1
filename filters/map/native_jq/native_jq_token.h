/* native_jq_token.h - splits a simple jq program into tokens.
 *
 * Floor 2 (map). For native_jq_parse.c and native_jq_term.c, which contain the
 * grammar.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_TOKEN_H
#define MAP_NATIVE_JQ_NATIVE_JQ_TOKEN_H

#include "map/native_jq/native_jq_tree.h"

struct native_jq_token {
	struct native_jq *l;
	const char *program, *at;
	struct native_jq_no *why;
	size_t depth;
};

bool native_jq_token_digit(char c);
bool native_jq_token_letter(char c);

/* Record what is not simple, and where, unless that is done already: the first
 * place is the innermost. The reason is what; the n bytes at that place; the
 * next token, which is unexpected. Always return NULL.
 */
struct native_jq_node *native_jq_token_no(struct native_jq_token *p,
					  const char *at, const char *what);
struct native_jq_node *native_jq_token_no_text(struct native_jq_token *p,
					       const char *at, size_t n);
struct native_jq_node *native_jq_token_no_next(struct native_jq_token *p);

/* Moves to the next token and returns its first character. */
char native_jq_token_peek(struct native_jq_token *p);

/* Consumes the operator sign if it is the next token. It is not if one of the
 * characters not_before follows, which makes it a different operator.
 */
bool native_jq_token_take(struct native_jq_token *p, const char *sign,
			  const char *not_before);

/* The name that starts at p, or an empty slice. native_jq_token_take_word:
 * consumes the word if it is the next token.
 */
struct slice native_jq_token_word(const char *p);
bool native_jq_token_take_word(struct native_jq_token *p, const char *word);

/* A new node. native_jq_token_join: with two operands, or NULL if an operand is
 * NULL.
 */
struct native_jq_node *native_jq_token_node(struct native_jq_token *p,
					    enum native_jq_op op);
struct native_jq_node *native_jq_token_join(struct native_jq_token *p,
					    enum native_jq_op op,
					    struct native_jq_node *a,
					    struct native_jq_node *b);

/* Sets the decoded name of a node. native_jq_token_field: a new node for the
 * member name of another node's value.
 */
void native_jq_token_name(struct native_jq_node *n, struct slice name);
struct native_jq_node *native_jq_token_field(struct native_jq_token *p,
					     struct native_jq_node *of,
					     struct slice name);

/* A constant: of JSON text that libjq prints unchanged; of a decoded string; of
 * the number that is the next token.
 */
struct native_jq_node *native_jq_token_constant(struct native_jq_token *p,
						enum scan_kind kind,
						struct slice text);
struct native_jq_node *native_jq_token_string(struct native_jq_token *p,
					      struct slice decoded);
struct native_jq_node *native_jq_token_number(struct native_jq_token *p,
					      bool negative);

#endif
