/** Creates a user, reads it back, and deletes it. */
import { deepStrictEqual, ok } from "node:assert";
import { Configuration, CoreApi, ResponseError } from "./client";

async function main(): Promise<void> {
  const api = new CoreApi(
    new Configuration({ basePath: `${process.env.ROLLCALL_URL}/api/v3`, accessToken: process.env.ROLLCALL_TOKEN }),
  );
  const userRequest = { username: "typescript", name: "TypeScript", attributes: { team: "clients" } };
  const user = await api.coreUsersCreate({ userRequest });
  deepStrictEqual(user.attributes, { team: "clients" });
  deepStrictEqual(await api.coreUsersRetrieve({ id: user.pk }), user);
  const error = await api.coreUsersCreate({ userRequest }).catch((error: unknown) => error);
  ok(error instanceof ResponseError);
  deepStrictEqual(await error.response.json(), { username: ["This field must be unique."] });
  await api.coreUsersDestroy({ id: user.pk });
}

void main();
