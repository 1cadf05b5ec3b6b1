#include "diff/state/snapshot_layout.h"

#include "diff/state/snapshot_section.h"

/* An empty note or optional part has no entry in the table. */
static bool is_there(const struct snapshot_part part[SNAPSHOT_PARTS], size_t i)
{
	return i < SNAPSHOT_NOTE || i == SNAPSHOT_SUMS || part[i].n > 0;
}

size_t snapshot_layout_place(struct snapshot_header *h,
			     struct snapshot_part part[SNAPSHOT_PARTS],
			     size_t at[SNAPSHOT_PARTS])
{
	size_t end;

	for (uint32_t i = 0; i < SNAPSHOT_PARTS; i++) {
		part[i].number = i;
		h->parts += is_there(part, i);
	}
	end = snapshot_align(sizeof(*h)) + h->parts * sizeof(*part);
	for (size_t i = 0; i < SNAPSHOT_PARTS; i++) {
		at[i] = snapshot_align(end);
		if (is_there(part, i))
			end = at[i] + part[i].n;
	}
	return end;
}

int snapshot_layout_head(int fd, struct snapshot_header *h,
			 const struct snapshot_part all[SNAPSHOT_PARTS],
			 struct err *e)
{
	struct snapshot_part part[SNAPSHOT_PARTS];
	size_t n = 0;

	for (size_t i = 0; i < SNAPSHOT_PARTS; i++) {
		if (is_there(all, i))
			part[n++] = all[i];
	}
	h->parts_sum = snapshot_sum(part, n * sizeof(*part));
	h->sum = snapshot_sum(h, offsetof(struct snapshot_header, sum));
	if (snapshot_section_put(fd, (const char *)part, n * sizeof(*part),
				 (off_t)snapshot_align(sizeof(*h)), e) < 0)
		return -1;
	return snapshot_section_put(fd, (const char *)h, sizeof(*h), 0, e);
}

int snapshot_layout_part(int fd, struct snapshot_part *part, struct slice bytes,
			 size_t at, struct err *e)
{
	part->sum = snapshot_sum(bytes.p, bytes.n);
	return snapshot_section_put(fd, bytes.p, bytes.n, (off_t)at, e);
}
