/* jq_numbers.h - whether a jq(1) rounds numbers longer than those of a double.
 *
 * Floor 2 (sync). jq before 1.7 prints 9007199254740993 as 9007199254740992,
 * which is the id of somebody else. From 1.7 on it keeps the digits of a number
 * with which the program does not calculate (its manual, "Identity").
 */
#ifndef SYNC_JQ_NUMBERS_H
#define SYNC_JQ_NUMBERS_H

/* Asks the command for its version. True for one that does not answer. Cost: a
 * process.
 */
bool jq_numbers_rounded(const char *command);

#endif
