#include "send/receipt.h"

#include "wire/json/json.h"

void receipt_tail(struct buf *b, const struct receipt *r)
{
	buf_str(b, "\"status\":\"");
	buf_str(b, receipt_status_word(r->status));
	buf_str(b, "\",\"code\":");
	buf_uint(b, r->code);
	buf_str(b, ",\"attempts\":");
	buf_uint(b, r->attempts);
	buf_str(b, ",\"ms\":");
	buf_uint(b, r->ms);
	if (r->refused)
		buf_str(b, ",\"refused\":true");
	if (r->untried)
		buf_str(b, ",\"untried\":true");
	if (r->reason && r->reason[0]) {
		buf_str(b, ",\"reason\":");
		json_lossy(b, slice_str(r->reason), strlen(r->reason));
	}
	buf_char(b, '}');
}

#define PUT(to, text)                                                          \
	do {                                                                   \
		memcpy(to, text, sizeof(text) - 1);                            \
		(to) += sizeof(text) - 1;                                      \
	} while (0)

static char *put(char *to, struct slice s)
{
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	return to + s.n;
}

void receipt_event(struct buf *b, const struct batch *batch,
		   const struct batch_item *item, struct slice tail)
{
	struct slice record = batch_text(batch, item->record);
	struct slice message = batch_text(batch, item->message);
	struct slice action = batch_text(batch, item->action);
	char *start =
		buf_room(b, record.n + message.n + action.n + tail.n + 64);
	char *to = start;

	*to++ = '{';
	if (record.n > 0) {
		PUT(to, "\"recordId\":");
		to = put(to, record);
		*to++ = ',';
	}
	if (message.n > 0) {
		PUT(to, "\"messageId\":");
		to = put(to, message);
		*to++ = ',';
	}
	if (action.n > 0) {
		PUT(to, "\"action\":");
		to = put(to, action);
		*to++ = ',';
	}
	to = put(to, tail);
	b->n += (size_t)(to - start);
}

static void member(struct buf *b, const char *name, struct slice value)
{
	if (value.n == 0)
		return;
	buf_fmt(b, "\"%s\":", name);
	buf_slice(b, value);
	buf_char(b, ',');
}

enum receipt_status receipt_note(struct buf *b, const struct control *c,
				 bool blocked, bool doubt, bool late)
{
	enum receipt_status status = c->type == CONTROL_SKIP ? RECEIPT_SKIPPED
				     : doubt                 ? RECEIPT_UNKNOWN
				     : blocked               ? RECEIPT_FAILED
							     : RECEIPT_REJECTED;

	buf_char(b, '{');
	member(b, "recordId", c->id);
	if (c->change.n == 32) {
		buf_str(b, "\"messageId\":\"");
		control_message_id(b, c->change, 0, 1, 1);
		buf_str(b, "\",");
	}
	if (c->action.n > 0)
		buf_fmt(b, "\"action\":\"%.*s\",", SLICE_FMT(c->action));
	buf_fmt(b, "\"status\":\"%s\",\"code\":0,\"attempts\":0,\"ms\":0",
		receipt_status_word(status));
	if (status == RECEIPT_UNKNOWN && !blocked)
		buf_str(b, ",\"refused\":true");
	if (late)
		buf_str(b, ",\"late\":true");
	if (c->reason.n > 0) {
		buf_str(b, ",\"reason\":");
		buf_slice(b, c->reason);
	}
	if (c->stage.n > 0)
		buf_fmt(b, ",\"stage\":\"%.*s\"", SLICE_FMT(c->stage));
	buf_char(b, '}');
	return status;
}

void receipt_late(struct buf *b, struct slice record, struct slice message)
{
	buf_char(b, '{');
	member(b, "recordId", record);
	member(b, "messageId", message);
	buf_str(b, "\"status\":\"skipped\",\"code\":0,\"attempts\":0,"
		   "\"ms\":0,\"late\":true,\"reason\":\"the receipt for "
		   "this change is committed\"}");
}

void receipt_refused(struct buf *b, struct slice record, struct slice message,
		     uint64_t line, bool doubt, const char *reason)
{
	buf_char(b, '{');
	member(b, "recordId", record);
	member(b, "messageId", message);
	buf_fmt(b, "\"status\":\"%s\",\"code\":0,\"attempts\":0,\"ms\":0%s",
		receipt_status_word(doubt ? RECEIPT_UNKNOWN : RECEIPT_REJECTED),
		doubt ? ",\"refused\":true" : "");
	buf_str(b, ",\"reason\":");
	json_lossy(b, slice_str(reason), strlen(reason));
	buf_fmt(b, ",\"stage\":\"send\",\"line\":%ju}", (uintmax_t)line);
}
