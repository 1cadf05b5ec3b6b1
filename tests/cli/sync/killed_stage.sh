# killed_stage.sh - rudder run names a stage that was killed, as by the kernel
# when memory runs out
. "$TOP/tests/tool/lib.sh"
cat >slow.sh <<'END'
echo '{"id":1}'
: >started
while [ -e wait ]; do sleep 0.05; done
END
cat >k.yaml <<'END'
version: 1
name: k
source: "exec:sh slow.sh"
key: id
mapping: {type: identify, user_id: id}
destination: file:ev
END
for stage in rudder-query 'rudder-diff --state' rudder-map rudder-send 'rudder-diff --commit'; do
	: >wait
	rm -rf state started
	rudder run k.yaml 2>err &
	run=$!
	eventually 'the run' [ -e started ]
	pid=
	eventually 'the stage' sh -c "pgrep -P $run -f '$stage' >pid"
	pid=$(head -n 1 pid)
	kill -9 "$pid"
	rm wait
	wait $run && fail "$stage: status 0"
	says "rudder run: ${stage% --state} (pid $pid) was killed by signal 9, as the kernel does when memory runs out"
done

# not of what asks a run to end
: >wait
rm -rf state started
rudder run k.yaml 2>err &
run=$!
eventually 'the run' [ -e started ]
kill $run
wait $run && fail 'status 0'
! grep -q 'was killed' err || fail "killed: $(cat err)"
