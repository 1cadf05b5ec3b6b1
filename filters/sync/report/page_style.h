/* page_style.h - the style sheet of the page: light, dark, narrow and printed.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_PAGE_STYLE_H
#define SYNC_REPORT_PAGE_STYLE_H

/* The lines of the style sheet, each with its LF, ended by NULL. */
extern const char *const page_style[];

#endif
