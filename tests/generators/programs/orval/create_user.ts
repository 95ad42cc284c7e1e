/** Creates a user, reads it back, and deletes it. */
import { deepStrictEqual, ok } from "node:assert";
import { coreUsersCreate, coreUsersDestroy, coreUsersRetrieve } from "./client";

async function main(): Promise<void> {
  const options = { headers: { Authorization: `Bearer ${process.env.ROLLCALL_TOKEN}` } };
  const name = `orval-${process.pid}`;
  const body = { username: name, name: "orval", email: `${name}@example.com`, attributes: { team: "x" } };

  const created = await coreUsersCreate(body, options);
  if (created.status !== 201) throw new Error(JSON.stringify(created.data));
  const user = created.data;
  ok(user.pk > 0);
  deepStrictEqual(user.attributes, { team: "x" });

  const retrieved = await coreUsersRetrieve(user.pk, options);
  deepStrictEqual(retrieved.data, user);

  const refused = await coreUsersCreate({ ...body, username: "" }, options);
  if (refused.status !== 400) throw new Error(JSON.stringify(refused.data));
  deepStrictEqual(refused.data.username, ["This field may not be blank."]);

  const deleted = await coreUsersDestroy(user.pk, options);
  deepStrictEqual(deleted.status, 204);
}

void main();
