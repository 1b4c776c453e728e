// The page of all findings, and the filters above every list of them.

const FILTER_NAMES = {__proto__: null, severity: "Severity", status: "Status", service: "Service", check: "Check", account: "Account", region: "Region", type: "Type", framework: "Framework", tag: "Tag", diff: "Change"};

function findingsPage({filter}) {
	const list = findingsList("findings", filter);
	return {element: h("div", null, heading("Findings"), list.element), list};
}

// filterBar is the search field, a menu per property, and the filters that are on.
function filterBar(state, fixed, change) {
	const input = h("input", {type: "search", id: "search", placeholder: "Search findings, resources, tags …", "aria-label": "Search findings", "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false", value: state.filter.text?.[0] ?? ""});
	let waiting;
	input.addEventListener("input", () => {
		clearTimeout(waiting);
		waiting = setTimeout(() => change({...state.filter, text: input.value ? [input.value] : []}), 120);
	});
	const menus = new Map();
	for (const property of PROPERTIES) {
		if (property in fixed || property === "diff" && D.findings.diff.every(d => !d) || property === "tag" && !values("tag").length || property === "account" && D.accounts.length < 2) continue;
		menus.set(property, menu(property, state, change));
	}
	const chips = h("div.chips");
	const clear = () => { input.value = ""; change({sort: state.filter.sort, down: state.filter.down}); input.focus({preventScroll: true}); };
	const element = h("div.filters", {role: "search"}, h("div.controls", null, input, [...menus.values()].map(m => m.element)), chips);
	function update(counts) {
		menus.forEach((m, property) => m.update(counts[property]));
		const on = [...menus.keys()].flatMap(p => (state.filter[p] ?? []).map(v => [p, v]));
		chips.replaceChildren(...on.map(([p, v]) => h("button.chip", {type: "button", "aria-label": `Remove the filter ${FILTER_NAMES[p]} ${label(p, v)}`, click: () => { change({...state.filter, [p]: state.filter[p].filter(x => x !== v)}); (chips.querySelector("button") ?? input).focus({preventScroll: true}); }},
			h("span.muted", null, FILTER_NAMES[p], " "), h("bdi", null, label(p, v)), h("span", {"aria-hidden": "true"}, " ×"))));
		if (on.length || state.filter.text?.length) chips.append(h("button.chip.clear", {type: "button", click: clear}, "Clear all"));
		chips.hidden = !chips.childElementCount;
	}
	return {element, update, clear, search: () => { input.focus(); input.select(); }};
}

// label writes a value of a property for reading.
function label(property, value) {
	switch (property) {
	case "status": return STATUS_NAMES[value] ?? value;
	case "framework": return frameworkName(value);
	case "account": return accountName(value) + value;
	case "type": return value.replace(/^AWS::/, "");
	case "diff": return value || "none";
	}
	return value;
}

const LONGEST_MENU = 200;

// menu lists the values of a property with the number of findings of each.
function menu(property, state, change) {
	const options = h("div.options");
	const narrow = h("input", {type: "search", placeholder: "Narrow …", "aria-label": "Narrow the list of " + FILTER_NAMES[property], autocomplete: "off", input: () => draw()});
	const title = h("summary", null, FILTER_NAMES[property]);
	const element = h("details.menu", {name: "filter", toggle: () => element.open && draw()}, title, h("div.popup", null, values(property).length > 12 && narrow, options));
	let counts = [];
	function draw() {
		if (!element.open) return;
		const wanted = state.filter[property] ?? [], part = narrow.value.toLowerCase();
		let list = values(property).map((value, i) => ({value, n: counts[i] ?? 0})).filter(o => (o.n || wanted.includes(o.value)) && (property !== "diff" || o.value) && label(property, o.value).toLowerCase().includes(part));
		if (!["severity", "status"].includes(property)) list.sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1));
		if (property === "severity") list.reverse();
		const rest = list.length - LONGEST_MENU;
		const focused = document.activeElement?.closest?.(".options") === options ? document.activeElement.value : null;
		options.replaceChildren(...list.slice(0, LONGEST_MENU).map(({value, n}) => h("label", null,
			h("input", {type: "checkbox", value, checked: wanted.includes(value), change: e => change({...state.filter, [property]: e.target.checked ? [...(state.filter[property] ?? []), value] : (state.filter[property] ?? []).filter(x => x !== value)})}),
			h("bdi", null, label(property, value)), h("span.n", null, number(n)))));
		if (rest > 0) options.append(h("p.muted", null, `${number(rest)} more: narrow the list`));
		if (!list.length) options.append(h("p.muted", null, "None."));
		if (focused != null) [...options.querySelectorAll("input")].find(e => e.value === focused)?.focus();
	}
	return {element, update(c) {
		counts = c;
		const n = state.filter[property]?.length ?? 0;
		title.replaceChildren(FILTER_NAMES[property], n ? h("span.n", null, n) : "");
		draw();
	}};
}
