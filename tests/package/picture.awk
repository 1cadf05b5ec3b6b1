# picture.awk - lines of a terminal with SGR colours to an SVG
function escape(s) {
	gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
	return s
}
function span(s) {
	if (s != "")
		out = out (style == "" ? escape(s) : "<tspan class=\"" style "\">" escape(s) "</tspan>")
}
# one row of at most 80 columns
function row() {
	rows[++n] = out
	out = ""
	column = 0
}
function text(s,    room) {
	while (length(s) > (room = 80 - column)) {
		span(substr(s, 1, room)); row()
		s = substr(s, room + 1)
	}
	span(s)
	column += length(s)
}
{
	sub(/\r+$/, "")
	sub(/^.*\r/, "")      # what was drawn over
	while (match($0, /\033\[[0-9;?]*[A-Za-z]/)) {
		code = substr($0, RSTART, RLENGTH)
		text(substr($0, 1, RSTART - 1))
		$0 = substr($0, RSTART + RLENGTH)
		if (code ~ /m$/)
			style = code ~ /\[1m/ ? "b" : code ~ /\[31m/ ? "r" : code ~ /\[32m/ ? "g" : code ~ /\[33m/ ? "y" : ""
	}
	text($0)
	row()
}
END {
	while (n > 0 && rows[n] == "")
		n--
	height = n * 18 + 32
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"%d\" viewBox=\"0 0 720 %d\" role=\"img\" aria-label=\"A session of rudder in a terminal\">\n", height, height
	print "<style>text{font:14px/18px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d7dae0;white-space:pre}.b{font-weight:bold;fill:#fff}.g{fill:#7ec983}.r{fill:#f07178}.y{fill:#e5c07b}</style>"
	printf "<rect width=\"720\" height=\"%d\" rx=\"8\" fill=\"#1e2128\"/>\n", height
	for (i = 1; i <= n; i++)
		if (rows[i] != "")
			printf "<text x=\"16\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", i * 18 + 12, rows[i]
	print "</svg>"
}
