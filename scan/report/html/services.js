// The services, one by one, and the frameworks' controls.

function serviceTable() {
	const t = tallies("service"), rows = D.services.map((name, i) => ({label: h("a", {href: href(["service", name])}, name), key: name, t: t[i]})).sort((a, b) => worst(a.t, b.t));
	return tallyTable(null, "Service", rows, "service");
}

function servicesPage() {
	return {element: h("div", null, heading("Services"), serviceTable())};
}

function servicePage({parts: [name]}) {
	const byCheck = tallies("check"), t = tallies("service")[D.services.indexOf(name)];
	if (!t) return {element: h("div", null, heading(name ?? "Service"), empty("No check is about this service."))};
	const checks = D.checks.map((check, i) => ({check, t: byCheck[i]})).filter(c => c.check.service === name);
	return {element: h("div", null, heading(name, h("p.lead", null, plural(checks.length, "check"), ", ", plural(t.total, "finding"))), tilesOf(t, {service: name}),
		h("section", null, h("h2", null, "Checks"), checkTable(checks)),
		h("section", null, h("h2", null, "Most affected resources"), affected(i => D.checks[D.findings.check[i]].service === name)))};
}

function tilesOf(t, filter) {
	return h("div.tiles.small", null, [5, 4, 3, 2, 1].map(s => h("a.tile.of-" + SEVERITIES[s] + (t.FAIL[s] ? "" : ".none"), {href: href("findings", {...filter, severity: SEVERITIES[s], status: "FAIL"})},
		badge(SEVERITIES[s]), h("b", null, number(t.FAIL[s])))),
	["UNKNOWN", "SUPPRESSED", "PASS"].map(s => h("a.tile" + (t[s] ? "" : ".none"), {href: href("findings", {...filter, status: s})}, statusMark(s), h("b", null, number(t[s])))));
}

function checkTable(checks) {
	const order = [...checks].sort((a, b) => worst(a.t, b.t) || b.check.severity.length - a.check.severity.length);
	return table([{name: "Severity"}, {name: "Check"}, {name: "fail", number: true}, {name: "unknown", number: true}, {name: "suppressed", number: true}, {name: "pass", number: true}, {name: "share"}],
		order.map(({check, t}) => [badge(check.severity),
			[h("a.title", {href: href(["check", check.id])}, check.title), h("span.under", null, check.id)],
			...[sum(t.FAIL), t.UNKNOWN, t.SUPPRESSED, t.PASS].map((n, i) => n ? h("a.count", {href: href(["check", check.id], {status: ["FAIL", "UNKNOWN", "SUPPRESSED", "PASS"][i]})}, number(n)) : h("span.zero", null, "0")),
			bar(t)]), {kind: "checks.figures"});
}

// affected lists the resources that fail most among some findings.
function affected(among) {
	const f = D.findings, fail = D.statuses.indexOf("FAIL"), of = new Map();
	for (let i = 0; i < D.size; i++) {
		if (f.status[i] !== fail || !among(i)) continue;
		const r = f.resource[i];
		if (!of.has(r)) of.set(r, {r, FAIL: [0, 0, 0, 0, 0, 0], UNKNOWN: 0});
		of.get(r).FAIL[f.severity[i]]++;
	}
	const list = [...of.values()].sort(worst).slice(0, 15);
	if (!list.length) return empty("None fails.");
	return table([{name: "Worst"}, {name: "Resource"}, {name: "Type"}, {name: "Account"}, {name: "Region"}, {name: "failures", number: true}], list.map(({r, FAIL}) => [
		badge(SEVERITIES[FAIL.findLastIndex(n => n)]), h("a", {href: resource.href(r), title: resource.arn(r)}, h("bdi", null, resource.name(r))),
		resource.type(r).replace(/^AWS::/, ""), account(resource.account(r)), resource.region(r), number(sum(FAIL))]));
}

const failures = (n, to) => n ? h("a.count", {href: to}, number(n)) : h("span.zero", null, "0");

function frameworkPage({parts: [name]}) {
	const controls = D.frameworks.get(name), byCheck = tallies("check");
	if (!controls) return {element: h("div", null, heading(name ?? "Framework"), empty("No check refers to this framework."))};
	const rows = [...controls].sort((a, b) => a[0].localeCompare(b[0], "en", {numeric: true}));
	return {element: h("div", null, heading(frameworkName(name), h("p.lead", null, plural(rows.length, "control"), " that checks of this scan answer for. The titles are fob's own. ", h("a", {href: href("findings", {framework: name, status: "FAIL"})}, "All failures"))),
		table([{name: "Control"}, {name: "State"}, {name: "Checks"}, {name: "fail", number: true}], rows.map(([control, checks]) => [
			h("code", null, control), statusMark(controlState(checks, byCheck)),
			checks.map(i => h("div", null, h("a", {href: href(["check", D.checks[i].id])}, D.checks[i].title))),
			failures(sum(checks.map(i => sum(byCheck[i].FAIL))), checks.length === 1 ? href(["check", D.checks[checks[0]].id], {status: "FAIL"}) : href("findings", {check: checks.map(i => D.checks[i].id), status: "FAIL"}))]), {kind: "bycontrol.figures"}))};
}
