package verify

import (
	"reflect"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

func TestWritten(t *testing.T) {
	const text = "ARG BASE=debian:12\nFROM golang:1.22 AS build\nENV CGO_ENABLED=0\n" +
		"FROM ${BASE} AS base\nENV MODE=a PORT=80\nVOLUME /data\n" +
		"FROM base AS ship\nLABEL org=x\nEXPOSE 80 53/udp\nHEALTHCHECK CMD true\n" +
		"FROM base\nSTOPSIGNAL SIGINT\n"
	for target, want := range map[string]proof.Expect{
		"ship": {Own: []string{"MODE", "PORT"}, OwnLabels: []string{"org"}, OwnPorts: []string{"53/udp", "80/tcp"}, OwnVolumes: []string{"/data"}, Inherited: []string{"STOPSIGNAL"}},
		"":     {Own: []string{"MODE", "PORT"}, OwnVolumes: []string{"/data"}, Inherited: []string{"HEALTHCHECK"}},
	} {
		if got := written(text, target); !reflect.DeepEqual(got, want) {
			t.Errorf("target %q: %+v, want %+v", target, got, want)
		}
	}
}
