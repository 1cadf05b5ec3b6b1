/* native_jq_term.h - the two halves of the parser of simple jq programs.
 *
 * Floor 2 (map). A term is made of expressions, and those of terms. Each of
 * these takes the text from the next token on, and gives NULL where it is not
 * simple; native_jq_token_no has said why.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_TERM_H
#define MAP_NATIVE_JQ_NATIVE_JQ_TERM_H

#include "map/native_jq/native_jq_token.h"

/* A path, string, array, object, condition, function or bracket, with all that
 * may stand behind it.
 */
struct native_jq_node *native_jq_term(struct native_jq_token *p);

/* Operators between terms, pipes included; and without, as in an object. */
struct native_jq_node *native_jq_parse_pipe(struct native_jq_token *p);
struct native_jq_node *native_jq_parse_else(struct native_jq_token *p);

#endif
