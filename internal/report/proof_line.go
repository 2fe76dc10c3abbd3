package report

// ProofLine tells the outcome for one of many files as soon as it is there.
func ProofLine(v Verified) string {
	verdict, why := v.outcome()
	return printable(v.Path+": "+verdict+": "+why) + "\n"
}
