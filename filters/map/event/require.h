/* require.h - checks that the rows have the columns that the settings name.
 *
 * Floor 2 (map). A missing column is an error: a mask with a mistyped column
 * name would otherwise send the plain value.
 */
#ifndef MAP_EVENT_REQUIRE_H
#define MAP_EVENT_REQUIRE_H

#include "core/err.h"
#include "map/settings/mapping.h"
#include "wire/json/scan.h"

/* Checks that a row with these members has every column that a mask names; a
 * computed value of that name counts too. With whole, also the columns of
 * casts, null policies, defaults, ids, identifiers and the list of columns,
 * which are absent from rows that leave out nulls. 0, or -1 with ERR_CONFIG and
 * a suggestion. Warns of a mask's pattern that matches no column.
 */
int require_columns(const struct mapping *m, const struct scan_member *member,
		    size_t n, bool whole, struct err *e) MUST_USE;

/* The first column that the settings name and the row does not have, or NULL.
 */
const char *require_missing(const struct mapping *m,
			    const struct scan_member *member, size_t n);

#endif
