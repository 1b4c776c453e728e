// Package collect reads AWS accounts into snapshots. It is the only package that
// calls the audited services.
//
// What is read follows from the checks: a [Plan] holds the operations that they need,
// and what no check needs is not called. An [operation] either lists the resources of
// a kind or fills fields of one resource. What was denied, throttled out or failed is
// written into the snapshot as such, and never as an empty answer.
//
// A file per service holds its operations. Clients of the SDK are fields of concrete
// types and never values of an interface: the linker would keep all their methods.
package collect
