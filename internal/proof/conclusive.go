package proof

// Worthwhile reports whether an original that is not Conclusive can still be held
// against a rewrite as an image: it builds, and did not have to be ended.
func Worthwhile(before *Side) bool {
	return before.Failed == "" && (before.Seen == nil || before.Seen.Runaway == "")
}

// Conclusive reports whether the original is one to compare with: it builds, and
// its program starts and ends as expected. Where it is not, Compare wants no other side.
func Conclusive(before *Side, expect Expect) bool { return inconclusive(before, expect) == "" }
