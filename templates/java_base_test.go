package templates

import "testing"

// What maven's and gradle's tags stand on goes by the JDK that they came with, and
// without one by the version: by the last listing of each tag and the FROM of the
// Dockerfile that it names.
func TestBaseOfJavaBuilders(t *testing.T) {
	for ref, want := range map[string]string{
		"maven:3.8.6-openjdk-18":            "rhel/oraclelinux8/microdnf",
		"maven:3-openjdk-17":                "rhel/oraclelinux8/microdnf",
		"maven:3.6-openjdk-15":              "rhel/oraclelinux8/microdnf",
		"maven:3-openjdk":                   "rhel/oraclelinux8/microdnf",
		"maven:3.8-openjdk-18-slim":         "debian//apt",
		"maven:3.8.6-openjdk-11":            "debian//apt",
		"maven:3.6.3-openjdk-8":             "debian//apt",
		"maven:3.6.3-jdk-8":                 "debian//apt",
		"maven:3.6-jdk-12":                  "rhel/oraclelinux7/yum",
		"maven:3.6.3-jdk-13":                "rhel/oraclelinux7/yum",
		"maven:3.6.2-jdk-14":                "rhel/oraclelinux7/yum",
		"maven:3.6.3-jdk-14":                "rhel/oraclelinux8/microdnf",
		"maven:3.6.1-jdk-13-alpine":         "alpine//apk",
		"maven:3.6.3-jdk-11-openj9":         "ubuntu//apt",
		"maven:3.8-adoptopenjdk-16":         "ubuntu//apt",
		"maven:3.9.16-sapmachine-21":        "ubuntu//apt",
		"maven:3.9.16-ibmjava-8":            "ubuntu//apt",
		"maven:3.5-jdk-8-alpine":            "alpine//apk",
		"maven:3.9-amazoncorretto-8-debian": "debian/trixie/apt",
		"maven:3.6.2":                       "debian//apt",
		"maven:3.3-onbuild":                 "debian//apt",
		"maven:3.6.3":                       "rhel//microdnf",
		"maven:3.8.4":                       "rhel//microdnf",
		"maven:3.8.6":                       "ubuntu//apt",
		"gradle:4.10.2-jdk8":                "debian//apt",
		"gradle:4.7-jdk9":                   "debian//apt",
		"gradle:jdk10":                      "debian//apt",
		"gradle:5.4.1-jdk8-slim":            "debian//apt",
		"gradle:5.4.1-jre11":                "debian//apt",
		"gradle:5.4.1-jdk8":                 "ubuntu//apt",
		"gradle:6.9-jdk11":                  "ubuntu/jammy/apt",
		"gradle:4.10.2-jdk8-alpine":         "alpine//apk",
		"gradle:8.14.4-jdk17-ubi":           "rhel//microdnf",
		"gradle:8.14-jdk17-ubi9":            "rhel/ubi9/microdnf",
		"gradle:8.14.5-jdk17-corretto":      "amazon//yum",
		"openjdk:18-jdk":                    "rhel/oraclelinux8/microdnf",
		"openjdk:12":                        "rhel/oraclelinux7/yum",
		"oraclelinux:7-slim":                "rhel/oraclelinux7/yum",
	} {
		i, ok := Lookup(ref)
		if got := i.Distro + "/" + i.Suite + "/" + i.PackageManager; !ok || got != want {
			t.Errorf("%s: %v %s, want %s", ref, ok, got, want)
		}
	}
	for ref, tools := range map[string]bool{"openjdk:17": false, "maven:3-openjdk-18": false, "openjdk:17-slim": true} {
		if i, _ := Lookup(ref); i.UserTools != tools {
			t.Errorf("%s: tools for users %v, want %v", ref, i.UserTools, tools)
		}
	}
}
