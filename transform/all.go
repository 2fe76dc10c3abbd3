package transform

// All returns the transforms in the order they run: a split first, since the
// base and the user of what it leaves are decided afterwards; the pins last, of the
// images that are then named.
func All() []*Transform {
	return []*Transform{
		splitStages,
		swapBase,
		nonRoot,
		pinImages,
	}
}
