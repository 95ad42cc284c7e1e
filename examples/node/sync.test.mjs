// Tests of sync.mjs against the stand-in. Run by `node --test`.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { StandIn } from './stand-in.mjs';
import { sync } from './sync.mjs';

const PEOPLE = [{ username: 'ada', name: 'Ada Lovelace' }, { username: 'grace', name: 'Grace Hopper' }];

let authentik;
let waits;

before(async () => {
  authentik = await StandIn.start({ seed: new URL('seed.yaml', import.meta.url) });
});
beforeEach(async () => {
  await authentik.reset();
  waits = [];
});
after(() => authentik?.stop());

// The tests don't wait, but note for how many milliseconds the tool would have.
const run = (people, token = authentik.token) =>
  sync(people, { api: authentik.api, token, wait: async (milliseconds) => waits.push(milliseconds) });

const statuses = async (operation) => (await authentik.requests(operation)).map(({ status }) => status);

test('only missing users are created', async () => {
  assert.deepEqual(await run(PEOPLE), ['grace']); // ada is in the seed

  const [request, ...others] = await authentik.requests('core_users_create');
  assert.deepEqual([request.body, request.status, others], [PEOPLE[1], 201, []]);
  assert.equal((await authentik.get('core/users/?username=grace')).results[0].name, 'Grace Hopper');
});

test('a second run changes nothing', async () => {
  await run(PEOPLE);
  await authentik.forgetRequests();

  assert.deepEqual(await run(PEOPLE), []);
  assert.deepEqual((await authentik.requests()).map(({ method }) => method), ['GET']);
});

test('every page is read', async () => {
  const crowd = Array.from({ length: 150 }, (_, number) => ({ username: `user-${number}`, name: '' }));
  assert.equal((await run(crowd)).length, 150);
  await authentik.forgetRequests();

  assert.deepEqual(await run(crowd), []);
  const pages = (await authentik.requests('core_users_list')).map(({ query }) => query.page);
  assert.deepEqual(pages, [['1'], ['2']]);
});

test('it waits as long as a busy server says', async () => {
  await authentik.fault({ operation: 'core_users_create', status: 429, headers: { 'Retry-After': '7' } });
  await authentik.fault({ operation: 'core_users_list', status: 503, count: 2 });

  assert.deepEqual(await run(PEOPLE), ['grace']);
  assert.deepEqual(waits, [1000, 1000, 7000]);
  assert.deepEqual(await statuses('core_users_create'), [429, 201]);
});

test('it gives up on a server that stays busy', async () => {
  await authentik.fault({ operation: 'core_users_create', status: 503, count: null });

  await assert.rejects(run(PEOPLE), { status: 503 });
  assert.deepEqual(await statuses('core_users_create'), [503, 503, 503]);
});

test('a lost response creates nobody twice', async () => {
  await authentik.fault({ operation: 'core_users_create', drop: true, after: true });

  assert.deepEqual(await run(PEOPLE), ['grace']);
  assert.deepEqual(await statuses('core_users_create'), [null]);
  assert.equal((await authentik.get('core/users/?username=grace')).pagination.count, 1);
});

test('a connection that is lost before the write is an error', async () => {
  await authentik.fault({ operation: 'core_users_create', drop: true });

  await assert.rejects(run(PEOPLE), { message: 'fetch failed' });
  assert.deepEqual((await authentik.get('core/users/?username=grace')).results, []);
});

test('an expired token is an error', async () => {
  await authentik.setTime('2026-12-30T00:00:00Z');
  assert.deepEqual(await run(PEOPLE, 'the-key-of-sync'), ['grace']);

  await authentik.advance(2 * 24 * 60 * 60);
  await assert.rejects(run(PEOPLE, 'the-key-of-sync'), { status: 403 });
});
