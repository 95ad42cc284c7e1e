import org.openapitools.client.apis.CoreApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.models.UserRequest

/** Creates a user, reads it back, and deletes it. */
fun main() {
    ApiClient.accessToken = System.getenv("ROLLCALL_TOKEN")
    val api = CoreApi(System.getenv("ROLLCALL_URL") + "/api/v3")
    val request = UserRequest(username = "kotlin", name = "Kotlin", attributes = mapOf("team" to "clients"))
    val user = api.coreUsersCreate(request)
    check(user.attributes == mapOf("team" to "clients")) { user }
    check(api.coreUsersRetrieve(user.pk) == user) { user }
    try {
        api.coreUsersCreate(request)
        error("the username is taken")
    } catch (exception: ClientException) {
        val body = (exception.response as ClientError<*>).body.toString()
        check(exception.statusCode == 400 && "must be unique" in body) { body }
    }
    api.coreUsersDestroy(user.pk)
}
