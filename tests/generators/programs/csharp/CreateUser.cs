using System;
using System.Collections.Generic;
using Org.OpenAPITools.Api;
using Org.OpenAPITools.Client;
using Org.OpenAPITools.Model;

/// <summary>Creates a user, reads it back, and deletes it.</summary>
public static class CreateUser
{
    public static void Main()
    {
        var api = new CoreApi(new Configuration
        {
            BasePath = Environment.GetEnvironmentVariable("ROLLCALL_URL") + "/api/v3",
            AccessToken = Environment.GetEnvironmentVariable("ROLLCALL_TOKEN"),
        });
        // The client always sends `is_active`; by default, it is false.
        var request = new UserRequest(username: "csharp", name: "C#", isActive: true,
            attributes: new Dictionary<string, object> { { "team", "clients" } });
        User user = api.CoreUsersCreate(request);
        Check((string)user.Attributes["team"] == "clients", user);
        Check(api.CoreUsersRetrieve(user.Pk).ToJson() == user.ToJson(), user);
        try
        {
            api.CoreUsersCreate(request);
            Check(false, "the username is taken");
        }
        catch (ApiException error)
        {
            Check(error.ErrorCode == 400 && error.Message.Contains("must be unique"), error);
        }
        api.CoreUsersDestroy(user.Pk);
    }

    private static void Check(bool condition, object value)
    {
        if (!condition)
        {
            throw new Exception(value.ToString());
        }
    }
}
