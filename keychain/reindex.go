package keychain

import (
	"context"
	"encoding/json"
)

// Reindex lists in the index every key that a vault holds, and says how many:
// after a restore the index may know none of them, or others.
func (x *Index) Reindex(ctx context.Context, v *Vault) (int, error) {
	st, err := v.load(ctx)
	if err != nil {
		return 0, vaultError("list", err)
	}
	n := 0
	for id, raw := range st.Items {
		var item keyItem
		if json.Unmarshal(raw, &item) != nil || item.Profile == "" || keyAccount(item.Profile).ID() != id {
			continue
		}
		if err := x.Put(Entry{item.Profile, item.AccessKeyID, item.MFASerial, item.AccountID, item.Added, false}); err != nil {
			return n, err
		}
		n++
	}
	listed, err := x.All()
	if err != nil {
		return n, err
	}
	for _, e := range listed {
		if _, ok := st.Items[keyAccount(e.Profile).ID()]; ok {
			continue
		}
		if err := x.Remove(e.Profile); err != nil {
			return n, err
		}
	}
	return n, nil
}
