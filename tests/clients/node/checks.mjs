// Shared by all checks.

import assert from 'node:assert/strict';

export const { ROLLCALL_URL: url, ROLLCALL_TOKEN: token } = process.env;
assert.ok(url && token, 'ROLLCALL_URL and ROLLCALL_TOKEN have to be set; tests/support/with-server does that');
// Allows several runs against the same server.
export const run = crypto.randomUUID().slice(0, 8);
export const UNKNOWN = '5f0c5f5e-0000-4000-8000-00000000dead';
export const ATTRIBUTES = { badge: Number.MAX_SAFE_INTEGER, nested: { a: [{ b: true }, [], {}, 'Zürich 世界 😀'] } };

// In case a request hangs.
setTimeout(() => {
  console.error('the test took too long');
  process.exit(1);
}, 60_000).unref();

let checks = 0;
export const report = (client) => console.log(`${checks} checks passed with ${client}`);

export function check(what, found, expected) {
  assert.deepEqual(found, expected, what);
  checks += 1;
}

export async function checkRefused(what, call, status, body) {
  const refusal = await call.then(() => assert.fail(`${what} was not refused`), (error) => error);
  // Anything but a response, such as a lost connection, is an error. Each client has a class of its own for it.
  if (refusal.name !== 'ResponseError') throw refusal;
  check(`status of ${what}`, refusal.response.status, status);
  check(`body of ${what}`, await refusal.response.json(), body);
}

/** An answer without what the client turns from null into undefined. */
export const given = (answer) => Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));
