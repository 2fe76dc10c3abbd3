package main

import "strings"

// needs completes the survey where a tool of the build leaves something behind
// that its products run on: Alpine names, Debian names ("?" where they differ
// by release or are not recorded).
var needs = map[string][2]string{
	"g++": {"libstdc++ libgcc", "-"}, "g++-multilib": {"libstdc++ libgcc", "-"}, "build-essential": {"libstdc++ libgcc", "-"},
	"libstdc++-12-dev": {"libstdc++ libgcc", "-"},
	"gcc":              {"libgcc", "-"}, "gcc-12": {"libgcc", "-"}, "gcc-multilib": {"libgcc", "-"},
	"gfortran": {"libgfortran libquadmath libgcc", "libgfortran5"},
	"clang":    {"libstdc++ libgcc", "-"}, "llvm": {"?", "?"}, "llvm-dev": {"?", "?"},
	"cargo": {"libgcc", "-"}, "rustc": {"libgcc", "-"},
	"ghc": {"gmp libffi", "libgmp10 libffi8"}, "cabal-install": {"gmp libffi", "libgmp10 libffi8"},
	"python3-pip": {"python3", "python3"}, "python3-virtualenv": {"python3", "python3"},
	"python3-wheel": {"python3", "python3"}, "virtualenv": {"python3", "python3"},
	"pipx": {"python3", "python3"}, "cython3": {"python3", "python3"}, "meson": {"python3", "python3"},
	"cpanminus": {"perl", "perl"}, "composer": {"?", "php-cli"}, "luarocks": {"?", "?"},
	"maven": {"?", "default-jre-headless"}, "ant": {"?", "default-jre-headless"}, "gradle": {"?", "default-jre-headless"},
	"dotnet-sdk-8.0": {"?", "?"}, "apache2-dev": {"apache2", "apache2"}, "binutils-dev": {"?", "?"},
	"opam": {"?", "?"}, "ocaml": {"?", "?"},
}

// complete puts what is known of a tool's products into its row of the survey.
func complete(row []string) {
	if need, ok := needs[row[0]]; ok {
		row[2], row[3], row[4] = need[0], need[1], need[1]
	}
	if kit, ok := strings.CutSuffix(row[0], "-jdk"); ok {
		jre(row, kit+"-jre")
	}
	if kit, ok := strings.CutSuffix(row[0], "-jdk-headless"); ok {
		jre(row, kit+"-jre-headless")
	}
}

// jre gives a Java development kit the runtime of the same version where the
// release has it.
func jre(row []string, name string) {
	for i := range 2 {
		if row[3+i] == "-" {
			row[3+i] = name
		}
	}
}
