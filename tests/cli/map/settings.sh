# settings.sh - each key of a mapping file does what its option does
. "$TOP/tests/tool/lib.sh"
RUDDER_RUN_ID=cskrt1kme831eq0jrafg WHO=me
export RUDDER_RUN_ID WHO
printf 'secret' >key
chmod 600 key
cat >rows <<'X'
{"_rudder":{"type":"begin","v":1,"stream":"changes","run":"cskrt1kme831eq0jrafg","model":"m"}}
{"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"dev":"d","org":3,"old":"o","name":"N","at":"2024-01-02 03:04","email":" A@B.c","n":12345678901234567890,"z":null}
{"_rudder":{"type":"change","action":"update","id":"8","change":"1123456789abcdef0123456789abcdef"},"id":8,"dev":"e","org":4,"old":"p","name":"M","at":null,"email":null,"n":1.50,"z":"y"}
{"_rudder":{"type":"change","action":"delete","id":"9","change":"2123456789abcdef0123456789abcdef"},"id":9}
{"_rudder":{"type":"end","stream":"changes","changes":3}}
X
cat >table <<'X'
-t identify -u id | {"type":"identify","user_id":"id"}
-t identify -a dev -u id | {"type":"identify","anonymous_id":"dev","user_id":"id"}
-t group -u id --group-id org | {"type":"group","user_id":"id","group_id":"org"}
-t alias -u id --previous-id old -c name | {"type":"alias","user_id":"id","previous_id":"old","columns":"name"}
-t track -u id -e E | {"type":"track","user_id":"id","event":"E"}
-t track -u id --event-column name | {"type":"track","user_id":"id","event":{"column":"name"}}
-t track -u id -e insert=I,delete=D | {"type":"track","user_id":"id","event":{"insert":"I","delete":"D"}}
-t page -u id -e P --delete-event Gone | {"type":"page","user_id":"id","event":"P","delete_event":"Gone"}
-t page -u id -e P --deletes skip | {"type":"page","user_id":"id","event":"P","deletes":"skip"}
-t screen -u id --timestamp at | {"type":"screen","user_id":"id","timestamp":"at"}
-t record --identifier id=ID,email | {"type":"record","identifiers":{"id":"ID","email":"email"}}
-t record --identifier id=ID --object X-y | {"type":"record","identifiers":"id=ID","object":"X-y"}
-t identify --identifier id=ID --object X-y | {"type":"identify","identifiers":{"id":"ID"},"object":"X-y"}
-t identify -u id -c "email=a.b[1],n*,!name,z=.context.z" | {"type":"identify","user_id":"id","columns":["email=a.b[1]","n*","!name",{"from":"z","to":".context.z"}]}
-t identify -u id -C s=1 --constant-json j=[1] --constant-env e=WHO --constant-run r=id --constant-run t=start | {"type":"identify","user_id":"id","constants":{"s":"1","j":[1]},"constants_env":{"e":"WHO"},"constants_run":{"r":"id","t":"start"}}
-t identify -u id --null omit --null z=empty | {"type":"identify","user_id":"id","null":"omit","fields":{"z":{"null":"empty"}}}
-t identify -u id --default email=x --default z={"a":1} --cast n=string --cast at=timestamp --mask email=trim+lower+sha256 | {"type":"identify","user_id":"id","fields":{"email":{"default":"x","mask":"trim+lower+sha256"},"z":{"default":{"a":1}},"n":{"cast":"string"},"at":{"cast":"timestamp"}}}
-t identify -u id -c email --mask email=hmac --mask-key-file key | {"type":"identify","user_id":"id","columns":[{"from":"email","mask":"hmac"}],"mask_key_file":"key","description":"keyed"}
-t identify -u id --numbers exact --job-id J | {"type":"identify","user_id":"id","numbers":"exact","job_id":"J","$schema":"x"}
-t identify -u id --where ".id==7" --field "full=.name+\"!\"" --jq-numbers string | {"type":"identify","user_id":"id","where":".id==7","computed":{"full":".name+\"!\""},"jq_numbers":"string"}
-t track -u id --jq "{event:\"E\"}" | {"type":"track","user_id":"id","jq":"{event:\"E\"}"}
X
n=0
while read -r line; do
	options=${line%% | *}
	printf '%s\n' "${line#* | }" >m.json
	# options hold quotes of the shell, but for braces and brackets
	printf '%s\n' "$options" | sed 's/ \([^ ]*[][{}][^ ]*\)/ '"'\\1'"'/g; s/'"'"'"\([^"]*\)"'"'"'/"\1"/' >words
	case $options in *where* | *jq\ * | *a.b*) printf '%s\n' "$options" >words ;; esac
	eval "rudder-map $(cat words)" <rows >a 2>err || [ $? = 1 ] || fail "$options: $(cat err)"
	rudder-map -m m.json <rows >b 2>err || [ $? = 1 ] || fail "$(cat m.json): $(cat err)"
	cmp -s a b || fail "$options is not $(cat m.json): $(diff a b)"
	grep -q '"recordId"' a || fail "$options makes no event"
	n=$((n + 1))
done <table
[ $n -ge 20 ] || fail "only $n lines"
jq -r '.definitions.mapping.properties | keys[]' "$TOP/man/rudder-mapping.schema.json" >keys
while read -r key; do
	grep -qF "\"$key\":" table || fail "the key $key is not tried"
done <keys

# the types in --help read as a sentence does
rudder-map --help | grep -qE '^  -t --type <type> .*[a-z], [a-z]+ or [a-z]+$' || fail "--help: $(rudder-map --help | grep type)"
