// The list of findings: only the rows in view are in the page.

const NARROW = matchMedia("(max-width: 600px)");
const rowHeight = () => NARROW.matches ? 124 : 54; // of a row; style.css says the same
const TALLEST = 8_000_000; // browsers end somewhere above; beyond, scrolling is scaled

// findingsList shows the rows of a filter, and keeps the filter in the address. fixed
// are properties that the page itself sets; nothing is what to say when there is none.
function findingsList(page, filter, fixed = {}, nothing = "There are no findings.") {
	const state = {rows: new Uint32Array(0), active: -1, filter};
	const body = h("div.rows", {role: "rowgroup"});
	const head = h("div.rowhead", {role: "row", "aria-rowindex": 1});
	const grid = h("div.grid", {role: "table", "aria-label": "Findings"}, h("div", {role: "rowgroup"}, head), body);
	const found = h("p.found", {role: "status"});
	const bar = filterBar(state, fixed, change);
	const shown = new Map(); // row → element
	const all = count(fixed);
	const none = h("div.empty", null, nothing);
	const tools = h("button.small", {type: "button", id: "export", click: () => save(D.fileName + ".csv", csv(state.rows), "text/csv;charset=utf-8")}, "Export these rows as CSV");

	function change(next) {
		if (!element.isConnected) return; // a search that was typed just before the page was left
		state.filter = next;
		history.replaceState(null, "", href(page, next));
		apply();
	}
	function apply() {
		const {rows, counts} = select({...state.filter, ...fixed});
		Object.assign(state, {rows, counts, active: Math.min(state.active, rows.length - 1)});
		grid.setAttribute("aria-rowcount", rows.length + 1);
		const seen = new Uint8Array(D.resources.judged);
		for (let k = 0; k < rows.length; k++) seen[D.findings.resource[rows[k]]] = 1;
		found.textContent = rows.length ? `${rows.length < all ? number(rows.length) + " of " : ""}${plural(all, "finding")} on ${plural(sum(seen), "resource")}` : all ? `0 of ${plural(all, "finding")}` : "";
		grid.hidden = tools.hidden = !rows.length;
		none.hidden = rows.length > 0;
		if (!rows.length && all) none.replaceChildren(unmet(state.filter), h("button.small", {type: "button", click: () => bar.clear()}, "Clear the filters"));
		markHead();
		shown.forEach(e => e.remove());
		shown.clear();
		bar.update(counts);
		render();
	}
	for (const name of ["severity", "status", "finding", "resource", "account", "region"]) {
		head.append(h("div.cell-" + name, {role: "columnheader", "data-name": name},
			h("button", {type: "button", click: () => change({...state.filter, sort: [name], down: sortedBy() === name && !downwards() ? ["1"] : []})}, name, h("span.arrow", {"aria-hidden": "true"}))));
	}
	const sortedBy = () => state.filter.sort?.[0] ?? "severity", downwards = () => state.filter.down?.[0] === "1";
	function markHead() {
		for (const e of head.children) {
			const by = e.dataset.name === sortedBy();
			const falling = downwards() !== ["severity", "status"].includes(e.dataset.name); // those have the worst first
			e.setAttribute("aria-sort", !by ? "none" : falling ? "descending" : "ascending");
			e.querySelector(".arrow").textContent = !by ? "" : falling ? " ↓" : " ↑";
		}
	}
	// scale is how many points of the list one of the page stands for.
	const scale = () => {
		const all = state.rows.length * rowHeight(), view = innerHeight;
		return all <= TALLEST ? 1 : (all - view) / (TALLEST - view);
	};
	function render() {
		if (!body.isConnected) return;
		const ROW = rowHeight();
		body.style.height = Math.min(state.rows.length * ROW, TALLEST) + "px";
		const above = Math.max(0, -body.getBoundingClientRect().top), s = scale();
		const first = Math.max(0, Math.floor(above * s / ROW) - 8), last = Math.min(state.rows.length, Math.ceil((above * s + innerHeight) / ROW) + 8);
		for (const [k, e] of shown) if (k < first || k >= last) { e.remove(); shown.delete(k); }
		for (let k = first; k < last; k++) {
			if (!shown.has(k)) {
				const e = findingRow(state.rows[k], k, "check" in fixed);
				shown.set(k, e);
				body.append(e);
			}
			shown.get(k).style.transform = `translateY(${k * ROW - above * s + above}px)`;
			shown.get(k).classList.toggle("active", k === state.active);
		}
	}
	function move(by) {
		if (!state.rows.length) return;
		const at = Math.max(0, Math.min(state.rows.length - 1, state.active + by));
		state.active = at;
		const ROW = rowHeight(), top = body.getBoundingClientRect().top + scrollY, y = top + at * ROW / scale(), keep = grid.querySelector(".rowhead").getBoundingClientRect().bottom;
		if (y - scrollY < keep) scrollTo(0, y - Math.max(keep, 0));
		else if (y + ROW > scrollY + innerHeight) scrollTo(0, y + ROW - innerHeight + 8);
		render();
		shown.get(at)?.focus({preventScroll: true});
	}
	new ResizeObserver(() => element.style.setProperty("--filters", bar.element.offsetHeight + "px")).observe(bar.element);
	const element = h("section.list", null, bar.element, h("div.toolbar", null, found,
		tools), grid, none);
	return {element, apply, render, move, open: () => state.active >= 0 && (location.hash = rowHref(state.rows[state.active])), search: () => bar.search(), rows: () => state.rows, filter: () => state.filter};
}

// unmet says that nothing fits; what the list begins with is good news then.
function unmet(filter) {
	const on = Object.keys(filter).filter(k => filter[k]?.length && !["sort", "down", "status"].includes(k));
	return !on.length && filter.status?.length && filter.status.every(s => s === "FAIL" || s === "UNKNOWN") ? `Nothing ${[filter.status.includes("FAIL") && "fails", filter.status.includes("UNKNOWN") && "is unknown"].filter(Boolean).join(", and nothing ")}. ` : "No finding fits these filters. ";
}

const rowHref = i => resource.href(D.findings.resource[i]) + "?check=" + encodeURIComponent(D.checks[D.findings.check[i]].id);

// findingRow shows a finding; on the page of its check the title would say nothing new.
function findingRow(i, k, untitled) {
	const f = D.findings, r = f.resource[i], check = D.checks[f.check[i]], exception = D.exceptions[f.exception[i]], message = D.messages[f.message[i]];
	const excuse = exception && excuseOf(exception);
	return h("div.row", {role: "row", "aria-rowindex": k + 2, tabindex: "-1"},
		h("div.cell-severity", {role: "cell"}, badge(SEVERITIES[f.severity[i]])),
		h("div.cell-status", {role: "cell"}, statusMark(D.statuses[f.status[i]]), diffMark(D.diffs[f.diff[i]])),
		h("div.cell-finding", {role: "cell"},
			untitled ? h("span.message", {title: message}, message) : [h("a.title", {href: href(["check", check.id]), title: check.title}, check.title), !exception && h("span.under", {title: message}, message)],
			exception && h("span.under", {title: excuse}, excuse)),
		h("div.cell-resource", {role: "cell"},
			h("a.name", {href: rowHref(i), title: resource.arn(r)}, h("bdi", null, resource.name(r))),
			h("span.under", null, h("span.where", null, resource.region(r), " · ", accountName(resource.account(r)) || resource.account(r), " · "), resource.type(r).replace(/^AWS::/, ""))),
		h("div.cell-account", {role: "cell"}, accountName(resource.account(r)) && h("span.line", null, accountName(resource.account(r))), h("span.under", null, resource.account(r))),
		h("div.cell-region", {role: "cell"}, resource.region(r)));
}
