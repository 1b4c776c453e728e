// A filter is what the hash says: {status: ["FAIL"], text: "…"}; a property that is not
// there lets all pass. Values of one property are ORed, properties ANDed.

const PROPERTIES = ["severity", "status", "service", "check", "account", "region", "type", "framework", "tag", "diff"];

// values names what a property may be, in the order of its numbers.
function values(property) {
	switch (property) {
	case "severity": return SEVERITIES;
	case "status": return D.statuses;
	case "service": return D.services;
	case "check": return D.checkIDs ??= D.checks.map(c => c.id);
	case "account": return D.accounts;
	case "region": return D.regions;
	case "type": return D.types;
	case "framework": return D.frameworkNames ??= [...D.frameworks.keys()];
	case "tag": return tags().names;
	case "diff": return D.diffs;
	}
}

// tags numbers every pair of a key and a value that judged resources have: "env=prod".
// of holds those numbers, in the order of the resources' tags.
function tags() {
	if (D.tagIndex) return D.tagIndex;
	const {tags: pairs, tagStart, judged} = D.resources;
	const no = new Map(), names = [], of = new Uint32Array(tagStart[judged]);
	for (let n = 0; n < of.length; n++) {
		const [key, value] = [pairs[2 * n], pairs[2 * n + 1]], pair = key * D.values.length + value;
		let at = no.get(pair);
		if (at === undefined) {
			no.set(pair, at = names.length);
			names.push(D.keys[key] + "=" + D.values[value]);
		}
		of[n] = at;
	}
	return D.tagIndex = {names, of};
}

// markTagged marks the resources that have one of the marked tags.
function markTagged(resources, marks) {
	const {tagStart, judged} = D.resources, {of} = tags();
	for (let i = 0; i < judged; i++) for (let n = tagStart[i]; n < tagStart[i + 1]; n++) resources[i] |= marks[of[n]];
	return resources;
}

// columnsOf gives a property's number for a finding; the two that may have several are
// worked out per check and per resource.
function single() {
	if (D.single) return D.single;
	const f = D.findings, r = D.resources, services = D.checks.map(c => D.services.indexOf(c.service));
	return D.single = {
		severity: i => f.severity[i], status: i => f.status[i], diff: i => f.diff[i], check: i => f.check[i],
		service: i => services[f.check[i]],
		account: i => r.account[f.resource[i]], region: i => r.region[f.resource[i]], type: i => r.type[f.resource[i]],
	};
}

// allowed marks the wanted numbers of a property.
function allowed(property, wanted) {
	const marks = new Uint8Array(values(property).length);
	const numbers = new Map(values(property).map((v, i) => [v, i]));
	for (const w of wanted) if (numbers.has(w)) marks[numbers.get(w)] = 1;
	return marks;
}

// tests makes a function per property that is asked for: a finding's number → 0 or 1.
function tests(filter) {
	const f = D.findings, out = [];
	for (const property of PROPERTIES) {
		if (!filter[property]?.length) continue;
		const marks = allowed(property, filter[property]);
		let test;
		if (property === "framework") {
			const checks = Uint8Array.from(D.checks, c => c.refs.some(ref => filter.framework.includes(ref.slice(0, ref.indexOf(":")))) ? 1 : 0);
			test = i => checks[f.check[i]];
		} else if (property === "tag") {
			const fit = markTagged(new Uint8Array(D.resources.judged), marks);
			test = i => fit[f.resource[i]];
		} else {
			const number = single()[property];
			test = i => marks[number(i)];
		}
		out.push({property, test});
	}
	for (const word of words(filter.text)) out.push({property: "text", test: contains(word)});
	return out;
}

// count is how many findings a filter lets pass.
function count(filter) {
	const all = tests(filter);
	if (!all.length) return D.size;
	let n = 0;
	for (let i = 0; i < D.size; i++) if (all.every(t => t.test(i))) n++;
	return n;
}

const words = text => (text?.[0] ?? "").toLowerCase().split(/\s+/).filter(Boolean);

// haystack is what a search looks through, in lower case: lists of texts, each as one.
function haystack() {
	return D.haystack ??= {
		checks: stack(D.checks, c => c.id + "\n" + c.title + "\n" + c.refs.join("\n")),
		messages: stack(D.messages, m => m),
		resources: stack(D.resources.tail.slice(0, D.resources.judged), (_, i) => resource.name(i) + "\n" + resource.arn(i) + "\n" + resource.type(i)),
		accounts: stack(D.accounts, a => a + "\n" + (D.accountNames.get(a) ?? "")),
		tags: stack(tags().names, t => t),
	};
}

// stack joins the texts of a list; starts holds where each begins, and where the last
// ends. One long text is searched in far less time and memory than thousands of short ones.
function stack(list, text) {
	const starts = new Uint32Array(list.length + 1), parts = [];
	list.forEach((x, i) => {
		const part = text(x, i).toLowerCase() + "\n"; // a word never has it
		starts[i + 1] = starts[i] + part.length;
		parts.push(part);
	});
	return {all: parts.join(""), starts};
}

// holding marks the texts of a stack that hold a word.
function holding({all, starts}, word) {
	const marks = new Uint8Array(starts.length - 1);
	for (let i = 0, at = all.indexOf(word); at >= 0; at = all.indexOf(word, starts[i])) {
		while (starts[i + 1] <= at) i++;
		marks[i++] = 1;
	}
	return marks;
}

// contains looks for a word in check, resource, tags, message and account.
function contains(word) {
	const f = D.findings, r = D.resources, all = haystack();
	const checks = holding(all.checks, word), messages = holding(all.messages, word), accounts = holding(all.accounts, word);
	const found = markTagged(holding(all.resources, word), holding(all.tags, word));
	return i => found[f.resource[i]] | checks[f.check[i]] | messages[f.message[i]] | accounts[r.account[f.resource[i]]];
}

// orders are the ways to sort; each holds the numbers of all findings, made at first use.
const orders = {
	__proto__: null,
	severity: () => sorted(i => ((9 - D.findings.severity[i]) * 9 + rankOf(D.findings.status[i])) * D.checks.length + D.findings.check[i]),
	status: () => sorted(i => (rankOf(D.findings.status[i]) * 9 + (9 - D.findings.severity[i])) * D.checks.length + D.findings.check[i]),
	finding: () => { const rank = ranks(D.checks.map(c => c.title)); return sorted(i => rank[D.findings.check[i]]); },
	resource: () => { const rank = ranks(D.resources.tail.map((_, i) => resource.name(i))); return sorted(i => rank[D.findings.resource[i]]); },
	account: () => { const rank = ranks(D.accounts); return sorted(i => rank[D.resources.account[D.findings.resource[i]]]); },
	region: () => { const rank = ranks(D.regions); return sorted(i => rank[D.resources.region[D.findings.resource[i]]]); },
};

// rankOf puts what is suppressed behind what has to be looked at.
const rankOf = status => ["FAIL", "UNKNOWN", "MANUAL", SUPPRESSED, "PASS", "NOT_APPLICABLE"].indexOf(D.statuses[status]);

// ranks numbers texts by their order. Sorting without a function of one's own is quick.
function ranks(list) {
	const rank = new Map([...new Set(list)].sort().map((text, i) => [text, i]));
	return Uint32Array.from(list, text => rank.get(text));
}

// sorted numbers the findings by a key; equals stay in the order of the file. Sorting
// plain numbers that hold key and index is many times faster than comparing by function.
function sorted(key) {
	const n = D.size, packed = new Float64Array(n);
	for (let i = 0; i < n; i++) packed[i] = key(i) * n + i;
	packed.sort();
	return Uint32Array.from(packed, p => p % n);
}

const orderCache = new Map();
function orderBy(name) {
	if (!orders[name]) name = "severity";
	if (!orderCache.has(name)) orderCache.set(name, orders[name]());
	return orderCache.get(name);
}

// select applies a filter: the rows that pass, in order, and for every property how many
// there would be of each value if the property itself were left out. The rows hold until
// the next call: a page shows one list, and a buffer for each would be much to throw away.
function select(filter) {
	const all = tests(filter), f = D.findings, n = D.size, numbers = single();
	const order = orderBy(filter.sort?.[0]), back = filter.down?.[0] === "1";
	const counts = Object.fromEntries(PROPERTIES.map(p => [p, new Uint32Array(values(p).length)]));
	const ofCheck = new Uint32Array(D.checks.length), ofResource = new Uint32Array(D.resources.judged); // rows that pass
	const perCheck = {}, perResource = {}; // rows by check, by resource: those that pass, and those that one property keeps out
	const tally = (map, property, size, at) => (map[property] ??= new Uint32Array(size))[at]++;
	const rows = D.rows ??= new Uint32Array(n);
	let size = 0;
	for (let k = 0; k < n; k++) {
		const i = order[back ? n - 1 - k : k];
		let missed = 0, by = "";
		for (let t = 0; t < all.length && missed < 2; t++) if (!all[t].test(i)) { missed++; by = all[t].property; }
		if (missed > 1) continue;
		if (missed === 0) {
			rows[size++] = i;
			counts.severity[f.severity[i]]++;
			counts.status[f.status[i]]++;
			counts.diff[f.diff[i]]++;
			ofCheck[f.check[i]]++;
			ofResource[f.resource[i]]++;
		} else if (by === "framework") tally(perCheck, by, D.checks.length, f.check[i]);
		else if (by === "tag") tally(perResource, by, D.resources.judged, f.resource[i]);
		else if (numbers[by]) counts[by][numbers[by](i)]++;
	}
	const services = D.checks.map(c => D.services.indexOf(c.service)), r = D.resources;
	ofCheck.forEach((c, check) => { counts.check[check] += c; counts.service[services[check]] += c; });
	ofResource.forEach((c, i) => { if (c) { counts.account[r.account[i]] += c; counts.region[r.region[i]] += c; counts.type[r.type[i]] += c; } });
	perCheck[""] = ofCheck;
	perResource[""] = ofResource;
	const frameworkNo = new Map(values("framework").map((v, i) => [v, i]));
	for (const part of Object.values(perCheck)) part.forEach((c, check) => {
		if (c) for (const name of new Set(D.checks[check].refs.map(ref => ref.slice(0, ref.indexOf(":"))))) counts.framework[frameworkNo.get(name)] += c;
	});
	const {of} = tags();
	for (const part of Object.values(perResource)) part.forEach((c, i) => {
		if (c) for (let n = r.tagStart[i]; n < r.tagStart[i + 1]; n++) counts.tag[of[n]] += c;
	});
	return {rows: rows.subarray(0, size), counts};
}

// The address: "#/findings?status=FAIL&status=UNKNOWN".
function href(path, filter = {}) {
	const query = new URLSearchParams();
	for (const [key, list] of Object.entries(filter)) for (const v of [list].flat()) if (v !== "" && v != null) query.append(key, v);
	const text = query.toString();
	return "#/" + [path].flat().map(encodeURIComponent).join("/") + (text && "?" + text);
}

function address(hash) {
	const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
	const filter = Object.create(null); // a name in the address is anybody's
	for (const [key, v] of new URLSearchParams(query)) (filter[key] ??= []).push(v);
	const parts = path.split("/").map(p => { try { return decodeURIComponent(p); } catch { return p; } });
	return {page: parts[0] || "overview", parts: parts.slice(1), filter};
}
