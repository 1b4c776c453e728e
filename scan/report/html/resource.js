// A resource: all verdicts on it, and its record with what they rest on.

function resourcePage({parts: [accountID, region, type, arn], filter}) {
	const i = find(accountID, region, type, arn);
	if (i < 0) return {element: h("div", null, heading("Resource"), empty("This report has no such resource."), h("p.arn", null, arn))};
	const f = D.findings, verdicts = [];
	for (let k = 0; k < D.size; k++) if (f.resource[k] === i) verdicts.push(k);
	const order = orderOf(verdicts), tags = resource.tags(i);
	const proof = h("div", null, h("p.muted", null, "Reading …"));
	const page = h("div", null,
		heading(resource.name(i), h("p.lead", null, h("span", null, type.replace(/^AWS::/, "")), account(accountID), h("span", null, region))),
		h("p.arn", null, resource.arn(i), " ", resource.arn(i) && copyButton(resource.arn(i))),
		tags.length > 0 && h("ul.tags", {"aria-label": "Tags"}, tags.map(([k, v]) => h("li", null, h("a", {href: href("findings", {tag: k + "=" + v})}, h("bdi", null, k), h("span.muted", null, " = "), h("bdi", null, v))))),
		h("div.columns", null,
			h("section.wide", null, h("h2", null, order.length ? plural(order.length, "verdict") : "No check is about this resource"), h("div.verdicts")),
			h("section.narrow", null, h("h2", null, "Record"), proof)));
	Promise.all([evidence(i), record(i), surface()]).then(([evidence, rec, exposures]) => {
		fill(page.querySelector(".verdicts"), order.map(k => verdict(k, evidence[k] ?? [], i, filter.check?.includes(D.checks[f.check[k]].id))));
		proof.replaceChildren(...recordView(i, rec, order, evidence));
		const ways = exposures.filter(x => x.account.id === accountID && (x.resource.arn === arn || x.chain.some(step => step.arn === arn)));
		if (ways.length) page.querySelector(".columns").before(h("section", null, h("h2", null, "On the attack surface"), more(ways, exposureCard, 5)));
		page.querySelector(".verdict.named")?.scrollIntoView({block: "nearest"});
	});
	return {element: page};
}

function find(accountID, region, type, arn) {
	const i = lookup.arn(arn, accountID, region, type);
	if (i >= 0) return i;
	for (let k = 0; k < D.resources.size; k++) if (!resource.arn(k) && resource.name(k) === arn && resource.account(k) === accountID && resource.region(k) === region && resource.type(k) === type) return k;
	return -1;
}

const orderOf = list => [...list].sort((a, b) => rankOf(D.findings.status[a]) - rankOf(D.findings.status[b]) || D.findings.severity[b] - D.findings.severity[a] || a - b);

function verdict(k, evidence, i, named) {
	const f = D.findings, check = D.checks[f.check[k]], status = D.statuses[f.status[k]];
	const exception = D.exceptions[f.exception[k]], unread = D.unread[f.unread[k]] || [];
	const open = ["FAIL", "UNKNOWN", "MANUAL"].includes(status) || named;
	return h("article.verdict" + (named ? ".named" : "") + (open ? "" : ".quiet"), null,
		h("div.line1", null, statusMark(status), status !== "PASS" && status !== "NOT_APPLICABLE" && badge(SEVERITIES[f.severity[k]]), h("a.title", {href: href(["check", check.id])}, check.title), diffMark(D.diffs[f.diff[k]])),
		h("p", null, h("bdi", null, D.messages[f.message[k]])),
		unread.length > 0 && h("ul.unread", null, unread.map(e => h("li", null, readError(e), e.resource && [" for ", h("span.arn", null, e.resource)]))),
		exception && h("p.exception", null, h("strong", null, "Suppressed"), " ", excuseOf(exception)),
		evidence.length > 0 && (open ? evidenceList(evidence, i) : h("details", null, h("summary", null, "Evidence"), evidenceList(evidence, i))),
		open && status === "FAIL" && check.fix && h("p.fix", null, h("strong", null, "Fix "), check.fix));
}

// evidenceList shows places and what stands there; a place in another resource starts
// with its id.
function evidenceList(list, i) {
	return h("dl.evidence", null, list.map(({path, value}) => {
		const [, id] = /^([a-z]{1,9}-[0-9a-f]{6,17}):/.exec(path) ?? [], other = id ? lookup.id(id, i) : -1;
		return [h("dt", null, other >= 0 ? [h("a", {href: resource.href(other)}, id), path.slice(id.length)] : path), h("dd", null, value === undefined ? h("span.muted", null, "–") : value === null ? h("span.muted", null, "none") : value === "" ? h("span.muted", null, "empty") : short(value))];
	}));
}

function short(value) {
	const text = typeof value === "string" ? value : JSON.stringify(value, null, 1);
	return text.length < 160 ? h("code", null, text) : h("details", null, h("summary", null, h("code", null, text.slice(0, 120).replace(/\s+/g, " ") + " …")), h("pre", {tabindex: "0"}, text));
}

function recordView(i, rec, verdicts, evidence) {
	if (!rec) return [h("p.muted", null, !D.places.snapshot ? "No snapshot was at hand when this report was written." : !resource.arn(i) ? "What could not be listed has no record." :
		!D.places.cut ? "The snapshot has no record of it." : "The full record is left out of this file to keep it small; the snapshot has it. Verdicts and evidence are complete.")];
	const marks = new Map();
	for (const k of verdicts) {
		if (["PASS", "NOT_APPLICABLE"].includes(D.statuses[D.findings.status[k]])) continue;
		for (const e of evidence[k] ?? []) marks.set(e.path, D.checks[D.findings.check[k]].title);
	}
	return [h("p.muted", null, "As read ", moment(D.resources.seen[i] * 1000), rec.absent.length > 0 && `; AWS says there is no ${rec.absent.join(", ")}`),
		marks.size > 0 && h("p.legend", null, h("span.hit", null, "marked"), " is what a verdict rests on"), jsonView(rec.data, marks, i)].filter(Boolean);
}
