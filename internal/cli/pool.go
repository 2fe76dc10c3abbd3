package cli

import (
	"context"
	"iter"
	"runtime"
	"sync/atomic"
)

// ordered calls work for 0 to n-1 on all processors and yields what it returns in
// that order, as soon as it can. It ends early when ctx is cancelled. Workers run
// a few results ahead of the reader, not more: results are large.
func ordered[T any](ctx context.Context, n int, work func(i int) T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		workers := min(runtime.GOMAXPROCS(0), n)
		ahead := make(chan struct{}, 8*workers)
		results := make([]chan T, n)
		for i := range results {
			results[i] = make(chan T, 1)
		}
		var next atomic.Int64
		for range workers {
			go func() {
				for {
					select {
					case ahead <- struct{}{}:
					case <-ctx.Done():
						return
					}
					i := int(next.Add(1)) - 1
					if i >= n {
						return
					}
					results[i] <- work(i)
				}
			}()
		}
		for i := range n {
			select {
			case result := <-results[i]:
				<-ahead
				if !yield(i, result) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}
