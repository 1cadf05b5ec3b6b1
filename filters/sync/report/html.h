/* html.h - escapes text for HTML.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_HTML_H
#define SYNC_REPORT_HTML_H

#include "core/buf.h"

/* The text at the end of b, for element content and quoted attributes alike.
 * What is not UTF-8 becomes U+FFFD, and what is not seen or changes the
 * direction of text a space.
 */
void html_text(struct buf *b, const char *text);

#endif
