/* utf16.h - converts between UTF-8 and UTF-16, which ODBC uses for text.
 *
 * Floor 2 (query). UTF-16 units have two bytes, in the machine's byte order.
 */
#ifndef QUERY_ODBC_UTF16_H
#define QUERY_ODBC_UTF16_H

#include "core/buf.h"

/* Appends UTF-8 to `to` as UTF-16, followed by a zero unit that does not count.
 * Bytes that are not UTF-8 become U+FFFD.
 */
void utf16_add(struct buf *to, struct slice utf8);

/* Appends UTF-16 to `to` as UTF-8; wide.n is in bytes. Returns 0, or -1 if it
 * has an unpaired surrogate, which becomes U+FFFD.
 */
int utf16_narrow(struct buf *to, struct slice wide);

#endif
