// Package audit takes snapshots to results: it judges them account by account, compares
// and joins findings files, and takes names out of what is handed on. A scan that has
// just been made and a snapshot of last year go the same way, so the same snapshot gives
// the same bytes.
package audit
