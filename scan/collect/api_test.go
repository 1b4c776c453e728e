package collect

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fob/scan"
	"fob/scan/policy"
)

// TestAPI: facts have no field that the API does not have, none of another type, and what
// the checks of a service compare one with is one of its values. An emulator could not
// tell: it answers with what its authors took for right.
func TestAPI(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	set := token.NewFileSet()
	trees := map[string]*ast.File{}
	services := map[string]string{} // type → service
	var resources []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if trees[file], err = parser.ParseFile(set, file, nil, 0); err != nil {
			t.Fatal(err)
		}
		for _, d := range trees[file].Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, s := range g.Specs {
					typ := s.(*ast.TypeSpec)
					services[typ.Name.Name] = serviceOfFile(file)
					if isResource(typ) {
						resources = append(resources, typ.Name.Name)
					}
				}
			}
		}
	}
	walks := map[string]*apiWalk{}
	// Attributes by name, rows of a report, what is masked; and resources of any type.
	formed := []string{"Topic", "Queue", "ReportedUser", "Stack", "Raw", "Record", "record"}
	for _, f := range apiForms() {
		formed = append(formed, f.facts.Name())
		service := services[f.facts.Name()]
		if walks[service] == nil {
			walks[service] = &apiWalk{t, map[string][]string{}, map[string]bool{}}
		}
		walks[service].resource(f)
	}
	for _, name := range resources {
		if !slices.Contains(formed, name) {
			t.Errorf("%s has no form of the API beside it", name)
		}
	}
	compared := 0
	for file, tree := range trees {
		w := walks[serviceOfFile(file)]
		for at, c := range comparisons(tree) {
			if w == nil || w.values[c.field] == nil || w.texts[c.field] || c.value == "" {
				continue
			}
			compared++
			if !slices.Contains(w.values[c.field], c.value) {
				t.Errorf("%s: %s is never %q, but one of %q", set.Position(at), c.field, c.value, w.values[c.field])
			}
		}
	}
	if compared < 40 {
		t.Errorf("found %d comparisons", compared)
	}
}

// isResource says whether a type embeds scan.Resource.
func isResource(typ *ast.TypeSpec) bool {
	s, ok := typ.Type.(*ast.StructType)
	return ok && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		name, _ := f.Type.(*ast.Ident)
		return f.Names == nil && name != nil && name.Name == "Resource"
	})
}

// serviceOfFile is what the name of a file begins with; vpc is a part of ec2.
func serviceOfFile(file string) string {
	name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".go"), "_")
	return strings.Replace(name, "vpc", "ec2", 1)
}

// apiWalk holds forms of facts against the API's.
type apiWalk struct {
	t      *testing.T
	values map[string][]string // field → the values of its enums
	texts  map[string]bool     // fields that are free text
}

func (w *apiWalk) resource(f apiForm) {
	for i := range f.facts.NumField() {
		field := f.facts.Field(i)
		api, ok := f.more[field.Name]
		if !ok && !field.Anonymous {
			w.field(f.facts.String(), field, f.api)
		} else if api != nil {
			w.value(f.facts.String()+"."+field.Name, field.Type, api)
		}
	}
}

func (w *apiWalk) field(path string, f reflect.StructField, in reflect.Type) {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		name = f.Name
	}
	path += "." + f.Name
	if api, ok := in.FieldByName(name); ok {
		w.value(path, f.Type, api.Type)
	} else if f.Type != reflect.TypeFor[[]scan.Masked]() {
		w.t.Errorf("%s: %s has no such field", path, in)
	}
}

func (w *apiWalk) value(path string, facts, api reflect.Type) {
	facts, api = bare(facts), bare(api)
	a, b := facts.Kind(), api.Kind()
	switch {
	case facts == api, a == reflect.Bool && b == a, facts == reflect.TypeFor[policy.Document]() && b == reflect.String,
		a == reflect.Int && (b == reflect.Int32 || b == reflect.Int64):
	case facts == reflect.TypeFor[time.Time]():
		w.t.Errorf("%s is a time, in the API %s", path, api)
	case a == reflect.Struct && b == a:
		for i := range facts.NumField() {
			w.field(path, facts.Field(i), api)
		}
	case (a == reflect.Slice || a == reflect.Map) && b == a:
		w.value(path, facts.Elem(), api.Elem())
	case a == reflect.String && b == a:
		w.text(path[strings.LastIndex(path, ".")+1:], api)
	default:
		w.t.Errorf("%s is %s, in the API %s", path, facts, api)
	}
	if facts == api && a == reflect.String {
		w.text(path[strings.LastIndex(path, ".")+1:], api)
	}
}

// bare is what a pointer leads to, or a Val.
func bare(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || strings.HasPrefix(t.Name(), "Val[") {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		} else {
			t = t.Field(0).Type
		}
	}
	return t
}

func (w *apiWalk) text(field string, api reflect.Type) {
	list, ok := api.MethodByName("Values")
	if !ok {
		w.texts[field] = true
		return
	}
	all := list.Func.Call([]reflect.Value{reflect.Zero(api)})[0]
	for i := range all.Len() {
		w.values[field] = append(w.values[field], all.Index(i).String())
	}
}

type comparison struct{ field, value string }

// comparisons are those of fields with texts, and where the texts stand.
func comparisons(tree ast.Node) map[token.Pos]comparison {
	out := map[token.Pos]comparison{}
	note := func(field, value ast.Expr) {
		f, ok := field.(*ast.SelectorExpr)
		if ok && f.Sel.Name == "V" { // of a Val
			f, ok = f.X.(*ast.SelectorExpr)
		}
		v, isLiteral := value.(*ast.BasicLit)
		if !ok || !isLiteral || v.Kind != token.STRING {
			return
		}
		if text, err := strconv.Unquote(v.Value); err == nil {
			out[v.Pos()] = comparison{f.Sel.Name, text}
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			note(n.X, n.Y)
		case *ast.SwitchStmt:
			for _, c := range n.Body.List {
				for _, v := range c.(*ast.CaseClause).List {
					note(n.Tag, v)
				}
			}
		}
		return true
	})
	return out
}
