# the columns that a mapping reads
$ rudder-map -t identify -u id -c email,plan=tier --print-columns
> email,id,plan

# all of them, if none is named
$ rudder-map -t identify -u id --print-columns
> *

# also those that are only looked at
$ rudder-map -t track -e seen -u id -a anon --timestamp at -c plan -w '.kind == "x" and (.a.b | not)' --field 'n=.first + " " + .last' --print-columns
> a,anon,at,first,id,kind,last,plan

# patterns stay, names with special characters are escaped
$ rudder-map -t identify -u 'e[0]' -c 'plan_*,!secret' --print-columns
> e\[0],plan_*

# what a program reads to make an event
$ rudder-map -t identify -u id -j '{type: "identify", userId: .id, traits: {a: .a, b: [.b]}}' --print-columns
> a,b,id

# what a program of libjq reads is not known
$ rudder-map -t identify -u id -c email -w 'any(.[]; . == 1)' --print-columns
> *

# nor what a row is read for as a whole
$ rudder-map -t identify -u id -c email --field 'all=.' --print-columns
> *

# a condition that only asks whether there is a row
$ rudder-map -t identify -u id -c email -w . --print-columns
> email,id

# constants and names of events read nothing
$ rudder-map -t track -e seen -u id -c email -C source=shop --print-columns
> email,id
