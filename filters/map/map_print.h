/* map_print.h - writes what is printed instead of events: --print-mapping,
 * --print-columns, --print-record and --explain.
 *
 * Floor 2 (map). Each function writes and closes the output. Returns 0, or -1
 * with an error of writer.h.
 */
#ifndef MAP_MAP_PRINT_H
#define MAP_MAP_PRINT_H

#include "map/parts.h"

int map_print_mapping(struct map_leaving *leaving,
		      const struct mapping_list *list, struct err *e) MUST_USE;
int map_print_columns(struct map_leaving *leaving,
		      const struct mapping_list *list, struct err *e) MUST_USE;
int map_print_record(const struct makers *makers, struct map_leaving *leaving,
		     struct err *e) MUST_USE;
int map_print_explain(const struct makers *makers, struct map_leaving *leaving,
		      struct err *e) MUST_USE;

#endif
