package dockerfile

// VarUse is one variable in the reference of a FROM.
type VarUse struct {
	Name  string
	Value string
	Known bool
	// Instr and Pair are the ARG where the value stands; nil where no ARG before the first FROM
	// declares the variable.
	Instr *Instr
	Pair  *Pair
	// Via names the variable whose default uses this one; "" where the reference itself does.
	Via string
}

// ExpandRef returns the reference of a FROM with the defaults of the ARGs before
// the first FROM put in, and every variable that it uses, directly or through a
// default. ok is false where a variable has no known value; ref is then as
// written.
func (f *File) ExpandRef(st *Stage) (ref string, uses []VarUse, ok bool) {
	globals := f.globals()
	ref, names, ok := globals.expandUsing(st.Base.raw, f.Escape)
	if !ok {
		ref = st.Base.Value
	}
	seen := map[string]bool{}
	type asked struct{ name, via string }
	var queue []asked
	for _, n := range names {
		queue = append(queue, asked{n, ""})
	}
	for len(queue) > 0 {
		q := queue[0]
		queue = queue[1:]
		if seen[q.name] {
			continue
		}
		seen[q.name] = true
		v, _ := globals.get(q.name)
		uses = append(uses, VarUse{Name: q.name, Value: v.Value, Known: v.Known, Instr: v.Instr, Pair: v.Pair, Via: q.via})
		if v.Pair == nil {
			continue
		}
		_, names, _ := globals.expandUsing(v.Pair.rawValue, f.Escape)
		for _, n := range names {
			queue = append(queue, asked{n, q.name})
		}
	}
	return ref, uses, ok
}
