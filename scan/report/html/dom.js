// Elements are made of names and texts; a text never becomes markup.

// h makes an element: h("a.link", {href: "#/"}, "text", other). A class follows a dot.
// Of the properties, functions listen, false and null are left out, the rest become
// attributes; vars are set as variables of its style. Of the children, arrays are taken
// apart, null and false left out.
function h(name, properties, ...children) {
	const [tag, ...classes] = name.split(".");
	const e = document.createElement(tag);
	if (classes.length) e.className = classes.join(" ");
	for (const [key, value] of Object.entries(properties ?? {})) {
		if (typeof value === "function") e.addEventListener(key, value);
		else if (key === "vars") for (const [k, v] of Object.entries(value)) e.style.setProperty("--" + k, v);
		else if (value === true) e.setAttribute(key, "");
		else if (value !== false && value != null) e.setAttribute(key, value);
	}
	return fill(e, children);
}

function fill(e, children) {
	for (const c of children.flat(Infinity)) {
		if (c != null && c !== false) e.append(c instanceof Node ? c : document.createTextNode(String(c)));
	}
	return e;
}

// number writes a count for reading: 12,345.
const number = n => n.toLocaleString("en-US");

// plural counts things: "1 finding", "2 findings".
const plural = (n, thing, things = thing + "s") => number(n) + " " + (n === 1 ? thing : things);

// moment writes a time without a zone but its own.
function moment(text) {
	const t = new Date(text);
	return isNaN(t) || t.getUTCFullYear() < 1990 ? "–" : t.toISOString().slice(0, 16).replace("T", " ") + " UTC";
}

// table makes a plain table of rows. A column is {name, number: true for figures}.
function table(columns, rows, properties = {}) {
	const {caption, kind} = properties;
	return h("div.tablebox", null, h("table.plain" + (kind ? "." + kind : ""), null,
		caption && h("caption", null, caption),
		h("thead", null, h("tr", null, columns.map(c => h("th", {scope: "col", class: c.number ? "number" : null}, c.name)))),
		h("tbody", null, rows.map(cells => h("tr", null, cells.map((cell, i) => h("td", {class: columns[i].number ? "number" : null, "data-name": columns[i].name.replace(/^./, c => c.toUpperCase())}, cell)))))));
}

// reach puts the focus where it was not before: to what a button brought.
function reach(e) {
	e.setAttribute("tabindex", "-1");
	e.focus({preventScroll: true});
}

// more shows the first of many things, and a button for the next.
function more(list, make, step = 100) {
	const box = h("div.more");
	let shown = 0;
	const show = () => {
		const at = box.childElementCount - (shown ? 2 : 0); // without the button, and what stands for it on paper
		if (shown) { box.lastChild.remove(); box.lastChild.remove(); }
		for (const x of list.slice(shown, shown + step)) box.append(make(x));
		if (shown) reach(box.children[at]);
		shown += step;
		if (shown < list.length) box.append(h("button", {type: "button", click: show}, `Show ${Math.min(step, list.length - shown)} more of ${number(list.length)}`),
			h("p.onpaper", null, `${number(list.length - shown)} more are not printed.`));
	};
	show();
	return box;
}
