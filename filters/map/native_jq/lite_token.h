/* lite_token.h - steps through the text of a simple jq program.
 *
 * Floor 2 (map). For lite_parse.c and lite_term.c, which know how the tokens
 * belong together.
 */
#ifndef MAP_NATIVE_JQ_LITE_TOKEN_H
#define MAP_NATIVE_JQ_LITE_TOKEN_H

#include "map/native_jq/lite_tree.h"

struct lite_token {
	struct lite *l;
	const char *program, *at;
	struct lite_no *why;
	size_t depth;
};

bool lite_token_digit(char c);
bool lite_token_letter(char c);

/* Says what is not simple, and where, unless that is said already: the first
 * place is the innermost. Always NULL. The text at that place; the next token,
 * which should be another.
 */
struct lite_node *lite_token_no(struct lite_token *p, const char *at,
				const char *what);
struct lite_node *lite_token_no_text(struct lite_token *p, const char *at,
				     size_t n);
struct lite_node *lite_token_no_next(struct lite_token *p);

/* The first character of the next token, to which it goes. */
char lite_token_peek(struct lite_token *p);

/* Takes an operator, when it is the next token and not the start of another,
 * which would go on with one of those characters.
 */
bool lite_token_take(struct lite_token *p, const char *sign,
		     const char *not_before);

/* The name that begins there, or the empty slice; whether it is the next token,
 * which then is taken.
 */
struct slice lite_token_word(const char *p);
bool lite_token_take_word(struct lite_token *p, const char *word);

/* A node of the program; one of two parts, NULL where a part is. */
struct lite_node *lite_token_node(struct lite_token *p, enum lite_op op);
struct lite_node *lite_token_join(struct lite_token *p, enum lite_op op,
				  struct lite_node *a, struct lite_node *b);

/* Gives a node its name, decoded; a node for that member of another. */
void lite_token_name(struct lite_node *n, struct slice name);
struct lite_node *lite_token_field(struct lite_token *p, struct lite_node *of,
				   struct slice name);

/* A constant of JSON text that libjq prints like that; of a decoded string; of
 * the number that is the next token.
 */
struct lite_node *lite_token_constant(struct lite_token *p, enum scan_kind kind,
				      struct slice text);
struct lite_node *lite_token_string(struct lite_token *p, struct slice decoded);
struct lite_node *lite_token_number(struct lite_token *p, bool negative);

#endif
