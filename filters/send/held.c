#include "send/held.h"

static void add(struct buf *b, const struct batch *batch,
		const struct batch_item *item, const struct receipt *receipt)
{
	struct buf tail = {0};

	receipt_tail(&tail, receipt);
	receipt_event(b, batch, item, buf_all(&tail));
	buf_char(b, '\n');
	buf_clear(&tail);
}

void held_add(struct held *h, const struct batch *batch,
	      const struct batch_item *item, const struct receipt *receipt,
	      bool doubt)
{
	struct receipt guilty = *receipt, innocent = *receipt;

	guilty.status = doubt ? RECEIPT_UNKNOWN : RECEIPT_REJECTED;
	guilty.refused = doubt;
	innocent.status = doubt ? RECEIPT_UNKNOWN : RECEIPT_FAILED;
	innocent.refused = false;
	add(&h->guilty, batch, item, &guilty);
	add(&h->innocent, batch, item, &innocent);
	h->n++;
	h->doubtful += doubt;
}

int held_release(struct held *h, bool guilty, struct writer *out, struct err *e)
{
	struct slice left = buf_all(guilty ? &h->guilty : &h->innocent);

	while (left.n > 0) {
		const char *end = memchr(left.p, '\n', left.n);
		size_t n = (size_t)(end - left.p);

		buf_add(writer_buf(out), left.p, n);
		if (writer_line(out, e) < 0)
			return -1;
		left = slice_of(end + 1, left.n - n - 1);
	}
	h->guilty.n = h->innocent.n = h->n = h->doubtful = 0;
	return 0;
}

void held_clear(struct held *h)
{
	buf_clear(&h->guilty);
	buf_clear(&h->innocent);
}
