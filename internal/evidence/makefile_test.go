package evidence

import "testing"

func TestMakeTarget(t *testing.T) {
	const none = "\x00" // cannot be told
	tests := []struct {
		name, text, target string
		vars               []string
		want               []string
	}{
		{"default goal", "all: build\n.PHONY: all build\nbuild:\n\tgo build -o app .\n", "", nil, []string{"go build -o app ."}},
		{"prerequisites first", "x: a b\n\tlast\na: c\n\tfirst\nb: c\n\tsecond\nc:\n\tzero\n", "x", nil,
			[]string{"zero", "first", "second", "last"}},
		{"variables", "BIN := server\nOUT = bin/$(BIN)\nFLAGS ?= -v\nFLAGS += -x\nb:\n\tgo build ${FLAGS} -o $(OUT) ./cmd/$(BIN)\n",
			"b", nil, []string{"go build -v -x -o bin/server ./cmd/server"}},
		{"command line wins", "BIN := server\nb:\n\techo $(BIN)\n", "b", []string{"BIN=other"}, []string{"echo other"}},
		{"prefixes", "b:\n\t@echo a\n\t-rm x\n\t@-rm y\n\t# comment\n\n\techo b # note\n", "b", nil,
			[]string{"echo a", "rm x (may fail)", "rm y (may fail)", "echo b # note"}},
		{"continuation", "b:\n\tgo build \\\n\t  -o x \\\n\t  .\n", "b", nil, []string{"go build -o x ."}},
		{"shell value stays open", "V := $(shell git describe --tags)\nb:\n\tgo build -ldflags \"-X v=$(V)\" .\n", "b", nil,
			[]string{`go build -ldflags "-X v=$(git describe --tags)" .`}},
		{"shell as a program", "GO := $(shell which go)\nb:\n\t$(GO) build .\n", "b", nil, []string{none}},
		{"environment as a program", "b:\n\tcd x && $(GO) build .\n", "b", nil, []string{none}},
		{"environment as a word", "b:\n\tgo build -o $(GOPATH)/bin/x $$HOME $@ $<\n", "b", nil, []string{none}},
		{"automatic", "b: dep\n\tcp $< $@ ${GOPATH} $$HOME $^\ndep:\n", "b", nil, []string{"cp dep b ${GOPATH} $HOME dep"}},
		{"program by name", "GO = go\nb:\n\tCGO_ENABLED=0 $(GO) build .\n", "b", nil, []string{"CGO_ENABLED=0 go build ."}},
		{"function", "SRC = $(wildcard *.go)\nb:\n\tgo build $(SRC)\n", "b", nil, []string{none}},
		{"function elsewhere", "SRC = $(wildcard *.go)\nb:\n\tgo build .\nother: $(SRC)\n\tx\n", "b", nil, []string{"go build ."}},
		{"function in prerequisites", "b: $(wildcard *.go)\n\tgo build .\n", "b", nil, []string{none}},
		{"conditional around the rule", "ifdef X\nb:\n\tgo build .\nendif\n", "b", nil, []string{none}},
		{"conditional in the recipe", "b:\n\tone\nifdef X\n\ttwo\nendif\n", "b", nil, []string{none}},
		{"conditional around another", "ifdef X\nc:\n\tx\nendif\nb:\n\tgo build .\n", "b", nil, []string{"go build ."}},
		{"conditional variable", "ifeq ($(OS),x)\nB := a\nelse\nB := b\nendif\nb:\n\tgo build -o $(B) .\n", "b", nil,
			[]string{"go build -o ${B} ."}},
		{"conditional program", "ifeq ($(OS),x)\nGO := a\nendif\nb:\n\t$(GO) build\n", "b", nil, []string{none}},
		{"pattern rule may apply", "b: x.o\n%.o: %.c\n\tcc $<\n", "b", nil, []string{none}},
		{"pattern rule does not", ".PHONY: b\n%.o: %.c\n\tcc $<\nb:\n\tgo build .\n", "b", nil, []string{"go build ."}},
		{"file of that name", "there:\n\tgo build .\n", "there", nil, []string{none}},
		{"phony of that name", ".PHONY: there\nthere:\n\tgo build .\n", "there", nil, []string{"go build ."}},
		{"file as prerequisite", "b: there\n\tgo build .\n", "b", nil, []string{"go build ."}},
		{"file with a rule", "b: there\n\tgo build .\nthere:\n\tmake it\n", "b", nil, []string{"make it (may not run)", "go build ."}},
		{"missing prerequisite", "b: gone\n\tgo build .\n", "b", nil, []string{none}},
		{"missing target", "b:\n\tx\n", "c", nil, []string{none}},
		{"cycle", "a: b\n\tx\nb: a\n\ty\n", "a", nil, []string{"y", "x"}},
		{"include", "include more.mk\nb:\n\techo $(MORE)\n", "b", nil, []string{"echo more"}},
		{"include of a target", "-include more.mk\n", "inc", nil, []string{"echo inc"}},
		{"missing include", "include gone.mk\nb:\n\tx\n", "b", nil, []string{none}},
		{"missing optional include", "-include gone.mk\nb:\n\tx\n", "b", nil, []string{"x"}},
		{"eval", "$(eval $(call R,x))\nb:\n\tx\n", "b", nil, []string{none}},
		{"define", "define HELP\nb: not this\n\tnor this\nendef\nb:\n\tx\n", "b", nil, []string{"x"}},
		{"double colon", "b::\n\tx\n", "b", nil, []string{none}},
		{"target variable", "b: MODE = fast\nb:\n\techo $(MODE)\n", "b", nil, []string{"echo fast"}},
		{"self reference", "A = $(A) x\nb:\n\techo $(A)\n", "b", nil, []string{none}},
		{"append to itself", "A := a\nA := $(A) b\nb:\n\techo $(A)\n", "b", nil, []string{"echo a b"}},
		{"recursive make", "b:\n\t$(MAKE) -C sub all\n", "b", nil, []string{"make -C sub all"}},
		{"inline recipe", "b: ; echo x\n", "b", nil, []string{"echo x"}},
		{"bomb", "A=xxxxxxxxxxxxxxxx\nB=$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)\nC=$(B)$(B)$(B)$(B)$(B)$(B)$(B)$(B)\nD=$(C)$(C)$(C)$(C)$(C)$(C)$(C)$(C)\nE=$(D)$(D)$(D)$(D)$(D)$(D)$(D)$(D)\nb:\n\techo $(E)$(E)$(E)\n",
			"b", nil, []string{none}},
		{"crlf", "b:\r\n\tgo build .\r\n", "b", nil, []string{"go build ."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := open(t, "-- there --\n-- more.mk --\nMORE = more\ninc:\n\techo inc\n-- Makefile --\n"+test.text)
			list, ok := c.MakeTarget("", test.target, test.vars...)
			got := []string{none}
			if ok {
				got = nil
			}
			for _, cmd := range list {
				text := cmd.Text
				if cmd.MayFail {
					text += " (may fail)"
				}
				if cmd.MayNotRun {
					text += " (may not run)"
				}
				got = append(got, text)
			}
			same(t, "commands", got, test.want)
		})
	}
}

func TestMakefileNames(t *testing.T) {
	c := open(t, "-- sub/GNUmakefile --\na:\n\tgnu\n-- sub/Makefile --\na:\n\n\tplain\n")
	list, ok := c.MakeTarget("sub", "a")
	if !ok || len(list) != 1 || list[0].Place != (Place{"sub/GNUmakefile", 2}) {
		t.Errorf("%v %v", list, ok)
	}
	list, ok = c.MakeTarget("sub/Makefile", "a")
	if !ok || len(list) != 1 || list[0].Place != (Place{"sub/Makefile", 3}) {
		t.Errorf("%v %v", list, ok)
	}
}
