// A record as JSON, line by line, with the places marked that verdicts rest on.

const MOST_LINES = 3000;

// jsonView writes a value. marks maps a path ("Policy.Statement[0]") to what to say of
// it; strings that name a resource of the report are links, seen from resource near.
function jsonView(value, marks, near) {
	const lines = [];
	const hits = places(value, marks);
	const write = (text, indent, hit) => lines.push({text, indent, hit});
	(function visit(v, path, indent, before, after, hit) {
		const here = hits.get(path) ?? hit;
		const entries = v === null || typeof v !== "object" ? null : Array.isArray(v) ? v.map((x, i) => [null, x, `${path}[${i}]`]) : Object.entries(v).map(([k, x]) => [k, x, path ? path + "." + k : k]);
		if (!entries?.length) return write([before, entries ? (Array.isArray(v) ? "[]" : "{}") : scalar(v, near), after], indent, here);
		write([before, Array.isArray(v) ? "[" : "{"], indent, here);
		entries.forEach(([k, x, p], i) => visit(x, p, indent + 1, k === null ? null : [h("span.j-key", null, JSON.stringify(k)), ": "], i < entries.length - 1 ? "," : "", here));
		write([Array.isArray(v) ? "]" : "}", after], indent, here);
	})(value, "", 0, null, "", null);
	const make = (l, i) => h("div.line" + (l.hit ? ".hit" : ""), {vars: {indent: l.indent}, title: l.hit, id: l.hit && lines[i - 1]?.hit !== l.hit ? "evidence-" + i : null}, l.text);
	const shown = lines.slice(0, MOST_LINES).map(make), box = h("div.json", {tabindex: "0", role: "region", "aria-label": "Record"}, shown);
	if (lines.length > MOST_LINES) box.append(h("button", {type: "button", click: e => { e.target.remove(); fill(box, lines.slice(MOST_LINES).map((l, i) => make(l, i + MOST_LINES))); }}, `Show the other ${plural(lines.length - MOST_LINES, "line")}`));
	return box;
}

function scalar(v, near) {
	if (typeof v !== "string") return h("span.j-" + (v === null ? "null" : typeof v), null, String(v));
	const i = v.startsWith("arn:") ? lookup.arn(v, null, null) : /^[a-z]{1,9}-[0-9a-f]{6,17}$/.test(v) ? lookup.id(v, near) : -1;
	const text = JSON.stringify(v);
	return h("bdi.j-string", null, i >= 0 && i !== near ? h("a", {href: resource.href(i)}, text) : text);
}

// places finds each path in the value, or the part of it that is there.
function places(value, marks) {
	const out = new Map();
	for (const [path, text] of marks) {
		let at = "", node = value;
		for (const step of path.match(/\[\d+\]|[^.[\]]+/g) ?? []) {
			const key = step[0] === "[" ? Number(step.slice(1, -1)) : step;
			if (node === null || typeof node !== "object" || !Object.hasOwn(node, key)) break;
			node = node[key];
			at += step[0] === "[" ? step : at ? "." + step : step;
		}
		if (at) out.set(at, text);
	}
	return out;
}
