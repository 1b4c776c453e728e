// Package rules reads what people bring to an audit: a configuration with parameters and
// rules of their own, exceptions, names of address ranges, and the files of Scout2 and
// ScoutSuite, which it converts.
//
// Everything is checked when it is read, before the first call: a key that is not known,
// a name that matches nothing, or an expression that does not compile is an [Error] that
// names the file, the line and what to do. An exception never covers more than it says,
// and a rule never says more than was read.
package rules
