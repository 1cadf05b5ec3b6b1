/* pending_frames.h - the frames of the file pending, read and written.
 *
 * Floor 2 (diff). For pending.c and pending_write.c.
 */
#ifndef DIFF_STATE_PENDING_FRAMES_H
#define DIFF_STATE_PENDING_FRAMES_H

#include "wire/state/intent.h"

/* Types of frames. PENDING_FRAME_INTENTS_1 has no kept values, and like
 * PENDING_FRAME_INTENTS_2 no line hashes. All formats up to
 * PENDING_FRAME_INTENTS_3 have records of a fixed layout.
 */
enum {
	PENDING_FRAME_MARK = 1,
	PENDING_FRAME_INTENTS_1 = 2,
	PENDING_FRAME_INTENTS_2 = 3,
	PENDING_FRAME_NOTES = 4,
	PENDING_FRAME_INTENTS_3 = 5,
	PENDING_FRAME_INTENTS = INTENT_FRAME,
	PENDING_FRAME_OWED = 7
};

enum { PENDING_ATTEMPT = 32 };

/* The header of each note in a frame of notes; its text follows. */
struct pending_note {
	uint32_t number, reserved;
	uint64_t n;
};

#endif
