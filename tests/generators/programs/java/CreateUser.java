import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.CoreApi;
import org.openapitools.client.model.User;
import org.openapitools.client.model.UserRequest;

/** Creates a user, reads it back, and deletes it. */
public class CreateUser {
  public static void main(String[] arguments) throws ApiException {
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv("ROLLCALL_URL") + "/api/v3");
    client.setRequestInterceptor(
        request -> request.header("Authorization", "Bearer " + System.getenv("ROLLCALL_TOKEN")));
    CoreApi api = new CoreApi(client);
    UserRequest request = new UserRequest().username("java").name("Java").attributes(Map.of("team", "clients"));
    User user = api.coreUsersCreate(request);
    check(user.getAttributes().equals(Map.of("team", "clients")), user);
    check(api.coreUsersRetrieve(user.getPk()).equals(user), user);
    try {
      api.coreUsersCreate(request);
      check(false, "the username is taken");
    } catch (ApiException error) {
      check(error.getCode() == 400 && error.getResponseBody().contains("must be unique"), error);
    }
    api.coreUsersDestroy(user.getPk());
  }

  private static void check(boolean condition, Object value) {
    if (!condition) {
      throw new AssertionError(value);
    }
  }
}
