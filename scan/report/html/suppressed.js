// What is suppressed, by whom, and until when.

const STATES = {__proto__: null, expired: "Expired: it suppresses nothing any more", expiring: "Expires within 14 days", unused: "Fits no failure", used: "In force"};

function suppressedPage({filter}) {
	const all = D.summary.exceptions, order = Object.keys(STATES);
	const rows = [...all].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.count - a.count);
	const list = findingsList("suppressed", filter, {status: [SUPPRESSED]}, "No finding is suppressed.");
	const anything = count({status: [SUPPRESSED]}) > 0;
	return {list: anything ? list : null, element: h("div", null,
		heading("Suppressed", h("p.lead", null, "Exceptions mend nothing: what they cover still fails, and is listed here.")),
		h("section", null, h("h2", null, plural(all.length, "exception")), all.length ? table([{name: "State"}, {name: "Reason"}, {name: "Owner"}, {name: "Expires"}, {name: "findings", number: true}, {name: "Where"}],
			rows.map(x => [h("span.state.state-" + x.state, {title: STATES[x.state]}, x.state), x.reason, x.owner ?? "–", x.expires || "never", number(x.count), h("code", null, x.name)])) : empty("No exceptions were given.")),
		h("section", null, h("h2", null, "Suppressed findings"), anything ? list.element : empty("No finding is suppressed.")))};
}
