// The attack surface: what is reachable from outside, and the chain that makes it so.

function surfacePage({filter}) {
	const box = h("div", null, h("p.muted", null, "Reading …"));
	surface().then(all => box.replaceChildren(surfaceView(all, filter)));
	return {element: h("div", null, heading("Attack surface", h("p.lead", null, "What can be reached from outside the accounts, by whom, and the chain that makes it so.")), box), search: () => document.getElementById("search")?.focus()};
}

function surfaceView(all, filter) {
	if (!all.length) return h("div.empty", null, D.summary.complete ? "Nothing that was read is reachable from outside." : "Nothing that could be read is reachable from outside. The audit is incomplete, so there may be more.");
	const state = {...filter}, results = h("div"), found = h("p.found", {role: "status"});
	const input = h("input", {type: "search", id: "search", placeholder: "Search addresses, names, ARNs …", "aria-label": "Search the attack surface", value: state.text?.[0] ?? "", input: () => { state.text = input.value ? [input.value] : []; draw(); }});
	const choice = (name, title, options) => h("select", {"aria-label": title, change: e => { state[name] = e.target.value ? [e.target.value] : []; draw(); }},
		h("option", {value: ""}, title), options.map(([o, n]) => h("option", {value: o, selected: state[name]?.[0] === o}, `${o} (${number(n)})`)));
	const of = key => [...all.reduce((by, x) => by.set(key(x), (by.get(key(x)) ?? 0) + 1), new Map())].sort();
	const accounts = of(x => x.account.id);
	function draw() {
		history.replaceState(null, "", href("surface", state));
		const needle = words(state.text);
		const list = all.filter(x => fits(x, state) && needle.every(w => text(x).includes(w)));
		found.textContent = list.length ? (list.length < all.length ? number(list.length) + " of " : "") + plural(all.length, "way in", "ways in") + (list.some(unsure) ? `, ${number(list.filter(unsure).length)} of them not known for sure` : "") : "";
		if (!list.length) return results.replaceChildren(h("div.empty", null, `None of ${plural(all.length, "way in", "ways in")} fits these filters. `, h("button.small", {type: "button", click: () => { location.hash = href("surface"); }}, "Clear the filters")));
		const services = [...new Set(list.map(x => x.service))];
		results.replaceChildren(...services.map(s => { const part = list.filter(x => x.service === s); return h("section", null, h("h2", null, s, h("span.n", null, number(part.length))), more(part, exposureCard, 50)); }));
	}
	const text = x => x.haystack ??= [x.where, x.who, x.resource.arn, x.resource.name, x.account.id, x.account.name, x.region, ...x.what, ...x.chain.map(s => s.arn + " " + s.says)].join("\n").toLowerCase();
	const view = h("div", null, h("div.filters", {role: "search"}, h("div.controls", null, input, choice("service", "Every service", of(x => x.service)), choice("who", "Whoever reaches it", of(x => x.who)), accounts.length > 1 && choice("account", "Every account", accounts), all.some(unsure) && choice("sure", "Sure or not", of(x => unsure(x) ? "not sure" : "sure")))), found, results);
	draw();
	return view;
}

// placeName is what somebody outside would use; of an ARN the end, as the whole stands
// in the chain.
const placeName = x => x.where.startsWith("arn:") && x.chain.some(step => step.arn === x.where) ? x.where.split(":").slice(5).join(":") || x.where : x.where || x.resource.name;

// links are the steps, what is said of one resource as one.
function links(chain) {
	const out = [];
	for (const {arn, type, says} of chain) {
		const before = out.at(-1);
		if (before && before.arn === arn && before.type === type) before.says.push(says);
		else out.push({arn, type, says: [says]});
	}
	return out;
}

const unsure = x => x.unread?.length > 0;

const fits = (x, s) => (!s.service?.length || s.service.includes(x.service)) && (!s.who?.length || s.who.includes(x.who)) && (!s.account?.length || s.account.includes(x.account.id)) && (!s.sure?.length || s.sure[0] === (unsure(x) ? "not sure" : "sure"));

function exposureCard(x) {
	return h("article.exposure" + (unsure(x) ? ".unsure" : ""), null,
		h("div.line1", null, h("span.who", null, x.who), h("span.to", {"aria-label": "reaches"}, "→"), h("bdi.where", {title: x.where}, placeName(x)), x.what.map(w => h("span.tag", null, w)),
			h("span.at", null, accountName(x.account.id), x.account.id, " · ", x.region)),
		h("ol.chain", null, links(x.chain).map(step => h("li", null, h("span.type", null, step.type.replace(/^AWS::/, "")), linkResource(step.arn, x.account.id), h("span.says", null, step.says.map(s => h("bdi", null, s)))))),
		unsure(x) && h("p.unread", null, h("strong", null, "Not known for sure: "), x.unread.slice(0, 4).map((e, i) => [i ? "; " : "", readError(e)]), x.unread.length > 4 && ` and ${x.unread.length - 4} more`));
}
