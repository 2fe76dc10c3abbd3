package proof

// Conclusive reports whether the original is one to compare with: it builds, and
// its program starts and ends as expected. Where it is not, Compare wants no other side.
func Conclusive(before *Side, expect Expect) bool { return inconclusive(before, expect) == "" }
