/* csvinput.h - reads the lines of a CSV file, and keeps the current record.
 *
 * Floor 2 (query). Lines end in LF; a record may have several lines.
 */
#ifndef QUERY_FILE_CSVINPUT_H
#define QUERY_FILE_CSVINPUT_H

#include "core/buf.h"
#include "query/file/gunzip.h"

struct csvinput {
	struct gunzip *from;
	struct buf data;       /* the bytes in memory */
	size_t record, parsed; /* offsets in data of the record's start, and of
				* the end of the lines returned */
	uint64_t line;         /* number of the next line */
	uint64_t record_line;  /* number of the record's first line */
};

/* Returns the next line with its LF, or the rest at the end of the file: 1, 0
 * at the end, or -1 with *e set as by gunzip_read, or to ERR_DATA for a record
 * of more than 16 MiB. *line lives until the next call.
 */
int csvinput_next(struct csvinput *in, struct slice *line,
		  struct err *e) MUST_USE;

/* Removes a byte order mark from the first line. -1 with ERR_DATA if the file
 * is UTF-16.
 */
int csvinput_start(struct slice *line, struct err *e) MUST_USE;

/* The current record as written, without its line end; at most 64 KiB. */
struct slice csvinput_record(const struct csvinput *in);

#endif
