// Package e2e drives the real programs, fob and fob-scan, against an emulated AWS that
// scripts have filled with a vulnerable and with a hardened account.
package e2e
