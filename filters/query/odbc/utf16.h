/* utf16.h - UTF-16, as ODBC has it for text.
 *
 * Floor 2 (query). Units of two bytes in the machine's order.
 */
#ifndef QUERY_ODBC_UTF16_H
#define QUERY_ODBC_UTF16_H

#include "core/buf.h"

/* UTF-8 as UTF-16 at the end of to, with a zero behind it that does not count.
 * Bytes that are not UTF-8 become U+FFFD.
 */
void utf16_add(struct buf *to, struct slice utf8);

/* UTF-16 as UTF-8 at the end of to; wide.n is in bytes. 0, or -1 where half a
 * surrogate pair stands alone, which then is U+FFFD.
 */
int utf16_narrow(struct buf *to, struct slice wide);

#endif
