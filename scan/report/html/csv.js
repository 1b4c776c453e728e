// The export: the rows of the list as they are filtered and sorted.

const CSV_COLUMNS = ["status", "severity", "check", "title", "service", "account", "account_name", "region", "type", "resource", "arn", "message", "fix", "references", "tags", "diff", "reason", "owner", "expires"];

function csv(rows) {
	const lines = [CSV_COLUMNS.join(",")];
	for (const i of rows) lines.push(csvRow(i).map(cell).join(","));
	return lines.join("\r\n") + "\r\n";
}

function csvRow(i) {
	const f = D.findings, r = f.resource[i], check = D.checks[f.check[i]], x = D.exceptions[f.exception[i]] || {};
	return [
		D.statuses[f.status[i]], SEVERITIES[f.severity[i]], check.id, check.title, check.service,
		resource.account(r), D.accountNames.get(resource.account(r)) ?? "", resource.region(r), resource.type(r), resource.name(r), resource.arn(r),
		D.messages[f.message[i]], check.fix, check.refs.join(" "), resource.tags(r).map(t => t.join("=")).join("; "),
		D.diffs[f.diff[i]], x.reason ?? "", x.owner ?? "", x.expires ?? "",
	];
}

// cell quotes a cell. One that a spreadsheet would take for a formula gets an apostrophe.
function cell(text) {
	if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
	return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

function save(name, text, type) {
	const url = URL.createObjectURL(new Blob([text], {type}));
	h("a", {href: url, download: name}).click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
