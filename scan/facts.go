package scan

import (
	"cmp"
	"reflect"
	"slices"
	"sort"
	"sync"
	"time"
)

// Facts are what was read of one account.
type Facts struct {
	Account   string // twelve digits
	Name      string // what the person calls it, may be ""
	Partition string
	Regions   []string  // those that were read, sorted; without Global
	Excluded  []string  // enabled regions that were left out on demand, sorted
	Disabled  []string  // regions that the account has not enabled, sorted
	Blocked   []string  // regions that were given up, sorted
	Guessed   time.Time // the account's list of regions could not be read: those known then were tried; zero otherwise
	Now       time.Time // when the snapshot was taken: ages are counted up to it

	resources map[reflect.Type]any            // a []*T of each kind's T, sorted by region and ARN
	lists     map[call]listState              // what happened to the calls that list
	index     map[reflect.Type]map[string]any // by ARN
	raw       map[string][]*Raw               // by type, sorted by region and ARN; only the types that Load was told

	// Scan, Tool and Redacted are what the snapshot says of itself. Ended says that it has
	// its last line, and Complete what that says; Calls and Resources are counted there.
	Scan, Tool       string
	Redacted         bool
	Ended, Complete  bool
	Calls, Resources int
	Until            time.Time // when the last resource was read

	// Kept are the resources of which an update has what was read before it, the first of
	// them at KeptFrom.
	Kept     int
	KeptFrom time.Time

	iam iamFacts

	// Analyzers are active analyzers of the whole organization that other scanned
	// accounts have, region → ARN.
	Analyzers map[string]string
	// Neighbours are what other scanned accounts told; see [ShareAddresses].
	Neighbours Neighbours
	own        sync.Once  // guards kept
	kept       *Addresses // see [Facts.KeepAddresses]
}

type call struct{ op, region string }

// listState is the outcome of a call that lists. The zero state is a list that was
// not asked for.
type listState struct {
	done bool
	err  *ReadError
}

// All returns the resources of one kind in a region, or everywhere for "". The result
// is sorted by region and ARN and must not be changed.
func All[T any](f *Facts, region string) []*T {
	all, _ := f.resources[reflect.TypeFor[T]()].([]*T)
	if region == "" {
		return all[:len(all):len(all)]
	}
	start := sort.Search(len(all), func(i int) bool { return subject(all[i]).Region >= region })
	end := sort.Search(len(all), func(i int) bool { return subject(all[i]).Region > region })
	return all[start:end:end]
}

// Find returns the resource with that ARN, nil if none was read.
func Find[T any](f *Facts, arn string) *T {
	r, _ := f.index[reflect.TypeFor[T]()][arn].(*T)
	return r
}

// ListError says why the list of a kind is not complete in a region; nil when it is.
// For a subject without a region all regions count.
func (f *Facts) ListError(k *Kind, region string) *ReadError {
	return f.listError(k.List, k.Scope, region)
}

func (f *Facts) listError(ops []string, scope Scope, region string) *ReadError {
	regions := []string{region}
	switch {
	case scope == Once:
		regions = []string{Global}
	case region == Global || region == "":
		regions = f.Regions
	}
	for _, op := range ops {
		for _, r := range regions {
			if s := f.lists[call{op, r}]; !s.done {
				if s.err == nil {
					return &ReadError{Op: op, Action: op, Region: r, Why: f.notAsked(r)}
				}
				return s.err
			}
		}
	}
	return nil
}

// notAsked says why nothing was asked of a region.
func (f *Facts) notAsked(region string) Why {
	if slices.Contains(f.Disabled, region) {
		return Disabled
	}
	return NotPlanned
}

// found are decoded resources by their Go forms, in any order.
type found map[reflect.Type][]any

func (all found) add(r any) {
	t := reflect.TypeOf(r).Elem()
	all[t] = append(all[t], r)
}

// take puts decoded resources into the facts.
func (f *Facts) take(all found) {
	f.resources, f.index = map[reflect.Type]any{}, map[reflect.Type]map[string]any{}
	for t, list := range all {
		slices.SortFunc(list, func(a, b any) int {
			x, y := subject(a), subject(b)
			return cmp.Or(cmp.Compare(x.Region, y.Region), cmp.Compare(x.ARN, y.ARN))
		})
		sorted := reflect.MakeSlice(reflect.SliceOf(reflect.PointerTo(t)), len(list), len(list))
		byARN := make(map[string]any, len(list))
		for i, r := range list {
			sorted.Index(i).Set(reflect.ValueOf(r))
			byARN[subject(r).ARN] = r
		}
		f.resources[t], f.index[t] = sorted.Interface(), byARN
	}
}
