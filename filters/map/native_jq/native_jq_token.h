/* native_jq_token.h - steps through the text of a simple jq program.
 *
 * Floor 2 (map). For native_jq_parse.c and native_jq_term.c, which know how the
 * tokens belong together.
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

/* Says what is not simple, and where, unless that is said already: the first
 * place is the innermost. Always NULL. The text at that place; the next token,
 * which should be another.
 */
struct native_jq_node *native_jq_token_no(struct native_jq_token *p,
					  const char *at, const char *what);
struct native_jq_node *native_jq_token_no_text(struct native_jq_token *p,
					       const char *at, size_t n);
struct native_jq_node *native_jq_token_no_next(struct native_jq_token *p);

/* The first character of the next token, to which it goes. */
char native_jq_token_peek(struct native_jq_token *p);

/* Takes an operator, when it is the next token and not the start of another,
 * which would go on with one of those characters.
 */
bool native_jq_token_take(struct native_jq_token *p, const char *sign,
			  const char *not_before);

/* The name that begins there, or the empty slice; whether it is the next token,
 * which then is taken.
 */
struct slice native_jq_token_word(const char *p);
bool native_jq_token_take_word(struct native_jq_token *p, const char *word);

/* A node of the program; one of two parts, NULL where a part is. */
struct native_jq_node *native_jq_token_node(struct native_jq_token *p,
					    enum native_jq_op op);
struct native_jq_node *native_jq_token_join(struct native_jq_token *p,
					    enum native_jq_op op,
					    struct native_jq_node *a,
					    struct native_jq_node *b);

/* Gives a node its name, decoded; a node for that member of another. */
void native_jq_token_name(struct native_jq_node *n, struct slice name);
struct native_jq_node *native_jq_token_field(struct native_jq_token *p,
					     struct native_jq_node *of,
					     struct slice name);

/* A constant of JSON text that libjq prints like that; of a decoded string; of
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
