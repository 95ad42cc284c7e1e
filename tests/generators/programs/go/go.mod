module example.com/create_user

go 1.18

require example.com/client v0.0.0

replace example.com/client => ./client
