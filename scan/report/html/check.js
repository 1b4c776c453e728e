// A check: why, how to mend it, and every resource that it judged.

function checkPage({parts: [id], filter}) {
	const i = D.checks.findIndex(c => c.id === id);
	if (i < 0) return {element: h("div", null, heading(id ?? "Check"), empty("This report has no such check."))};
	const check = D.checks[i], t = tallies("check")[i];
	const list = findingsList(["check", id], filter, {check: [id], service: [], framework: [], type: []});
	return {list, element: h("div", null,
		heading(check.title, h("p.lead", null, badge(check.severity), h("code", null, check.id), h("a", {href: href(["service", check.service])}, check.service), check.custom && h("span.tag", null, "custom rule"), h("span.muted", null, check.type.replaceAll("AWS::", "").replaceAll(";", ", ")))),
		h("div.columns.even", null,
			h("section.panel", null, h("h2", null, "Why it matters"), h("p", null, check.why || "–")),
			h("section.panel", null, h("h2", null, "How to fix it"), h("p", null, check.fix || "–"))),
		check.logic && h("section.panel", null, h("h2", null, "When it fails"), h("p", null, check.logic)),
		check.refs.length > 0 && h("p.refs", null, check.refs.map(reference)),
		gapsOf(check, t), list.element)};
}

// gapsOf says what the check's unknown verdicts hang on.
function gapsOf(check, t) {
	const gaps = D.summary.gaps.filter(g => g.checks.includes(check.id));
	if (!t.UNKNOWN || !gaps.length) return null;
	const by = new Map();
	for (const g of gaps) by.set(g.op + g.why + (g.by ?? "") + (g.code ?? ""), g);
	return h("div.banner.bad", null, h("strong", null, plural(t.UNKNOWN, "verdict is", "verdicts are"), " unknown: "), [...by.values()].slice(0, 5).map((g, i) => [i ? "; " : "", readError(g)]), by.size > 5 && " and others", ". ", h("a", {href: href("gaps", {check: check.id})}, "Details"));
}
