/** Creates a user, reads it back, and deletes it. */
import { deepStrictEqual, ok } from "node:assert";
import { coreUsersCreate, coreUsersDestroy, coreUsersRetrieve } from "./client";
import { client } from "./client/client.gen";

async function main(): Promise<void> {
  client.setConfig({ baseUrl: `${process.env.ROLLCALL_URL}/api/v3`, auth: process.env.ROLLCALL_TOKEN });
  const name = `hey-api-${process.pid}`;
  const body = { username: name, name: "hey-api", email: `${name}@example.com`, attributes: { team: "x" } };

  const { data: user } = await coreUsersCreate({ body, throwOnError: true });
  ok(user.pk > 0);
  deepStrictEqual(user.attributes, { team: "x" });

  const path = { id: user.pk };
  const retrieved = await coreUsersRetrieve({ path, throwOnError: true });
  deepStrictEqual(retrieved.data, user);

  const refused = await coreUsersCreate({ body: { ...body, username: "" } });
  deepStrictEqual(refused.response?.status, 400);
  deepStrictEqual(refused.error, { username: ["This field may not be blank."] });

  const deleted = await coreUsersDestroy({ path, throwOnError: true });
  deepStrictEqual(deleted.response.status, 204);
}

void main();
