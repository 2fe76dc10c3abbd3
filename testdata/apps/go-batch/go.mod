module batch

go 1.23
