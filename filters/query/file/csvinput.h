/* csvinput.h - the records of a CSV file and their line numbers.
 *
 * Floor 2 (query). Lines end in LF; a record may have several of them.
 */
#ifndef QUERY_FILE_CSVINPUT_H
#define QUERY_FILE_CSVINPUT_H

#include "core/buf.h"
#include "query/file/gunzip.h"

struct csvinput {
	struct gunzip *from;
	struct buf data;       /* [record, parsed, tail) in it */
	size_t record, parsed; /* the record began; lines taken end here */
	uint64_t line;         /* of the bytes taken next */
	uint64_t record_line;  /* where the record began */
};

/* Up to and with the next LF, or what is left at the end: 1, 0, or -1 with *e
 * set as by gunzip_read, or to ERR_DATA for a record of more than 16 MiB. *line
 * lives until the next call.
 */
int csvinput_next(struct csvinput *in, struct slice *line,
		  struct err *e) MUST_USE;

/* The first line without a byte order mark: 0, or -1 with ERR_DATA where the
 * file is UTF-16.
 */
int csvinput_start(struct slice *line, struct err *e) MUST_USE;

/* The record as it was written, without its line end, at most 64 KiB. */
struct slice csvinput_record(const struct csvinput *in);

#endif
