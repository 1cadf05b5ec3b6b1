/* header_lines.h - header lines: those that a user gives, checked, and the end
 * of those of an answer.
 *
 * Floor 2 (send).
 */
#ifndef SEND_DEST_HEADER_LINES_H
#define SEND_DEST_HEADER_LINES_H

#include "core/buf.h"
#include "core/err.h"

/* "Name: value" without a control character (RFC 9110, 5.5), and none that the
 * connection needs: ERR_USAGE.
 */
int header_lines_check(const char *line, struct err *e) MUST_USE;

/* Ends the line that text begins with by a NUL, in place of LF or CR LF, and
 * returns where the next one begins.
 */
char *header_lines_split(char *text);

/* Whether the header of an answer came to its end, after a line of it; whole:
 * whether it had before. Lines may follow behind the body, and another status
 * begins anew.
 */
bool header_lines_whole(bool whole, struct slice line);

/* Pointers to the lines of a file that only its owner may read, at the end of
 * list; they live in secret. ERR_USAGE, and as file_secret.
 */
int header_lines_secret(const char *path, struct buf *secret, struct buf *list,
			struct err *e) MUST_USE;

#endif
