# pick.awk - mutants of the C files named, in an order that the seed gives: one for each
# line that has any. Writes "FILE LINE FUNCTION KIND NEW", with tabs between them.
#
#   awk -v seed=1 -f pick.awk FILE...
#
# Kinds: relation, logic, negate, constant, return, drop, sign, truth, jump. Not mutated:
# what is outside a function, asserts, and calls that only free memory, whose
# absence only the sanitizers see.

# the line without comments, and with its texts and characters as blanks, so
# that places in it are places in the line
function blank(s,   out, c, i, n, quote)
{
	n = length(s)
	for (i = 1; i <= n; i++) {
		c = substr(s, i, 1)
		if (comment) {
			if (substr(s, i, 2) == "*/") {
				comment = 0
				out = out " "
				i++
			}
			out = out " "
		} else if (quote != "") {
			if (c == "\\") {
				out = out "_"
				i++
			} else if (c == quote)
				quote = ""
			out = out "_"
		} else if (substr(s, i, 2) == "/*") {
			comment = 1
			out = out "  "
			i++
		} else {
			if (c == "\"" || c == "'")
				quote = c
			out = out (quote == "" ? c : "_")
		}
	}
	return out
}

function add(kind, new)
{
	if (new == $0)
		return
	if (!lines || at_line[lines] != FILENAME "\t" FNR) {
		at_line[++lines] = FILENAME "\t" FNR
		mutants[lines] = 0
	}
	mutant[lines, ++mutants[lines]] = where "\t" kind "\t" new
}

# each place of the text OLD in the line, replaced by NEW
function each(kind, old, new,   from, i)
{
	from = 1
	while ((i = index(substr(code, from), old)) > 0) {
		i += from - 1
		add(kind, substr($0, 1, i - 1) new substr($0, i + length(old)))
		from = i + length(old)
	}
}

function each_word(old, new,   from, i, n)
{
	from = 1
	n = length(old)
	while ((i = index(substr(code, from), old)) > 0) {
		i += from - 1
		if (substr(code, i - 1, 1) !~ /[a-z_]/ && substr(code, i + n, 1) !~ /[a-z_]/)
			add("truth", substr($0, 1, i - 1) new substr($0, i + n))
		from = i + n
	}
}

# at the end of a line too, where no blank follows
function each_logic(old, new,   n)
{
	each("logic", " " old " ", " " new " ")
	n = length(code) - length(old)
	if (substr(code, n + 1) == old)
		add("logic", substr($0, 1, n) new)
}

# the place of the parenthesis that closes the one at I, or 0
function closing(i,   depth, c)
{
	for (; i <= length(code); i++) {
		c = substr(code, i, 1)
		depth += (c == "(") - (c == ")")
		if (depth == 0)
			return i
	}
	return 0
}

function conditions(   i, end)
{
	if ((i = index(code, "if (")) > 0 && (end = closing(i + 3)) > 0)
		add("negate", substr($0, 1, i + 3) "!(" substr($0, i + 4, end - i - 4) ")" substr($0, end))
	for (i = 2; i < length(code); i++)
		if (substr(code, i, 1) == "!" && substr(code, i - 1, 1) ~ /[ (!\t]/ && substr(code, i + 1, 1) ~ /[a-z_(*]/)
			add("negate", substr($0, 1, i - 1) substr($0, i + 1))
}

function constants(   from, i, n, digits)
{
	from = 1
	while (match(substr(code, from), /[0-9]+/)) {
		i = from + RSTART - 1
		n = RLENGTH
		digits = substr(code, i, n)
		from = i + n
		if (substr(code, i - 1, 1) ~ /[A-Za-z_.0-9]/ || substr(code, from, 1) ~ /[xX.A-TV-Za-tv-z_]/)
			continue
		if (substr(code, i - 1, 1) == "{" || length(digits) > 9)
			continue
		add("constant", substr($0, 1, i - 1) (digits + 1) substr($0, from))
		if (digits > 0)
			add("constant", substr($0, 1, i - 1) (digits - 1) substr($0, from))
	}
}

function returns(   i, rest, indent)
{
	i = index(code, "return ")
	if (!i || code !~ /;$/)
		return
	indent = substr($0, 1, i + 6)
	rest = substr(code, i + 7, length(code) - i - 7)
	if (rest ~ /^(true|false|NULL)$/)
		return
	if (rest == "-1" || rest == "1")
		add("return", indent "0;")
	else if (rest == "0") {
		add("return", indent "-1;")
		add("return", indent "1;")
	} else if (rest ~ /( == | != | < | > | <= | >= | && | \|\| |^!)/ && rest !~ /[?]/)
		add("return", indent "!(" substr($0, i + 7, length(rest)) ");")
	else if (rest ~ /^[a-z0-9_]+\(.*\)$/) {
		add("return", indent "0;")
		add("return", indent "1;")
	}
}

# statements of one line: calls and assignments
function drops(   indent)
{
	match($0, /^[ \t]*/)
	indent = substr($0, 1, RLENGTH)
	if (code ~ /^[ \t]+[a-z_0-9]+\(.*\);$/ && code !~ /(_free|_clear|^[ \t]+free|assert)\(/)
		add("drop", indent ";")
	else if (code ~ /^[ \t]+[*a-z_][][a-z_0-9.>-]* [|&+*\/-]?= .*;$/ || code ~ /^[ \t]+[*a-z_][][a-z_0-9.>-]*(\+\+|--);$/)
		add("drop", indent ";")
	if (code ~ /^[ \t]+(break|continue);$/)
		add("jump", indent ";")
}

FNR == 1 { comment = 0; inside = 0; where = "" }
{
	code = blank($0)
	sub(/[ \t]+$/, "", code)
}
/^[a-z].*\(/ && !inside {
	where = $0
	sub(/\(.*/, "", where)
	sub(/.*[ *]/, "", where)
}
/^{/ { inside = 1; next }
/^}/ { inside = 0; next }
!inside || code ~ /^[ \t]*$/ || /^#/ || code ~ /assert\(/ { next }
{
	each("relation", " == ", " != ")
	each("relation", " != ", " == ")
	each("relation", " < ", " <= ")
	each("relation", " <= ", " < ")
	each("relation", " > ", " >= ")
	each("relation", " >= ", " > ")
	each_logic("&&", "||")
	each_logic("||", "&&")
	conditions()
	constants()
	returns()
	drops()
	each("sign", " + ", " - ")
	each("sign", " - ", " + ")
	each("sign", " += ", " -= ")
	each("sign", " -= ", " += ")
	each("sign", "++", "--")
	each("sign", "--", "++")
	each_word("true", "false")
	each_word("false", "true")
}

# a number from 1 to N, by the generator of Park and Miller
function random(n)
{
	state = (state * 16807) % 2147483647
	return int(state / 2147483647 * n) + 1
}

END {
	state = (seed * 7919 + 1) % 2147483647
	for (i = 0; i < 20; i++)
		random(1)
	for (i = lines; i > 0; i--) {
		k = random(i)
		print at_line[k] "\t" mutant[k, random(mutants[k])]
		# the last one takes its place
		at_line[k] = at_line[i]
		for (j = 1; j <= mutants[i]; j++)
			mutant[k, j] = mutant[i, j]
		mutants[k] = mutants[i]
	}
}
