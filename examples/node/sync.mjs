// The tool under test: creates the users who are missing in authentik.

import { setTimeout as sleep } from 'node:timers/promises';

/** Returns the usernames that were created. Rejects if a request fails. */
export async function sync(people, { api, token, wait = sleep }) {
  const call = (path, body) => send(`${api}/${path}`, token, body, wait);
  const existing = await usernames(call);
  const missing = people.filter(({ username }) => !existing.has(username));
  for (const person of missing) {
    try {
      await call('core/users/', person);
    } catch (error) {
      // If the connection was lost, the user may have been created.
      if (!(await usernames(call)).has(person.username)) throw error;
    }
  }
  return missing.map(({ username }) => username);
}

async function usernames(call) {
  const found = new Set();
  let page = 1;
  while (page) {
    const { results, pagination } = await call(`core/users/?page_size=100&page=${page}`);
    results.forEach(({ username }) => found.add(username));
    page = pagination.next; // 0 on the last page
  }
  return found;
}

/** Sends a request, again if the server is busy. */
async function send(url, token, body, wait, attempts = 3) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
  if (response.ok) return response.json();
  if (![429, 503].includes(response.status) || attempts === 1) {
    throw Object.assign(new Error(`${response.status}: ${await response.text()}`), { status: response.status });
  }
  await wait(1000 * Number(response.headers.get('retry-after') ?? 1));
  return send(url, token, body, wait, attempts - 1);
}
