/** Creates a user, reads it back, and deletes it. */
import { deepStrictEqual, ok } from "node:assert";
import createClient from "openapi-fetch";
import type { paths } from "./client/schema";

async function main(): Promise<void> {
  const client = createClient<paths>({
    baseUrl: `${process.env.ROLLCALL_URL}/api/v3`,
    headers: { Authorization: `Bearer ${process.env.ROLLCALL_TOKEN}` },
  });
  const name = `openapi-typescript-${process.pid}`;
  const body = { username: name, name: "openapi-typescript", email: `${name}@example.com`, attributes: { team: "x" } };

  const { data: user, error } = await client.POST("/core/users/", { body });
  if (!user) throw new Error(JSON.stringify(error));
  ok(user.pk > 0);
  deepStrictEqual(user.attributes, { team: "x" });

  const params = { path: { id: user.pk } };
  const retrieved = await client.GET("/core/users/{id}/", { params });
  deepStrictEqual(retrieved.data, user);

  const refused = await client.POST("/core/users/", { body: { ...body, username: "" } });
  deepStrictEqual(refused.response.status, 400);
  deepStrictEqual(refused.error, { username: ["This field may not be blank."] });

  const deleted = await client.DELETE("/core/users/{id}/", { params });
  deepStrictEqual(deleted.response.status, 204);
}

void main();
