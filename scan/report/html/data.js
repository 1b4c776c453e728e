// The data: blocks of compressed JSON, unpacked when they are needed.

// unpack reads a block. What is read is dropped from the page unless it is kept.
async function unpack(name) {
	const element = document.getElementById("data-" + name);
	const text = atob(element.textContent);
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

async function unpackOnce(name) {
	const value = await unpack(name);
	document.getElementById("data-" + name).remove();
	return value;
}

const SEVERITIES = ["", "info", "low", "medium", "high", "critical"];
const SUPPRESSED = "SUPPRESSED"; // beside the statuses: what fails, and has an exception

// load reads everything but evidence, records and the attack surface.
async function load() {
	const [summary, table, places, evidence] = await Promise.all(["summary", "columns", "records", "evidence"].map(unpackOnce));
	complete(summary);
	const d = {summary, checks: summary.checks, ...table, places, evidenceStarts: evidence};
	d.statuses = [...table.statuses, SUPPRESSED];
	d.resources = resources(table, places.others);
	for (const list of ["accounts", "regions", "types", "prefixes", "keys", "values"]) d[list] = table[list].concat(places.others[list]);
	d.findings = findings(table.findings, d.statuses.indexOf(SUPPRESSED), d.statuses.indexOf("FAIL"));
	d.exceptions = table.exceptions.map(parsed);
	d.unread = table.unread.map(parsed);
	d.accountNames = new Map(summary.accounts.map(a => [a.id, a.name ?? ""]));
	d.services = [...new Set(d.checks.map(c => c.service))].sort();
	d.frameworks = frameworks(d.checks);
	d.size = d.findings.check.length;
	return d;
}

// complete gives every list that the summary may leave out.
function complete(s) {
	for (const name of ["accounts", "checks", "gaps", "exceptions"]) s[name] ??= [];
	for (const a of s.accounts) a.regions ??= [];
	for (const c of s.checks) c.refs ??= [];
	for (const g of s.gaps) g.checks ??= [];
}

const parsed = text => text && JSON.parse(text);

// resources are those that findings are about, and after them the others.
function resources(table, others) {
	const both = key => table.resources[key].concat(others.resources[key]);
	const r = {judged: table.resources.tail.length, tail: both("tail"), name: both("name")};
	for (const key of ["account", "region", "type", "prefix", "tags"]) r[key] = Uint32Array.from(both(key));
	r.size = r.tail.length;
	r.tagStart = new Uint32Array(r.size + 1); // of a resource's tags among all
	both("tagged").forEach((n, i) => r.tagStart[i + 1] = r.tagStart[i] + n);
	r.seen = new Float64Array(r.size);
	for (const [from, part] of [[0, table], [r.judged, others]]) {
		let now = 0;
		part.resources.seen.forEach((s, i) => r.seen[from + i] = now += s);
	}
	return r;
}

function findings(f, suppressed, fail) {
	const n = f.check.length;
	const out = {resource: new Uint32Array(n), message: new Uint32Array(n)};
	for (const key of ["check", "unread", "exception"]) out[key] = Uint32Array.from(f[key]);
	for (const key of ["status", "severity", "diff"]) out[key] = Uint8Array.from(f[key]);
	let resource = 0, messages = 0;
	for (let i = 0; i < n; i++) {
		out.resource[i] = resource += f.resource[i];
		out.message[i] = f.message[i] === 0 ? ++messages : f.message[i] - 1;
		if (out.exception[i] && out.status[i] === fail) out.status[i] = suppressed;
	}
	return out;
}

// frameworks maps a name to its controls, and those to the checks that answer for them.
function frameworks(checks) {
	const out = new Map();
	checks.forEach((c, i) => c.refs.forEach(ref => {
		const at = ref.indexOf(":"), name = ref.slice(0, at), control = ref.slice(at + 1);
		if (!out.has(name)) out.set(name, new Map());
		const controls = out.get(name);
		if (!controls.has(control)) controls.set(control, []);
		controls.get(control).push(i);
	}));
	return new Map([...out].sort((a, b) => a[0] < b[0] ? -1 : 1));
}

// Resource answers for the one of that number.
const resource = {
	arn: i => D.prefixes[D.resources.prefix[i]] + D.resources.tail[i],
	name: i => D.resources.name[i] === 0 ? D.resources.tail[i] : D.resources.name[i] || D.resources.tail[i] || resource.arn(i),
	account: i => D.accounts[D.resources.account[i]],
	region: i => D.regions[D.resources.region[i]],
	type: i => D.types[D.resources.type[i]],
	tags(i) {
		const {tags, tagStart} = D.resources, out = [];
		for (let n = tagStart[i]; n < tagStart[i + 1]; n++) out.push([D.keys[tags[2 * n]], D.values[tags[2 * n + 1]]]);
		return out;
	},
	href: i => href(["resource", resource.account(i), resource.region(i), resource.type(i), resource.arn(i) || resource.name(i)]),
};

// lookup finds the number of a resource by ARN, or by the last part of it within an
// account and region; -1 if there is none.
const lookup = {
	maps: null,
	build() {
		const arns = new Map(), ids = new Map();
		for (let i = 0; i < D.resources.size; i++) {
			const arn = resource.arn(i), tail = D.resources.tail[i];
			if (arn) (arns.get(arn) ?? arns.set(arn, []).get(arn)).push(i);
			if (/^[a-z]{1,9}-[0-9a-f]{6,17}$/.test(tail)) ids.set(tail + " " + D.resources.account[i] + " " + D.resources.region[i], i);
		}
		lookup.maps = {arns, ids};
	},
	arn(arn, account, region, type) {
		if (!lookup.maps) lookup.build();
		const found = lookup.maps.arns.get(arn) ?? [];
		const fits = found.filter(i => (account == null || resource.account(i) === account) && (region == null || resource.region(i) === region) && (type == null || resource.type(i) === type));
		return fits[0] ?? found[0] ?? -1;
	},
	id(id, near) {
		if (!lookup.maps) lookup.build();
		return lookup.maps.ids.get(id + " " + D.resources.account[near] + " " + D.resources.region[near]) ?? -1;
	},
};

// evidence and record read what is known of one resource.
async function evidence(i) {
	let block = 0;
	while (block < D.evidenceStarts.length && D.evidenceStarts[block] <= i) block++;
	return block ? (await unpack("evidence-" + block))[i] ?? {} : {};
}

async function record(i) {
	const block = D.places.place[i];
	return block ? (await unpack("record-" + block))[i] : null;
}

let surfaceRead;
const surface = () => surfaceRead ??= unpackOnce("surface").then(all => {
	for (const x of all) { x.what ??= []; x.chain ??= []; }
	return all;
});

let D; // the data, once it is loaded
