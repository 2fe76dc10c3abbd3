//go:build linux

package main

import (
	"testing"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// A program without ports is up when it rests, or when it was busy for long.
func TestBusy(t *testing.T) {
	tests := []struct {
		name string
		used []int // milliseconds of processor time by the end of each second
		want int   // the second in which it is up
	}{
		{"rests", []int{10, 10, 10, 10}, 2},
		{"starts", []int{900, 1500, 1580, 1590, 1590}, 4},
		{"is always busy", []int{900, 1800, 2700, 3600, 4500, 5400, 6300, 7200, 8100, 9000, 9900}, 10},
		{"is busy later", []int{10, 20, 900}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := waiting{task: &wire.Run{Grace: 2 * time.Second, Start: time.Minute}}
			for i, used := range tt.used {
				at := time.Duration(i+1) * time.Second
				w.measure(at, time.Duration(used)*time.Millisecond)
				if _, over := w.look(nil, at); over {
					if i+1 != tt.want {
						t.Errorf("it is up after %s, want %d s", at, tt.want)
					}
					return
				}
			}
			t.Error("it is never up")
		})
	}
}

// One that serves on another port than was awaited, and rests, is not waited for to the end.
func TestServesElsewhere(t *testing.T) {
	other := []wire.Port{{Number: 8081}}
	for name, tt := range map[string]struct {
		ports []wire.Port
		busy  int // seconds in which it is busy
		want  int // the second in which waiting is over
	}{
		"it rests":     {other, 0, 10},
		"it is busy":   {other, 30, 31},
		"no port":      {nil, 0, 60},
		"a UDP socket": {[]wire.Port{{Number: 53, UDP: true}}, 0, 60},
	} {
		w := waiting{task: &wire.Run{Ports: []int{8080}, Grace: 2 * time.Second, Start: time.Minute}}
		var used time.Duration
		for second := range 61 {
			at := time.Duration(second) * time.Second
			if second <= tt.busy {
				used += time.Second
			}
			w.measure(at, used)
			if _, over := w.look(tt.ports, at); over {
				if second != tt.want {
					t.Errorf("%s: over in second %d, want %d", name, second, tt.want)
				}
				break
			}
		}
	}
}

func TestParseTimes(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7 (a) b) (c) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 20 5 20 0 1 0 100 0 0": 2250 * time.Millisecond,
		"7 (a) S 1 7 7 0 -1 4194560 100 0 0 0 -1 x 20 5 20 0 1 0":                  250 * time.Millisecond,
		"7 (a) S 1": 0,
		"":          0,
	} {
		if got := parseTimes(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if processorTime() < 0 {
		t.Error("less than nothing")
	}
}
