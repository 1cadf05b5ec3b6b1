// sdk.js FILE COUNT URL - identify events by @rudderstack/rudder-sdk-node at its
// defaults (20 events a request, gzip): the peer of rudder-send. Writes events
// accepted, seconds, and seconds of CPU.
const fs = require('fs');
const sdk = require('@rudderstack/rudder-sdk-node');
const Analytics = sdk.default || sdk;
const [file, count, url] = process.argv.slice(2);
const events = fs.readFileSync(file, 'utf8').split('\n').slice(0, Number(count)).map((line) => JSON.parse(line));
const client = new Analytics('test', { dataPlaneUrl: url, flushAt: 20, flushInterval: 50, maxInternalQueueSize: 1e7, gzip: true, logLevel: 'error' });
const from = process.hrtime.bigint();
const cpu = process.cpuUsage();
let accepted = 0;
let answered = 0;
let next = 0;

function done(error) {
	accepted += error ? 0 : 1;
	answered += 1;
	if (answered < events.length)
		return;
	const seconds = Number(process.hrtime.bigint() - from) / 1e9;
	const used = process.cpuUsage(cpu);
	console.log(accepted, seconds, (used.user + used.system) / 1e6);
	process.exit(0);
}

(function some() {
	for (let i = 0; i < 20 && next < events.length; i += 1) {
		const { userId, traits, context } = events[next];
		next += 1;
		client.identify({ userId, traits, context }, done);
	}
	if (next < events.length)
		setImmediate(some);
	else
		client.flush();
})();
