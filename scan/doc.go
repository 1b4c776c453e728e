// Package scan judges AWS accounts by what was read of them.
//
//	collect: calls → snapshot (resources, and what happened while reading them)
//	scan:    snapshot → facts → checks → findings
//	report:  findings → HTML, CSV, SARIF, ...
//
// What joins a collector and a check is the fact: a collector knows no check, a check
// knows no call. One rule stands above all others: what was denied, throttled, cut off
// or failed can never become PASS or FAIL. The engine holds it, not the checks.
//
// The package links nothing but the standard library and calls nobody.
package scan
