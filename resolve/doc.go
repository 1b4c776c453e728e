// Package resolve turns a profile name into credentials, in two halves.
//
// [Planner.Plan] is pure: it reads what the files, the environment and the
// index of stored keys say, and returns a [Plan], the ordered list of steps
// from the root of trust to the answer. `fob explain` prints it, table tests
// compare it, and it asks nobody and calls nothing.
//
// [Resolver.Resolve] walks a plan: it starts from the longest prefix whose
// result is still cached, runs the rest under a lock, and keeps each result.
// The cache key of a result is a hash over every input of every step before it
// ([Plan.Key]), so that an edited profile can never be served the session of
// its former self, and sibling roles share one MFA session by construction.
//
// The package prints nothing. Clock, environment, files, prompt, cache and HTTP
// come in from outside. conformance/SEMANTICS.md is the rule book; rules that
// come from somewhere else say so where they stand.
package resolve
