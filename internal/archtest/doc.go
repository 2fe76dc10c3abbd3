// Package archtest holds the direction of imports, in its tests alone.
package archtest
