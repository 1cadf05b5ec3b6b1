/* opt_json.h - the options of a command as JSON, for --help=json.
 *
 * Floor 0. Completion of shells and checks of the manual are made from it:
 *
 *     {"name":"rudder-diff","version":"0.1.0","summary":"...",
 *      "operand":"<file>","operand_values":["filter"],"options":[{"name":"mode","letter":"m",
 *      "argument":"<mode>","kind":"text","repeat":false,"optional":false,
 *      "values":["upsert","mirror"],"default":"upsert","help":"..."}]}
 *
 * group is there for an option of one driver. kind is flag, text, count or
 * time. letter, argument, values and default are left out if the option has
 * none; so are operand and operand_values.
 */
#ifndef CORE_OPT_JSON_H
#define CORE_OPT_JSON_H

#include "core/buf.h"
#include "core/opt.h"

/* Appends one object and LF to b. common are the options of all commands. The
 * defaults are the values that the tables point to: call it before parsing.
 */
void opt_json(struct buf *b, const struct opt_page *page,
	      const struct opt *common);

#endif
