/* jq_numbers.h - detects a jq(1) that rounds numbers with more digits than a
 * double.
 *
 * Floor 2 (sync). jq before 1.7 prints 9007199254740993 as 9007199254740992,
 * which may be the id of somebody else. Since 1.7 it keeps the digits of a
 * number unless the program calculates with it (its manual, "Identity").
 */
#ifndef SYNC_JQ_NUMBERS_H
#define SYNC_JQ_NUMBERS_H

/* Runs the command to read its version. Also returns true if it fails. */
bool jq_numbers_rounded(const char *command);

#endif
