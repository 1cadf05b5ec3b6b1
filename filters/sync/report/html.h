/* html.h - escapes text for HTML.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_HTML_H
#define SYNC_REPORT_HTML_H

#include "core/buf.h"

/* Appends the text to b, escaped for element content and quoted attributes.
 * Bytes that are not UTF-8 become U+FFFD; hidden characters, and those that
 * change the direction of text, become a space.
 */
void html_text(struct buf *b, const char *text);

#endif
