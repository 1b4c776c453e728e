package main

import (
	"reflect"
	"slices"

	"github.com/alecthomas/kong"
)

// emptyValue refuses a value with nothing in it, as a shell makes of a variable that is
// not set: to leave the flag out would mean everything, or what is usual.
func emptyValue(k *kong.Context) error {
	for _, p := range k.Path {
		var name string
		var value reflect.Value
		switch {
		case p.Flag != nil:
			name, value = "--"+p.Flag.Name, p.Flag.Target
		case p.Positional != nil:
			name, value = "<"+p.Positional.Name+">", p.Positional.Target
		}
		if name != "" && value.CanInterface() && value.Kind() != reflect.Bool && value.IsZero() && (value.CanInt() || value.CanFloat()) {
			return usage("the value of "+name+" is 0", "it counts from 1", "leave it out for what is usual")
		}
		if name != "" && empty(value) {
			return usage("the value of "+name+" is empty", "a variable of the shell that is not set looks like this, and it is not taken for everything", "leave it out, or say what is meant")
		}
	}
	return nil
}

// empty says whether a text or a part of a list is.
func empty(value reflect.Value) bool {
	switch v := value.Interface().(type) {
	case string:
		return v == ""
	case []string:
		return len(v) == 0 || slices.Contains(v, "")
	}
	return false
}
