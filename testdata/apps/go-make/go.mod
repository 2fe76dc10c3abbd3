module example.org/versiond

go 1.23
