/* header_lines.h - checks the header lines that a user gives, and finds the end
 * of the header of a reply.
 *
 * Floor 2 (send).
 */
#ifndef SEND_DEST_HEADER_LINES_H
#define SEND_DEST_HEADER_LINES_H

#include "core/buf.h"
#include "core/err.h"

/* Checks a line "Name: value". ERR_USAGE if it contains a control character
 * (RFC 9110, 5.5) or sets a header that belongs to the connection.
 */
int header_lines_check(const char *line, struct err *e) MUST_USE;

/* Puts a NUL in place of the LF or CR LF after the first line of text, and
 * returns the beginning of the next line.
 */
char *header_lines_split(char *text);

/* Returns whether the header of a reply is complete after this line; whole:
 * whether it was complete before. Lines may also come after the body
 * (trailers), and another status line begins a new header.
 */
bool header_lines_whole(bool whole, struct slice line);

/* Reads a file that only its owner may read, into secret, and adds to list a
 * pointer to each of its lines, which are stored in secret. ERR_USAGE for a
 * wrong line; otherwise fails like file_secret.
 */
int header_lines_secret(const char *path, struct buf *secret, struct buf *list,
			struct err *e) MUST_USE;

#endif
