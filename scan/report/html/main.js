// The frame: navigation, routes, keys, printing.

const PAGES = {
	__proto__: null,
	overview: overviewPage, findings: findingsPage, services: servicesPage, service: servicePage, framework: frameworkPage,
	check: checkPage, resource: resourcePage, surface: surfacePage, gaps: gapsPage, suppressed: suppressedPage, about: aboutPage,
};
const NAVIGATION = [["overview", "Overview"], ["findings", "Findings"], ["services", "Services"], ["surface", "Attack surface"], ["gaps", "Not checked"], ["suppressed", "Suppressed"], ["about", "About"]];
const PARENTS = {__proto__: null, service: "services", check: "findings", resource: "findings", framework: "overview"};
const PRINTED = 3000; // rows of findings on paper

let current; // what the present page handed back
const scrolled = new Map(); // address → how far it was scrolled

function frame() {
	const main = h("main", {id: "main", tabindex: "-1"});
	const nav = h("nav", {"aria-label": "Report"}, NAVIGATION.map(([page, name]) => h("a", {href: href(page, page === "findings" ? {status: ["FAIL", "UNKNOWN"]} : {}), "data-page": page}, name, navCount(page))));
	document.getElementById("app").append(
		h("a.skip", {href: "#main", click: e => { e.preventDefault(); main.focus(); }}, "Skip to the content"),
		h("header.top", null, h("div.inner", null, h("a.brand", {href: href("overview")}, h("span.mark", {"aria-hidden": "true"}), "fob scan"), nav, themeSwitch())),
		main, h("footer.bottom", null, D.title, h("span.muted", null, D.summary.tool, " · made offline, opens offline")));
	return main;
}

function navCount(page) {
	const n = {gaps: reasons(D.summary.gaps.filter(missed)).length}[page];
	return n ? h("span.n", null, number(n)) : null;
}

// themeSwitch goes from the system's choice to the other and back.
function themeSwitch() {
	const root = document.documentElement, dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
	const remember = theme => { try { localStorage.setItem("fob-theme", theme); } catch { /* not allowed here */ } };
	try { if (["dark", "light"].includes(localStorage.getItem("fob-theme"))) root.dataset.theme = localStorage.getItem("fob-theme"); } catch { /* likewise */ }
	const b = h("button.theme", {type: "button", click: () => { root.dataset.theme = dark() ? "light" : "dark"; remember(root.dataset.theme); name(); }});
	const name = () => { b.textContent = dark() ? "Light" : "Dark"; b.setAttribute("aria-label", `Switch to the ${dark() ? "light" : "dark"} theme`); };
	name();
	return b;
}

function show(main, returning) {
	const {page, parts, filter} = address(location.hash);
	const make = PAGES[page] ?? (() => ({element: h("div", null, heading("Not here"), h("div.empty", null, "This report has no such page. ", h("a", {href: href("overview")}, "To the overview")))}));
	current = make({parts, filter});
	main.replaceChildren(current.element);
	current.list?.apply();
	for (const a of document.querySelectorAll("nav [data-page]")) {
		if (a.dataset.page === (PARENTS[page] ?? page)) a.setAttribute("aria-current", "page");
		else a.removeAttribute("aria-current");
	}
	const here = document.querySelector("nav [aria-current]");
	if (here) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
	scrollTo(0, returning ? scrolled.get(location.hash) ?? 0 : 0);
	current.list?.render();
	reachable();
}

// reachable lets keys scroll what is wider than the page.
function reachable() {
	for (const box of document.querySelectorAll(".tablebox")) {
		if (box.scrollWidth > box.clientWidth) for (const [k, v] of [["tabindex", "0"], ["role", "region"], ["aria-label", "Table"]]) box.setAttribute(k, v);
		else for (const k of ["tabindex", "role", "aria-label"]) box.removeAttribute(k);
	}
}

function keys(e) {
	const typing = /^(input|select|textarea)$/i.test(document.activeElement?.tagName) && document.activeElement.type !== "checkbox";
	if (e.ctrlKey || e.metaKey || e.altKey) return;
	if (e.key === "Escape") {
		const open = document.querySelector("details.menu[open]");
		if (open) { open.open = false; open.querySelector("summary").focus(); } else document.activeElement?.blur();
	} else if (typing) return;
	else if (e.key === "/") { e.preventDefault(); (current.list ?? current).search?.(); }
	else if (current.list && (e.key === "j" || e.key === "ArrowDown") && !inMenu()) { e.preventDefault(); current.list.move(1); }
	else if (current.list && (e.key === "k" || e.key === "ArrowUp") && !inMenu()) { e.preventDefault(); current.list.move(-1); }
	else if (current.list && e.key === "Enter" && document.activeElement?.classList.contains("row")) current.list.open();
}

const inMenu = () => document.activeElement?.closest?.("details.menu");

// paper lays out for printing what the page shows only in part: on the overview what
// fails, on a list all its rows; check by check, so that each is explained once.
function paper() {
	const rows = current.list ? current.list.rows() : address(location.hash).page === "overview" ? select({status: ["FAIL"]}).rows : null;
	if (!rows) return;
	const groups = new Map();
	for (const i of rows.subarray(0, PRINTED)) {
		const check = D.findings.check[i];
		if (!groups.has(check)) groups.set(check, []);
		groups.get(check).push(i);
	}
	document.getElementById("main").append(h("section", {id: "paper"}, !current.list && h("h2", null, "What fails"),
		h("p.muted", null, plural(rows.length, "finding"), rows.length > PRINTED && `, the first ${number(PRINTED)} are printed; the export to CSV has all`, current.list && filterText(current.list.filter())),
		[...groups].map(([check, list]) => printedCheck(D.checks[check], list))));
}

function printedCheck(check, list) {
	const f = D.findings;
	return h("div.printed" + (list.length < 9 ? ".short" : ""), null,
		h("h3", null, badge(check.severity), " ", check.title, h("span.muted", null, " ", check.id)),
		check.fix && h("p", null, h("strong", null, "Fix "), check.fix),
		table([{name: "Status"}, {name: "Resource"}, {name: "Account"}, {name: "Region"}, {name: "What was found"}], list.map(i => {
			const r = f.resource[i];
			return [statusMark(D.statuses[f.status[i]]), h("bdi", null, resource.name(r)), accountName(resource.account(r)) || resource.account(r), resource.region(r), h("bdi", null, D.messages[f.message[i]])];
		})));
}

const filterText = filter => Object.entries(filter).filter(([k]) => FILTER_NAMES[k] || k === "text").map(([k, list]) => `; ${k}: ${list.map(v => label(k, v)).join(", ")}`);

async function start() {
	if (typeof DecompressionStream === "undefined") throw new Error("this browser cannot unpack the report: it needs one from 2023 or newer");
	D = await load();
	D.title = document.title;
	D.fileName = "findings-" + D.summary.at.slice(0, 10);
	const main = frame();
	let following = false; // a link, rather than the way back
	addEventListener("click", e => following ||= !!e.target.closest?.("a[href^='#']"), true);
	addEventListener("hashchange", () => {
		show(main, !following);
		if (following) main.querySelector("h1")?.focus({preventScroll: true});
		following = false;
	});
	let waiting = false;
	addEventListener("scroll", () => {
		scrolled.set(location.hash, scrollY);
		if (!waiting) requestAnimationFrame(() => { waiting = false; current.list?.render(); });
		waiting = true;
	}, {passive: true});
	addEventListener("resize", () => { current.list?.render(); reachable(); });
	addEventListener("keydown", keys);
	addEventListener("click", e => { for (const m of document.querySelectorAll("details.menu[open]")) if (!m.contains(e.target)) m.open = false; });
	addEventListener("beforeprint", paper);
	addEventListener("afterprint", () => document.getElementById("paper")?.remove());
	history.scrollRestoration = "manual";
	show(main, false);
	document.documentElement.dataset.ready = "";
	(window.requestIdleCallback ?? setTimeout)(haystack); // so that the first search is as quick as the others
}

start().catch(e => {
	document.getElementById("app").replaceChildren(h("main.plain", null, h("h1", null, "The report could not be shown"), h("p", null, e.message), h("p", null, "The findings are in findings.jsonl beside it.")));
	document.documentElement.dataset.failed = e.stack ?? e.message;
});
