/* dest_file.c - appends events to files, one per line.
 *
 * Writes whole lines only, in the order of the input, and makes them safe on
 * disk (fdatasync) before their receipts say "delivered". A file name may
 * contain the time of writing and values of the event, and end with .gz or
 * .zst.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/landlock.h"
#include "core/mem.h"
#include "send/dest/append_file.h"
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"
#include "send/dest/file_compression.h"
#include "send/dest/file_name.h"
#include "send/dest/url_template.h"
#include "wire/json/json.h"

/* Maximum number of open files. For one more, the file that was not written to
 * for longest is closed.
 */
enum { OPEN_MAX_FILES = 64 };

struct file_settings {
	uint64_t rotate_bytes; /* 0: never */
};

static const struct dest_option rows[] = {
	{"rotate", "<size>", "start a new file at this size", DEST_COUNT,
	 .at = offsetof(struct file_settings, rotate_bytes)},
};

static const struct dest_group own = {rows, COUNT_OF(rows),
				      sizeof(struct file_settings), NULL};

/* An event of a job with the name of its file. */
struct named {
	size_t i;  /* index of the event in the job */
	size_t at; /* offset of the name in names */
	const char *name;
};

struct file_dest {
	struct dest_list done; /* first: dest_list_* get its address */
	const struct file_settings *asked;
	struct file_name name;
	struct url_template values;
	struct append_file file[OPEN_MAX_FILES];
	uint64_t used[OPEN_MAX_FILES]; /* `writes` at the last write */
	uint64_t writes;
	size_t n_files;
	struct buf names;
	struct named *named; /* events of a job, sorted by file name */
	struct dest_item *item;
	size_t size; /* number of elements of named and item */
	struct buf body;
	char why[sizeof((struct reply){0}.reason)]; /* of the last failure */
};

/* ---- which file --------------------------------------------------------- */

static bool is_template(const struct file_dest *f)
{
	return f->name.dated || f->name.by_event;
}

/* The file name for all events at this time; valid until the next call. */
static const char *name_now(struct file_dest *f)
{
	f->names.n = 0;
	(void)file_name_make(&f->name, NULL, clock_wall_ms(), &f->names);
	return buf_cstr(&f->names);
}

static size_t slot_for(struct file_dest *f, const char *path)
{
	size_t most = f->name.by_event ? OPEN_MAX_FILES : 1, oldest = 0;

	for (size_t i = 0; i < f->n_files; i++) {
		if (strcmp(f->file[i].path, path) == 0)
			return i;
		if (f->used[i] < f->used[oldest])
			oldest = i;
	}
	if (f->n_files < most)
		return f->n_files;
	append_file_close(&f->file[oldest]);
	f->n_files--;
	f->file[oldest] = f->file[f->n_files];
	f->used[oldest] = f->used[f->n_files];
	f->file[f->n_files] = (struct append_file){0};
	return f->n_files;
}

/* Returns the file with that name, and opens it if necessary. NULL with *e set.
 */
static struct append_file *file_of(struct file_dest *f, const char *path,
				   struct err *e)
{
	size_t i = slot_for(f, path);

	if (i == f->n_files) {
		if (append_file_open(&f->file[i], path,
				     is_template(f) ? f->name.fixed
						    : APPEND_FILE_GIVEN,
				     e) < 0) {
			append_file_close(&f->file[i]);
			return NULL;
		}
		f->n_files++;
	}
	f->used[i] = ++f->writes;
	return &f->file[i];
}

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->i > y->i) - (x->i < y->i);
}

static struct slice event_of(const struct dest_job *job, size_t i)
{
	return batch_text(job->batch, job->batch->item[job->from + i].event);
}

/* Fills named[] with the events of the job that have a file name, grouped by
 * file and in their order, and returns their number. For the others, sets their
 * item.
 */
static size_t group_events(struct file_dest *f, const struct dest_job *job)
{
	size_t n = job->to - job->from, many = 0;
	uint64_t now = clock_wall_ms();

	if (n > f->size) {
		f->size = n;
		f->named = mem_resize(f->named, n * sizeof(*f->named));
		f->item = mem_resize(f->item, n * sizeof(*f->item));
	}
	f->names.n = 0;
	for (size_t i = 0; i < n; i++) {
		size_t at = f->names.n;
		const char *why;

		url_template_event(&f->values, event_of(job, i));
		why = file_name_make(&f->name, &f->values, now, &f->names);
		f->item[i] = (struct dest_item){REPLY_REFUSED, why};
		if (why)
			f->names.n = at;
		else
			f->named[many++] = (struct named){.i = i, .at = at};
		buf_char(&f->names, '\0');
	}
	for (size_t i = 0; i < many; i++)
		f->named[i].name = f->names.p + f->named[i].at;
	qsort(f->named, many, sizeof(*f->named), by_name);
	return many;
}

/* The number of events, from first on, for the same file. */
static size_t same_file(const struct named *first, size_t n)
{
	size_t i = 1;

	while (i < n && strcmp(first[i].name, first->name) == 0)
		i++;
	return i;
}

/* ---- sending ------------------------------------------------------------ */

static int write_to(struct file_dest *f, const char *path, struct slice body,
		    bool *clean, struct err *e)
{
	struct append_file *file = file_of(f, path, e);
	int rc = -1;

	*clean = true;
	if (file)
		rc = append_file_write(file, body, f->asked->rotate_bytes,
				       clean, e);
	if (rc < 0 && f->name.by_event)
		e->named = 0; /* the name contains a value of the event */
	return rc;
}

static void send_whole(struct file_dest *f, struct dest_job *job)
{
	struct err e = {0};
	bool clean;

	job->reply = (struct reply){
		.class = REPLY_TAKEN, .delivered = true, .sent = 1};
	if (write_to(f, name_now(f), job->body, &clean, &e) == 0)
		return;
	job->reply = (struct reply){.class = REPLY_FATAL,
				    .doubt = !clean,
				    .sent = clean ? 0 : 1,
				    .err = e};
	reply_words(&job->reply, slice_str(e.text));
}

static struct slice lines_of(struct file_dest *f, const struct dest_job *job,
			     const struct named *first, size_t n)
{
	f->body.n = 0;
	for (size_t i = 0; i < n; i++) {
		buf_slice(&f->body, event_of(job, first[i].i));
		buf_char(&f->body, '\n');
	}
	return buf_all(&f->body);
}

/* Writes each group to its file. After a failure nothing more is written: the
 * run ends.
 */
static void send_groups(struct file_dest *f, struct dest_job *job)
{
	size_t many = group_events(f, job), n;
	struct reply *r = &job->reply;
	struct err e = {0};

	*r = (struct reply){.class = REPLY_EACH, .delivered = true, .sent = 1};
	for (size_t at = 0; at < many; at += n) {
		struct dest_item came = {REPLY_TAKEN, NULL};
		const struct named *first = &f->named[at];
		bool clean = true;

		n = same_file(first, many - at);
		if (e.kind == ERR_NONE &&
		    write_to(f, first->name, lines_of(f, job, first, n), &clean,
			     &e) < 0) {
			r->err = e;
			reply_words(r, slice_str(e.text));
			snprintf(f->why, sizeof(f->why), "%s", r->reason);
		}
		if (e.kind != ERR_NONE)
			came = (struct dest_item){
				clean ? REPLY_LATER : REPLY_UNKNOWN, f->why};
		for (size_t i = 0; i < n; i++)
			f->item[first[i].i] = came;
	}
	job->item = f->item;
}

static void file_start(void *d, struct dest_job *job)
{
	struct file_dest *f = d;

	if (f->name.by_event)
		send_groups(f, job);
	else
		send_whole(f, job);
	dest_list_push(&f->done, job);
}

/* ---- the rest ----------------------------------------------------------- */

static void show_file(struct buf *b, const char *path)
{
	buf_str(b, "\"file\":");
	json_lossy(b, slice_str(path), SIZE_MAX);
	buf_str(b, ",\"append\":");
}

/* For names with values of the event: shows what each file would get. */
static void show_groups(struct file_dest *f, struct dest_job *job,
			struct buf *b)
{
	size_t many = group_events(f, job), n;

	buf_str(b, "\"files\":[");
	for (size_t at = 0; at < many; at += n) {
		n = same_file(&f->named[at], many - at);
		buf_str(b, at == 0 ? "{" : ",{");
		show_file(b, f->named[at].name);
		for (size_t i = at; i < at + n; i++) {
			buf_char(b, i == at ? '[' : ',');
			buf_slice(b, event_of(job, f->named[i].i));
			f->item[f->named[i].i].class = REPLY_TAKEN;
		}
		buf_str(b, "]}");
	}
	buf_char(b, ']');
	job->reply = (struct reply){.class = REPLY_EACH};
	job->item = f->item;
}

static void file_show(void *d, struct dest_job *job, bool as_curl,
		      struct buf *b)
{
	struct file_dest *f = d;

	(void)as_curl;
	if (f->name.by_event) {
		show_groups(f, job, b);
		return;
	}
	show_file(b, name_now(f));
	dest_list_events(b, job);
}

/* The folder that must exist, for a name that contains a time or value. The
 * caller frees it.
 */
static char *fixed_folder(const struct file_name *n)
{
	return n->fixed > 0 ? mem_copy(n->text, n->fixed) : mem_copy(".", 1);
}

static int try_open(struct file_dest *f, struct err *e)
{
	struct file_compression *pack;
	char *folder;
	int rc = file_compression_new(&pack, slice_str(f->name.text), e);

	file_compression_free(pack);
	if (rc < 0 || !is_template(f))
		return rc < 0 ? -1 : append_file_try(name_now(f), e);
	folder = fixed_folder(&f->name);
	rc = append_file_try(folder, e);
	free(folder);
	return rc;
}

static int file_open(void **d, const struct dest_options *o, struct err *e)
{
	struct file_dest *f = mem_zero(sizeof(*f));

	*d = f;
	if (o->url[0] == '\0')
		return err_names(e, ERR_USAGE,
				 "destination: 'file:' needs a "
				 "path");
	f->asked = dest_option_settings(o->given, &own);
	url_template_init(&f->values);
	if (file_name_parse(&f->name, o->url, e) < 0)
		return -1;
	if (o->check || o->dry || is_template(f))
		return try_open(f, e);
	return file_of(f, name_now(f), e) ? 0 : -1;
}

/* Allows to write in the folder if names depend on time or event; otherwise to
 * write and rename the file.
 */
static void file_reach(const struct dest_options *o, struct landlock *l)
{
	struct buf name = {0};
	struct file_name n;
	struct err e;
	char *folder;

	if (file_name_parse(&n, o->url, &e) < 0)
		return;
	if (n.dated || n.by_event) {
		folder = fixed_folder(&n);
		landlock_write(l, folder);
		free(folder);
		return;
	}
	(void)file_name_make(&n, NULL, 0, &name);
	landlock_replace(l, buf_cstr(&name));
	buf_clear(&name);
}

static void file_close(void *d)
{
	struct file_dest *f = d;

	if (!f)
		return;
	for (size_t i = 0; i < f->n_files; i++)
		append_file_close(&f->file[i]);
	url_template_clear(&f->values);
	buf_clear(&f->names);
	buf_clear(&f->body);
	free(f->named);
	free(f->item);
	free(f);
}

const struct dest dest_file = {
	.scheme = "file",
	.help = "path",
	DEST_LIST_LINES,
	.known_by = DEST_BY_TEXT,
	.batch = 10000,
	.checked = "the file is writable",
	.groups = {&own},
	.open = file_open,
	.reach = file_reach,
	.show = file_show,
	.start = file_start,
	.close = file_close,
};
