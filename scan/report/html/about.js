// What this report is about, and what it was made by.

function aboutPage() {
	const s = D.summary, kept = D.places.place.filter(Boolean).length;
	return {element: h("div", null, heading("About this report"),
		h("dl.facts.big", null,
			h("dt", null, "Made by"), h("dd", null, s.tool || "fob-scan"),
			h("dt", null, "Scan"), h("dd", null, h("code", null, s.scan || "–")),
			h("dt", null, "Read"), h("dd", null, moment(s.at), "; ages are counted up to then"),
			h("dt", null, "Outcome"), h("dd", null, s.complete ? "complete" : h("a", {href: href("gaps")}, "incomplete")),
			h("dt", null, "Calls to AWS"), h("dd", null, number(sum(s.accounts.map(a => a.calls)))),
			h("dt", null, "Findings"), h("dd", null, number(D.size), " by ", plural(D.checks.length, "check"), " on ", plural(D.resources.judged, "resource")),
			h("dt", null, "Records"), h("dd", null, !D.places.snapshot ? "none: no snapshot was at hand" : !D.places.cut ? "every one that was read, in full" : `${number(kept)} of ${plural(D.resources.size, "resource")}, those with the worst failures first. The others keep name, tags, verdicts and evidence, so that this file stays small; the snapshot has all.`),
			s.redacted && [h("dt", null, "Redacted"), h("dd", null, "Account ids and names are replaced by keyed hashes.")],
			s.warnings?.length > 0 && [h("dt", null, "Warnings"), h("dd", null, s.warnings.map(w => h("p", null, w)))]),
		h("section", null, h("h2", null, "Accounts"), table([{name: "Account"}, {name: "Partition"}, {name: "Read"}, {name: "Took", number: true}, {name: "calls", number: true}, {name: "resources", number: true}, {name: "Outcome"}, {name: "Regions read"}],
			s.accounts.map(a => [account(a.id), a.partition, moment(a.at), a.seconds ? a.seconds.toFixed(0) + " s" : "–", number(a.calls), number(a.resources), a.problem || (a.complete ? "complete" : "incomplete"), joined(a.regions)]))),
		regions(s),
		h("section", null, h("h2", null, "How to read it"), h("dl.facts.big", null,
			["FAIL", "UNKNOWN", "MANUAL", "PASS", "NOT_APPLICABLE", SUPPRESSED].map(st => [h("dt", null, statusMark(st)), h("dd", null, MEANING[st])]))),
		h("section", null, h("h2", null, "Keys"), h("dl.facts.big", null, [["/", "search"], ["j k ↓ ↑", "next and previous finding"], ["Enter", "open it"], ["Esc", "close a menu, leave the search"]].map(([k, what]) => [h("dt", null, h("kbd", null, k)), h("dd", null, what)]))))};
}

const MEANING = {
	FAIL: "It is wrong, and the evidence shows it.", UNKNOWN: "What decides could not be read: it may be right or wrong.", MANUAL: "No check answers it: a person has to look.",
	PASS: "It is right, and was read.", NOT_APPLICABLE: "The question makes no sense for this resource.", SUPPRESSED: "It is wrong, and an exception covers it.",
};
