// Creates a user, reads it back, and deletes it.
package main

import (
	"context"
	"log"
	"os"
	"reflect"

	openapi "example.com/client"
)

func main() {
	configuration := openapi.NewConfiguration()
	configuration.Servers = openapi.ServerConfigurations{{URL: os.Getenv("ROLLCALL_URL") + "/api/v3"}}
	configuration.AddDefaultHeader("Authorization", "Bearer "+os.Getenv("ROLLCALL_TOKEN"))
	api := openapi.NewAPIClient(configuration).CoreAPI
	ctx := context.Background()

	request := openapi.NewUserRequest("go", "Go")
	request.SetAttributes(map[string]interface{}{"team": "clients"})
	user, _, err := api.CoreUsersCreate(ctx).UserRequest(*request).Execute()
	if err != nil || user.GetAttributes()["team"] != "clients" {
		log.Fatal("create: ", user, err)
	}
	read, _, err := api.CoreUsersRetrieve(ctx, user.GetPk()).Execute()
	if err != nil || !reflect.DeepEqual(read, user) {
		log.Fatal("read: ", read, err)
	}
	_, response, err := api.CoreUsersCreate(ctx).UserRequest(*request).Execute()
	if err == nil || response.StatusCode != 400 {
		log.Fatal("the username is taken: ", err)
	}
	if _, err = api.CoreUsersDestroy(ctx, user.GetPk()).Execute(); err != nil {
		log.Fatal("delete: ", err)
	}
}
