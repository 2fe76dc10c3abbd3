module example.org/cached

go 1.23
