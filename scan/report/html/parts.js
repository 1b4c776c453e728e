// Small parts that several pages share.

// A severity and a status are told apart by word and shape, not by colour alone.
const badge = severity => h("span.badge.sev-" + severity, null, severity);

const STATUS_NAMES = {__proto__: null, FAIL: "fail", UNKNOWN: "unknown", MANUAL: "manual", PASS: "pass", NOT_APPLICABLE: "n/a", SUPPRESSED: "suppressed"};
const statusMark = status => h("span.status.st-" + status.toLowerCase().replace("_", "-"), null, STATUS_NAMES[status]);

const DIFF_HINTS = {
	__proto__: null,
	new: "It fails, and did not before", fixed: "It failed before", changed: "It fails with another severity or message than before",
	same: "It fails as before", unseen: "It failed before, and could not be read this time: that is not fixed",
};
const diffMark = diff => diff && diff !== "same" && h("span.diff.diff-" + diff, {title: DIFF_HINTS[diff]}, diff);

// accountName writes an account for reading.
function accountName(id) {
	const name = D.accountNames.get(id);
	return name ? name + " " : "";
}
const account = id => h("span", null, accountName(id) && h("span", null, accountName(id)), h("span.id", null, id));

const accountLink = id => h("a", {href: href("findings", {account: id, status: "FAIL"})}, account(id));

// joined is a list whose names keep whole at the end of a line.
const joined = names => names.map((name, i) => [i ? ", " : "", h("span.whole", null, name)]);

// tallies count the findings of a property's values once: {fail: [by severity], ...}.
function tallies(property) {
	D.tallies ??= {};
	if (D.tallies[property]) return D.tallies[property];
	const number = single()[property], f = D.findings, statuses = D.statuses;
	const out = values(property).map(() => ({FAIL: [0, 0, 0, 0, 0, 0], total: 0, ...Object.fromEntries(statuses.slice(1).map(s => [s, 0]))}));
	for (let i = 0; i < D.size; i++) {
		const t = out[number(i)], status = statuses[f.status[i]];
		t.total++;
		if (status === "FAIL") t.FAIL[f.severity[i]]++;
		else t[status]++;
	}
	return D.tallies[property] = out;
}

const sum = list => list.reduce((a, b) => a + b, 0);

// worst orders by failures, the most severe first.
function worst(a, b) {
	for (let s = 5; s > 0; s--) if (a.FAIL[s] !== b.FAIL[s]) return b.FAIL[s] - a.FAIL[s];
	return b.UNKNOWN - a.UNKNOWN;
}

// bar shows how the findings divide.
function bar(t) {
	const parts = [5, 4, 3, 2, 1].map(s => [SEVERITIES[s], t.FAIL[s]]).concat([["unknown", t.UNKNOWN + t.MANUAL], ["suppressed", t.SUPPRESSED], ["pass", t.PASS]]).filter(p => p[1]);
	return h("div.bar", {role: "img", "aria-label": parts.map(([name, n]) => `${n} ${name}`).join(", ") || "nothing"},
		parts.map(([name, n]) => h("span.part-" + name, {vars: {n}, title: `${number(n)} ${name}`})));
}

// tallyTable lists services, accounts or the like, with their numbers.
function tallyTable(caption, name, rows, link) {
	return table([{name}, {name: "critical", number: true}, {name: "high", number: true}, {name: "medium", number: true}, {name: "low", number: true}, {name: "unknown", number: true}, {name: "share"}],
		rows.map(({label, t, key}) => [
			label,
			...[5, 4, 3, 2].map(s => t.FAIL[s] ? h("a.count.of-" + SEVERITIES[s], {href: href("findings", {[link]: key, status: "FAIL", severity: SEVERITIES[s]})}, number(t.FAIL[s])) : h("span.zero", null, "0")),
			t.UNKNOWN ? h("a.count", {href: href("findings", {[link]: key, status: "UNKNOWN"})}, number(t.UNKNOWN)) : h("span.zero", null, "0"),
			bar(t),
		]), {caption, kind: "tallies.figures"});
}

// reference writes "cis-3.0:2.1.1" as a person would.
const FRAMEWORK_NAMES = {__proto__: null, fsbp: "Security Hub FSBP", scoutsuite: "ScoutSuite"};
const frameworkName = name => FRAMEWORK_NAMES[name] ?? name.replace(/^cis-/, "CIS ");
function reference(ref) {
	const at = ref.indexOf(":");
	return h("a.ref", {href: href(["framework", ref.slice(0, at)])}, h("span", null, frameworkName(ref.slice(0, at))), " ", ref.slice(at + 1));
}

// excuseOf says why something is suppressed, by whom and until when.
const excuseOf = x => [x.reason, x.owner, x.expires && "until " + x.expires].filter(Boolean).join(" · ");

// readError says in words what was not read.
const WHY = {
	__proto__: null,
	denied: "denied", throttled: "throttled out", failed: "failed", blocked: "region did not answer", budget: "over the limit of calls",
	disabled: "region disabled", notplanned: "not asked for", context: "not visible from this account", cancelled: "scan stopped before", internal: "fault of fob-scan",
};
const BY = {__proto__: null, scp: "an organization's policy (SCP)", boundary: "the permissions boundary", identity: "the identity's own policies", resource: "the resource's policy", session: "the session's policy"};
const readError = e => [h("code", null, e.op || "–"), " ", WHY[e.why] ?? e.why, e.by && " by " + (BY[e.by] ?? e.by), e.code && h("span.muted", null, ` (${e.code})`)];

// heading starts a page.
function heading(title, ...under) {
	document.title = title + " · " + D.title;
	return h("header.heading", null, h("h1", {tabindex: "-1"}, title), under);
}

const empty = text => h("p.empty", null, text);

// linkResource links what may be one of the report's resources.
function linkResource(arn, accountID, region, type) {
	const i = arn ? lookup.arn(arn, accountID, region, type) : -1;
	return i < 0 ? h("span.arn", null, arn) : h("a.arn", {href: resource.href(i)}, arn);
}

// copyButton copies a text, where the browser allows it.
function copyButton(text) {
	const b = h("button.small.copy", {type: "button", "aria-live": "polite", click: async () => {
		let done = true;
		try { await navigator.clipboard.writeText(text); } catch { done = copyBySelection(text); }
		b.textContent = done ? "Copied" : "Select and copy";
		setTimeout(() => b.textContent = "Copy", 1500);
	}}, "Copy");
	return b;
}

// copyBySelection is for browsers that keep the clipboard from pages of the disk.
function copyBySelection(text) {
	const active = document.activeElement, area = h("textarea.offstage", {readonly: true, "aria-hidden": "true", tabindex: "-1"}, text);
	document.body.append(area);
	area.select();
	const done = document.execCommand("copy");
	area.remove();
	active?.focus();
	return done;
}
