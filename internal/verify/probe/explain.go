//go:build linux

package main

import (
	"bufio"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// explain says why the kernel did not execute a file that is there: in the words
// of engines, and with what they leave to find out.
func explain(file string, err error) error {
	hint := ""
	switch {
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.EACCES):
		if name := interpreter(file); name != "" && missing(name) {
			hint = fmt.Sprintf(": its interpreter %s is not there", name)
			if strings.ContainsAny(name, "\r\t ") {
				hint = fmt.Sprintf(": its interpreter %q is not there", name)
			}
		}
	case errors.Is(err, syscall.ENOEXEC):
		hint = format(file)
	}
	return fmt.Errorf("exec %s: %w%s", file, err, hint)
}

func missing(file string) bool {
	_, err := os.Stat(file)
	return errors.Is(err, os.ErrNotExist)
}

// interpreter is the program by which the kernel executes a file: that of the line
// #! of a script, or the dynamic linker of an ELF file. "" where there is none.
func interpreter(file string) string {
	f, err := openRegular(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	if line, ok := strings.CutPrefix(firstLine(f), "#!"); ok {
		// A carriage return stays: it is part of the name for the kernel too.
		name := strings.TrimLeft(line, " \t")
		if i := strings.IndexAny(name, " \t"); i >= 0 {
			name = name[:i]
		}
		return name
	}
	return dynamicLinker(f)
}

// firstLine is the first line of a file as far as the kernel reads it.
func firstLine(f io.ReaderAt) string {
	line, err := bufio.NewReader(io.NewSectionReader(f, 0, 256)).ReadString('\n') // BINPRM_BUF_SIZE
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	return strings.TrimSuffix(line, "\n")
}

// dynamicLinker reads PT_INTERP of an ELF file.
func dynamicLinker(f io.ReaderAt) string {
	e, err := elf.NewFile(f)
	if err != nil {
		return ""
	}
	for _, p := range e.Progs {
		if p.Type == elf.PT_INTERP {
			name, _ := io.ReadAll(io.LimitReader(p.Open(), 4096)) // what could be read
			return strings.TrimRight(string(name), "\x00")
		}
	}
	return ""
}

// format says what the kernel cannot know a file as.
func format(file string) string {
	f, err := openRegular(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	e, err := elf.NewFile(f)
	if err != nil {
		if strings.HasPrefix(firstLine(f), "\x7fELF") {
			return ""
		}
		return ": it is neither an ELF file nor does it start with #!"
	}
	names := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}
	if want, ok := names[runtime.GOARCH]; ok && e.Machine != want {
		return fmt.Sprintf(": it is for %s, not for %s", e.Machine, want)
	}
	return ""
}
