/* require.h - whether the rows have the columns that the settings name.
 *
 * Floor 2 (map). A mask whose name is mistyped would let the plain value pass:
 * a name that the rows do not have is an error, not ignored.
 */
#ifndef MAP_EVENT_REQUIRE_H
#define MAP_EVENT_REQUIRE_H

#include "core/err.h"
#include "map/settings/mapping.h"
#include "wire/json/scan.h"

/* Whether a row with these members has what masks name, where computed values
 * count as well; whole: and the columns of casts, null policies, defaults, ids,
 * identifiers and the list, which a row that leaves out nulls need not have. 0,
 * or -1 with ERR_CONFIG and the column that may be meant. A pattern of a mask
 * that fits nothing is warned of.
 */
int require_columns(const struct mapping *m, const struct scan_member *member,
		    size_t n, bool whole, struct err *e) MUST_USE;

/* The first column that is named and not there, or NULL. */
const char *require_missing(const struct mapping *m,
			    const struct scan_member *member, size_t n);

#endif
