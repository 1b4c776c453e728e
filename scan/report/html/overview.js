// The overview: how bad it is, what to do first, and what is not known.

function overviewPage() {
	const s = D.summary, bySeverity = tallies("severity"), byCheck = tallies("check");
	return {element: h("div", null,
		heading(D.title, h("p.lead", null, lead()), cover()),
		banner(),
		changes(),
		tiles(bySeverity),
		h("div.columns", null,
			h("div.wide", null, firstThings(byCheck), byAccount(), h("section", null, h("h2", null, "Services"), serviceTable())),
			h("div.narrow", null, exposedPanel(), unreadPanel(), byFramework(byCheck))))};
}

// cover is what the first page on paper says besides: whose report it is, and of when.
function cover() {
	const s = D.summary, list = s.accounts.map(a => [accountName(a.id) + a.id, a.problem || (a.complete ? "complete" : "incomplete"), plural(a.resources, "resource"), joined(a.regions)]);
	return h("div.cover", null,
		h("dl.facts", null,
			h("dt", null, "Read"), h("dd", null, moment(s.at)),
			h("dt", null, "Made by"), h("dd", null, s.tool || "fob-scan", s.scan && [", scan ", h("code", null, s.scan)]),
			h("dt", null, "Outcome"), h("dd", null, s.complete ? "complete: everything that was selected could be read" : "incomplete: see what was not checked")),
		table([{name: "Account"}, {name: "Outcome"}, {name: "Read"}, {name: "Regions"}], list.slice(0, 12)),
		list.length > 12 && h("p.muted", null, `and ${plural(list.length - 12, "other account")}`));
}

function lead() {
	const s = D.summary, regions = new Set(s.accounts.flatMap(a => a.regions));
	return [plural(s.accounts.length, "account"), ", ", plural(regions.size, "region"), ", ", plural(sum(s.accounts.map(a => a.resources)), "resource"), ", ",
		plural(D.checks.length, "check"), ". Read ", moment(s.at), s.redacted && h("span.tag", null, "redacted")];
}

function banner() {
	const s = D.summary, missing = (s.expected ?? []).filter(id => !s.accounts.some(a => a.id === id));
	const broken = s.accounts.filter(a => a.problem);
	if (s.complete && !missing.length && !broken.length) return h("p.banner.good", null, h("strong", null, "Complete. "), "Everything that was selected could be read.");
	const unknown = sum(tallies("status").map(t => t.UNKNOWN));
	return h("div.banner.bad", {role: "note"},
		h("strong", null, "Incomplete. "), `${plural(unknown, "verdict is", "verdicts are")} unknown, because something that decides could not be read; no such thing is counted as passed. `,
		h("a", {href: href("gaps")}, "What was not read, and why"),
		missing.length > 0 && h("p", null, "No result for ", missing.slice(0, 20).join(", "), missing.length > 20 && ` and ${missing.length - 20} more`, "."),
		broken.map(a => h("p", null, account(a.id), ": ", a.problem)));
}

// changes sums up the comparison with an earlier scan.
function changes() {
	const n = tallies("diff").map(t => t.total), at = name => n[D.diffs.indexOf(name)];
	if (!["new", "fixed", "changed", "same", "unseen"].some(at)) return null;
	return h("p.changes", null, h("span.muted", null, "Since the earlier scan"), ["new", "fixed", "changed", "unseen"].map(name =>
		h("a", {href: href("findings", {diff: name}), title: DIFF_HINTS[name]}, h("span.diff.diff-" + name, null, name), h("b", null, number(at(name))))));
}

function tiles(bySeverity) {
	return h("div.tiles", null, [5, 4, 3, 2, 1].map(s => {
		const t = bySeverity[s], name = SEVERITIES[s], n = t.FAIL[s];
		return h("a.tile.of-" + name + (n ? "" : ".none"), {href: href("findings", {severity: name, status: "FAIL"})},
			badge(name), h("b", null, number(n)), h("span.muted", null, t.UNKNOWN ? `+ ${number(t.UNKNOWN)} unknown` : "failing"));
	}), totals());
}

function totals() {
	const all = tallies("status"), total = name => all[D.statuses.indexOf(name)].total;
	const row = name => h("a", {href: href("findings", {status: name})}, statusMark(name), h("b", null, number(total(name))));
	return h("div.tile.totals", null, ["PASS", "UNKNOWN", "SUPPRESSED"].map(row), total("MANUAL") > 0 && row("MANUAL"));
}

// firstThings lists the checks to mend first: the most severe, those that fail most.
function firstThings(byCheck) {
	const list = D.checks.map((check, i) => ({check, t: byCheck[i]})).filter(c => sum(c.t.FAIL)).sort((a, b) => worst(a.t, b.t)).slice(0, 8);
	return h("section", null, h("h2", null, "What to fix first"), list.length ? h("ol.first", null, list.map(({check, t}) => {
		const severity = SEVERITIES[t.FAIL.findLastIndex(n => n)];
		return h("li", null, badge(severity),
			h("div", null, h("a.title", {href: href(["check", check.id], {status: "FAIL"})}, check.title), h("p", null, check.why)),
			h("div.n.of-" + severity, null, h("b", null, number(sum(t.FAIL))), sum(t.FAIL) === 1 ? "failure" : "failures"));
	})) : empty("Nothing fails."));
}

function byAccount() {
	if (D.accounts.length < 2) return null;
	const t = tallies("account"), rows = D.accounts.map((id, i) => ({label: accountLink(id), key: id, t: t[i]})).sort((a, b) => worst(a.t, b.t));
	return h("section", null, h("h2", null, "Accounts"), tallyTable(null, "Account", rows.slice(0, 25), "account"), rows.length > 25 && h("p.muted", null, `The worst 25 of ${number(rows.length)}; the filter of accounts has all.`));
}

const MOST_LINED = 8; // lines of a panel

function exposedPanel() {
	const list = h("ul.plain");
	const section = h("section.panel", null, h("h2", null, h("a", {href: href("surface")}, "Attack surface")), list);
	surface().then(all => {
		const by = new Map();
		for (const x of all) by.set(x.service, (by.get(x.service) ?? 0) + 1);
		const services = [...by].sort((a, b) => b[1] - a[1]);
		fill(list, services.slice(0, MOST_LINED).map(([service, n]) => h("li", null, h("a", {href: href("surface", {service})}, service), h("b", null, number(n)))));
		if (services.length > MOST_LINED) section.append(h("p.muted", null, `and ${number(sum(services.slice(MOST_LINED).map(s => s[1])))} in ${plural(services.length - MOST_LINED, "other service")}`));
		if (!all.length) section.append(h("p.muted", null, D.summary.complete ? "Nothing that was read is reachable from outside." : "Nothing known to be reachable from outside."));
	});
	return section;
}

function unreadPanel() {
	const by = new Map();
	for (const g of D.summary.gaps) if (missed(g)) by.set(gapName(g), (by.get(gapName(g)) ?? 0) + g.count);
	if (!by.size) return null;
	const list = [...by].sort((a, b) => b[1] - a[1]);
	return h("section.panel", null, h("h2", null, h("a", {href: href("gaps")}, "Not checked")),
		h("ul.plain", null, list.slice(0, 6).map(([op, n]) => h("li", null, h("code", null, op), h("b", null, number(n))))),
		list.length > 6 && h("p.muted", null, `and ${plural(list.length - 6, "other")}`));
}

function byFramework(byCheck) {
	if (!D.frameworks.size) return null;
	return h("section.panel", null, h("h2", null, "Controls of frameworks"), h("ul.plain", null, [...D.frameworks].map(([name, controls]) => {
		const states = [...controls.values()].map(list => controlState(list, byCheck));
		const failing = states.filter(s => s === "FAIL").length;
		return h("li", null, h("a", {href: href(["framework", name])}, frameworkName(name)), h("span.muted", null, `${failing} of ${number(controls.size)} fail`));
	})));
}

// controlState is the worst that the checks of a control say.
function controlState(checks, byCheck) {
	const t = checks.map(i => byCheck[i]);
	if (t.some(t => sum(t.FAIL))) return "FAIL";
	for (const status of ["UNKNOWN", "MANUAL", SUPPRESSED, "PASS"]) if (t.some(t => t[status])) return status;
	return "NOT_APPLICABLE";
}
