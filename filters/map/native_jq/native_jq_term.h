/* native_jq_term.h - parses terms and expressions of simple jq programs.
 *
 * Floor 2 (map). The two halves of the parser call each other, because terms
 * contain expressions, and expressions terms. Each function parses from the
 * next token on, and returns NULL if the program is not simple; then
 * native_jq_token_no has recorded why.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_TERM_H
#define MAP_NATIVE_JQ_NATIVE_JQ_TERM_H

#include "map/native_jq/native_jq_token.h"

/* Parses a term: a path, string, array, object, condition, function or
 * parentheses, with its suffixes.
 */
struct native_jq_node *native_jq_term(struct native_jq_token *p);

/* Parses an expression with all operators, including pipes;
 * native_jq_parse_else: without pipes, as in the value of an object's member.
 */
struct native_jq_node *native_jq_parse_pipe(struct native_jq_token *p);
struct native_jq_node *native_jq_parse_else(struct native_jq_token *p);

#endif
