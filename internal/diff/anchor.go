package diff

import "sort"

// anchors returns the longest row of lines that are single on both sides of the
// part and stand in the same order there, as in a patience diff.
func anchors(a, b []int, p part) []match {
	inA, inB := singles(a, p.a0, p.a1), singles(b, p.b0, p.b1)
	var both []match
	for i := p.a0; i < p.a1; i++ {
		j, ok := inB[a[i]]
		if _, single := inA[a[i]]; ok && single {
			both = append(both, match{i, j, 1})
		}
	}
	return rising(both)
}

// singles returns where in lines[from:to] the lines stand that occur there once.
func singles(lines []int, from, to int) map[int]int {
	at := make(map[int]int)
	again := make(map[int]bool)
	for i := from; i < to; i++ {
		if _, seen := at[lines[i]]; seen {
			again[lines[i]] = true
		}
		at[lines[i]] = i
	}
	for line := range again {
		delete(at, line)
	}
	return at
}

// rising returns a longest choice of the matches, which are sorted by a, that is
// sorted by b too. It takes n log n steps.
func rising(all []match) []match {
	var ends []int                  // index of the match with the least b that ends a row of length i+1
	before := make([]int, len(all)) // index of the match before it in its row, -1 for none
	for i, m := range all {
		k := sort.Search(len(ends), func(k int) bool { return all[ends[k]].b > m.b })
		before[i] = -1
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	row := make([]match, len(ends))
	for k, i := len(ends)-1, ends[len(ends)-1]; k >= 0; k, i = k-1, before[i] {
		row[k] = all[i]
	}
	return row
}
