package proof

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// minus is the sign that is as wide as a plus.
const minus = "−"

var units = []string{"B", "kB", "MB", "GB", "TB", "PB", "EB"}

// Size shows bytes with three significant digits and a decimal unit: "12.0 MB".
func Size(n int64) string {
	if n < 0 {
		return minus + size(-float64(n))
	}
	return size(float64(n))
}

func size(v float64) string {
	unit := 0
	for v >= 999.5 && unit < len(units)-1 {
		v /= 1000
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%.0f B", v)
	}
	return digits(v) + " " + units[unit]
}

// digits shows a number of 0 to 1000 with three significant digits.
func digits(v float64) string {
	switch {
	case v >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// SignedSize is Size with its sign, also where it is a plus: "+1.20 kB"; 0 is "0 B".
func SignedSize(n int64) string {
	if n > 0 {
		return "+" + Size(n)
	}
	return Size(n)
}

// Signed shows a count with its sign and its thousands apart: "−4,212"; 0 is "0".
func Signed(n int64) string {
	switch {
	case n > 0:
		return "+" + Count(n)
	case n < 0:
		return minus + Count(n)
	}
	return "0"
}

// Count shows the magnitude of a count with its thousands apart: "4,212".
func Count(n int64) string {
	text := strings.TrimPrefix(strconv.FormatInt(n, 10), "-")
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Percent shows the change from before to after with its sign and one decimal:
// "−98.5 %". It is "" where before is 0.
func Percent(before, after int64) string {
	if before == 0 {
		return ""
	}
	p := (float64(after) - float64(before)) / math.Abs(float64(before)) * 100
	text := strconv.FormatFloat(math.Abs(p), 'f', 1, 64)
	switch {
	case text == "0.0":
		return "0.0 %"
	case p < 0:
		return minus + text + " %"
	}
	return "+" + text + " %"
}

func delta(before, after int) *int64 {
	d := int64(after) - int64(before)
	return &d
}
