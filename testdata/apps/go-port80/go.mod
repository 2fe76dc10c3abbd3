module visits

go 1.23
