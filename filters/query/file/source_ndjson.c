/* source_ndjson.c - a file of JSON lines, checked and passed on. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "query/file/json_lines.h"
#include "query/source.h"

static int ndjson_run(const struct source_job *job, struct rows *rows,
		      struct err *e)
{
	bool in = strcmp(job->where, "-") == 0;
	int fd = in ? job->in : open(job->where, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_sys(e, errno == EACCES ? ERR_DENIED : ERR_INPUT,
			       "cannot open '%s'", job->where);
	rc = rows_step(rows, ROWS_CONNECTION, "the file is open", e);
	if (rc == 0)
		rc = json_lines_copy(rows, fd, e);
	if (!in)
		close(fd);
	return rc < 0 ? err_in(e, "'%s'", in ? "standard input" : job->where)
		      : 0;
}

extern const struct source source_ndjson;
const struct source source_ndjson = {
	.scheme = {"ndjson", "jsonl"},
	.help = "file",
	.run = ndjson_run,
};
