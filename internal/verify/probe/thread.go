//go:build linux

package main

import (
	"fmt"
	"runtime"
	"syscall"
	"unsafe"
)

// niceness of what runs in the container, so that the probe gets the processor
// also beside a program that forks without end.
const niceness = 10

// onThread runs f on a thread that ends with it: what f changes of its thread,
// which the kernel has niceness and credentials for, stays there.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked, so that the thread is not used again
		done <- f()
	}()
	return <-done
}

// asUser runs f with the rights of a user: no others of root are left to it. It
// does what a child process with these credentials could, without the need that
// this user may execute the probe.
func asUser(who account, f func() error) error {
	return onThread(func() error {
		if err := become(who); err != nil {
			return fmt.Errorf("becoming user %d: %w", who.uid, err)
		}
		return f()
	})
}

// become changes the credentials of the calling thread alone; syscall.Setuid and
// its like change those of all threads.
func become(who account) error {
	var first unsafe.Pointer
	if len(who.groups) > 0 {
		first = unsafe.Pointer(&who.groups[0])
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETGROUPS, uintptr(len(who.groups)), uintptr(first), 0); errno != 0 {
		return errno
	}
	gid, uid := uintptr(who.gid), uintptr(who.uid)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESGID, gid, gid, gid); errno != 0 {
		return errno
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, uid, uid, uid); errno != 0 {
		return errno
	}
	return nil
}

const (
	prSetDumpable       = 4  // prctl(2), PR_SET_DUMPABLE
	prSetChildSubreaper = 36 // PR_SET_CHILD_SUBREAPER
)

// prepare makes the process what the probe has to be: one that a program of the
// same user cannot trace, that gets the orphans also where it is not the first
// process, and that makes files as engines do.
func prepare() {
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetDumpable, 0, 0)
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0)
	syscall.Umask(0o022)
}
