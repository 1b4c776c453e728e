// What was not checked, why, and what would allow it.

function gapsPage({filter}) {
	const s = D.summary, check = filter.check?.[0];
	const gaps = s.gaps.filter(g => missed(g) && (!check || g.checks.includes(check)));
	const list = reasons(gaps);
	return {element: h("div", null,
		heading("Not checked, and why", h("p.lead", null, check ? ["What ", h("code", null, check), " could not see. ", h("a", {href: href("gaps")}, "Everything")] : "What could not be read makes a verdict unknown. It is never counted as passed.")),
		!check && lost(s),
		list.length ? h("div.columns.remedies", null,
			h("div.wide", null, h("section", null, h("h2", null, plural(list.length, "reason")), more(list, gapCard, 50))),
			h("div.narrow.sticky", null, allowing(gaps))) : empty(check ? "Everything that this check asks for could be read." : "Everything that was selected could be read."),
		regions(s))};
}

// missed says whether a gap is something that is there.
const missed = g => g.why !== "disabled";

// reasons are gaps that differ in place alone, as one; what most hangs on first.
function reasons(gaps) {
	const groups = new Map();
	for (const g of gaps) {
		const key = [g.op, g.action, g.why, g.by ?? "", g.code ?? ""].join("\n");
		if (!groups.has(key)) groups.set(key, {...g, count: 0, checks: new Set(), places: []});
		const group = groups.get(key);
		group.count += g.count;
		group.places.push([g.account, g.region]);
		g.checks.forEach(c => group.checks.add(c));
	}
	return [...groups.values()].sort((a, b) => b.count - a.count);
}

// gapName is the call, or what else was missing.
const gapName = g => g.op === "scan" ? "this scan" : g.op || (g.why === "context" ? "other accounts" : WHY[g.why] ?? (g.why || "–"));

// lost names the accounts that were not read to their end.
function lost(s) {
	const broken = s.accounts.filter(a => a.problem), missing = (s.expected ?? []).filter(id => !s.accounts.some(a => a.id === id));
	if (!broken.length && !missing.length) return null;
	return h("section", null, h("h2", null, "Accounts"), table([{name: "Account"}, {name: "What happened"}], [...broken.map(a => [account(a.id), a.problem]), ...missing.map(id => [account(id), "expected, and there is no result"])]));
}

function gapCard(g) {
	const accounts = [...new Set(g.places.map(p => p[0]))], regions = [...new Set(g.places.map(p => p[1]))].sort();
	return h("article.gap", null,
		h("div.line1", null, h("code.op", null, gapName(g)), h("span.tag.why-" + g.why, null, WHY[g.why] ?? g.why), h("span.at", null, plural(g.count, "unknown verdict"))),
		h("p", null, remedy(g)),
		h("dl.facts", null,
			g.action && g.action !== g.op && [h("dt", null, "IAM action"), h("dd", null, h("code", null, g.action))],
			g.by && [h("dt", null, "Refused by"), h("dd", null, BY[g.by] ?? g.by)],
			g.code && [h("dt", null, "Code"), h("dd", null, h("code", null, g.code))],
			h("dt", null, plural(accounts.length, "account")), h("dd", null, accounts.slice(0, 8).map((a, i) => [i ? ", " : "", account(a)]), accounts.length > 8 && ` and ${accounts.length - 8} more`),
			h("dt", null, plural(regions.length, "region")), h("dd", null, joined(regions.slice(0, 24)), regions.length > 24 && ` and ${regions.length - 24} more`),
			h("dt", null, plural(g.checks.size, "check")), h("dd", null, [...g.checks].sort().map((c, i) => [i ? ", " : "", h("a", {href: href(["check", c], {status: "UNKNOWN"})}, c)]))));
}

// A scan that came to its end cannot be resumed.
const AGAIN = "fob scan --update --services NAME -p PROFILE reads one service anew and keeps the rest.";

// remedy says what helps.
function remedy(g) {
	switch (g.why) {
	case "denied": return {scp: "An organization's policy refuses the call: no statement in the account helps, the SCP has to leave out the role of the audit.", boundary: "The permissions boundary of the scanning identity has to allow the action, too.", session: "The session's policy leaves the action out: start the scan with a wider one.", resource: "The resource's own policy refuses: it has to let the scanning identity read.", identity: "A policy of the scanning identity denies the action, or none allows it.", __proto__: null}[g.by] ?? "The scanning identity needs a policy that allows the action; AWS does not say which policy refuses it.";
	case "throttled": return "AWS asked to slow down until the tries ran out. Scan again with a lower --max-rate; " + AGAIN;
	case "failed": case "blocked": if (/-endpoint$/.test(g.code ?? "")) return "The settings of the profile or the environment (use_fips_endpoint, use_dualstack_endpoint, endpoint_url) ask for an endpoint that is not there, and no other is called in its place.";
		return "The call brought no usable answer. Scan again; " + AGAIN;
	case "budget": return "The limit of --max-calls was reached. Scan again with a higher one, or without.";
	case "cancelled": return "The scan was stopped before. Go on with fob scan --resume.";
	case "context": return "This account cannot see what decides. Scan the whole organization (--org), or name trusted accounts in the configuration.";
	case "notplanned": return "It was not asked for: this scan was of other accounts, regions, services or checks, or its snapshot is older than the check. Scan again without that limit.";
	case "disabled": return "The region is not enabled for the account: there is nothing to read.";
	case "internal": return "A fault of fob-scan itself. Please report it.";
	}
	return "";
}

// allowing is what would let the scan read what was denied: a policy for the identity,
// and a condition where an organization's policy denies, which no other can mend.
function allowing(gaps) {
	const denied = fits => [...new Set(gaps.filter(g => g.why === "denied" && g.action && fits(g.by ?? "")).map(g => g.action))].sort();
	const own = denied(by => !["scp", "resource"].includes(by)), scp = denied(by => by === "scp");
	return [
		own.length > 0 && written("The policy that would allow it", `For the identity that scans: ${plural(own.length, "action")}, all of which only read configuration.`,
			{Version: "2012-10-17", Statement: [{Sid: "FobScanMissing", Effect: "Allow", Action: own, Resource: "*"}]}),
		scp.length > 0 && written("What the SCP has to leave out", `No policy in the account allows what an organization's policy denies. A condition at the statement that denies ${scp.join(", ")} leaves the role of the audit out; put its name in.`,
			{Condition: {ArnNotLike: {"aws:PrincipalArn": "arn:*:iam::*:role/NAME"}}}),
	];
}

function written(title, what, json) {
	const text = JSON.stringify(json, null, 2);
	return h("section", null, h("div.titled", null, h("h2", null, title), copyButton(text)), h("p", null, what), h("pre.policy", {tabindex: "0", role: "region", "aria-label": title}, text));
}

function regions(s) {
	const rows = s.accounts.filter(a => a.disabled?.length || a.excluded?.length || a.blocked?.length), guessed = s.accounts.filter(a => a.guessed);
	if (!rows.length && !guessed.length) return null;
	const names = list => list?.length ? joined(list) : "–";
	return h("section", null, h("h2", null, "Regions that were left out"),
		guessed.map(a => h("p", null, account(a.id), ` does not let its regions be listed: those known on ${a.guessed.slice(0, 10)} were tried, and newer ones are not checked. Allow ec2:DescribeRegions, or name the regions with --regions.`)),
		rows.length > 0 && table([{name: "Account"}, {name: "Gave no answer"}, {name: "Excluded on demand"}, {name: "Not enabled"}], rows.map(a => [account(a.id), names(a.blocked), names(a.excluded), names(a.disabled)])));
}
