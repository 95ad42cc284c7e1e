// Uses the server through authentik's JavaScript clients of 2024.8 and 2026.8 in turn: each has to see what the other
// wrote, and must not lose what it doesn't know.
//
// Needs Node 20, and `npm ci` in this directory. Run by
// `tests/support/with-server node tests/clients/node/in_turn.mjs`.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ATTRIBUTES, check, checkRefused, report, run, token } from './checks.mjs';
import { clients } from './clients.mjs';

const connect = { older: clients['2024.8'].connect, newer: clients['2026.8'].connect };
const older = connect.older().core;
const newer = connect.newer().core;

/** Compares two answers in what both have; the groups embedded in a user have other fields. */
function checkSame(what, old, recent) {
  const names = (answer, other) => Object.keys(answer).filter((name) => name in other && !name.endsWith('Obj')).sort();
  const common = (answer, other) => Object.fromEntries(names(answer, other).map((name) => [name, answer[name]]));
  assert.ok(names(old, recent).length >= 5, `${what} has hardly any fields in common`);
  check(what, common(old, recent), common(recent, old));
}

async function createGroups() {
  const first = await older.coreGroupsCreate({ groupRequest: { name: `first-${run}` } });
  const second = await newer.coreGroupsCreate({ groupRequest: { name: `second-${run}`, isSuperuser: true } });
  const groupRequest = { name: `group-${run}`, parent: first.pk, attributes: ATTRIBUTES };
  const group = await older.coreGroupsCreate({ groupRequest });
  return { first, second, group };
}

/** What each client sees above a group. */
async function checkAbove(what, { pk: groupUuid }, ...parents) {
  const old = await older.coreGroupsRetrieve({ groupUuid });
  check(`${what}: the old client's parent`, [old.parent, old.parentName], [parents[0]?.pk, parents[0]?.name ?? null]);
  const recent = await newer.coreGroupsRetrieve({ groupUuid, includeParents: true });
  check(`${what}: the new client's parents`, recent.parents, parents.map(({ pk }) => pk));
  check(`${what}: their names`, recent.parentsObj.map(({ name }) => name), parents.map(({ name }) => name));
  checkSame(`${what}: the rest`, old, recent);
  for (const parent of parents) {
    const { children } = await newer.coreGroupsRetrieve({ groupUuid: parent.pk });
    check(`${what}: the children of ${parent.name}`, children.includes(groupUuid), true);
  }
  const filters = { name: recent.name };
  check(`${what}: the old client's list`, (await older.coreGroupsList(filters)).results, [old]);
  const listed = await newer.coreGroupsList({ ...filters, includeParents: true });
  check(`${what}: the new client's list`, listed.results, [recent]);
}

async function changeGroup(group, first, second) {
  const groupUuid = group.pk;
  const patchOld = (patchedGroupRequest) => older.coreGroupsPartialUpdate({ groupUuid, patchedGroupRequest });
  const patchNew = (patchedGroupRequest) => newer.coreGroupsPartialUpdate({ groupUuid, patchedGroupRequest });
  const both = [first.pk, second.pk];

  await checkAbove('a parent by the old client', group, first);
  await patchNew({ parents: both });
  await checkAbove('two parents by the new client', group, first, second);
  await patchOld({ name: `named-${run}` });
  await checkAbove('a name by the old client', group, first, second);
  await patchOld({ attributes: { by: 'the old client' }, isSuperuser: true });
  await checkAbove('more fields by the old client', group, first, second);
  await patchNew({ name: `group-${run}`, attributes: ATTRIBUTES, isSuperuser: false });
  await checkAbove('fields by the new client', group, first, second);

  await patchOld({ parent: second.pk });
  await checkAbove('another parent by the old client', group, second);
  await patchNew({ parents: both.toReversed() });
  await checkAbove('two parents in another order', group, second, first);
  await patchOld({ parent: null });
  await checkAbove('no parent by the old client', group);
  await patchNew({ parents: both });
  await patchNew({ parents: [] });
  await checkAbove('no parents by the new client', group);

  const groupRequest = { name: `group-${run}` };
  await patchNew({ parents: both });
  await older.coreGroupsUpdate({ groupUuid, groupRequest: { ...groupRequest, parent: second.pk } });
  await checkAbove('a replacement with a parent by the old client', group, second);
  await newer.coreGroupsUpdate({ groupUuid, groupRequest: { ...groupRequest, parents: both } });
  await checkAbove('a replacement with two parents by the new client', group, first, second);
  await older.coreGroupsUpdate({ groupUuid, groupRequest });
  await checkAbove('a replacement without a parent by the old client', group);
  await patchNew({ parents: both });
}

/** What each client sees of a user. */
async function checkUser(what, { pk: id }, expected) {
  const old = await older.coreUsersRetrieve({ id });
  const recent = await newer.coreUsersRetrieve({ id });
  checkSame(what, old, recent);
  const groups = ({ groupsObj }) => groupsObj.map(({ pk, numPk, name }) => [pk, numPk, name]);
  check(`the groups of ${what}`, groups(old), groups(recent));
  for (const [name, value] of Object.entries(expected)) check(`${name} of ${what}`, recent[name], value);
  const filters = { username: recent.username };
  check(`${what}, listed by the old client`, (await older.coreUsersList(filters)).results, [old]);
  check(`${what}, listed by the new client`, (await newer.coreUsersList(filters)).results, [recent]);
  return recent;
}

async function changeUser(group) {
  const userAccountRequest = (user) => ({ groupUuid: group.pk, userAccountRequest: { pk: user.pk } });
  const userRequest = {
    username: `user-${run}`, name: 'Grace', email: `grace-${run}@example.com`, attributes: ATTRIBUTES,
    groups: [group.pk], lastLogin: new Date('2024-05-06T07:08:09.123Z'),
  };
  const user = await older.coreUsersCreate({ userRequest });
  // The group is below two, and only the second of them gives this.
  const made = await checkUser('the new user', user, { ...userRequest, isSuperuser: true, roles: [], rolesObj: [] });

  const id = user.pk;
  const steps = [
    ['a name by the new client', { name: 'Ada' },
      () => newer.coreUsersPartialUpdate({ id, patchedUserRequest: { name: 'Ada', roles: [] } })],
    ['attributes by the old client', { attributes: { a: 1 }, name: 'Ada' },
      () => older.coreUsersPartialUpdate({ id, patchedUserRequest: { attributes: { a: 1 } } })],
    ['leaving by the new client', { groups: [], isSuperuser: false },
      () => newer.coreGroupsRemoveUserCreate(userAccountRequest(user))],
    ['joining by the old client', { groups: [group.pk], isSuperuser: true },
      () => older.coreGroupsAddUserCreate(userAccountRequest(user))],
    ['a state by the new client', { isActive: false },
      () => newer.coreUsersPartialUpdate({ id, patchedUserRequest: { isActive: false } })],
    ['a replacement by the old client', { username: `user2-${run}`, name: '', isActive: false, groups: [] },
      () => older.coreUsersUpdate({ id, userRequest: { username: `user2-${run}`, name: '' } })],
    ['a replacement by the new client', { ...userRequest, isActive: true },
      () => newer.coreUsersUpdate({ id, userRequest: { ...userRequest, isActive: true } })],
  ];
  let { lastUpdated } = made;
  for (const [what, expected, step] of steps) {
    // The clients see milliseconds.
    await sleep(2);
    await step();
    const { dateJoined, passwordChangeDate } = made;
    const found = await checkUser(what, user, { ...expected, dateJoined, passwordChangeDate });
    check(`${what} is later`, found.lastUpdated > lastUpdated, true);
    lastUpdated = found.lastUpdated;
  }
  await sleep(2);
  await older.coreUsersSetPasswordCreate({ id, userPasswordSetRequest: { password: 'correct horse battery staple' } });
  const { passwordChangeDate } = await newer.coreUsersRetrieve({ id });
  check('a password by the old client is later', passwordChangeDate > lastUpdated, true);
  return user;
}

/** What each client sees of a token. */
async function checkToken(what, identifier, expected) {
  const old = await older.coreTokensRetrieve({ identifier });
  const recent = await newer.coreTokensRetrieve({ identifier });
  checkSame(what, old, recent);
  checkSame(`the user of ${what}`, old.userObj, recent.userObj);
  for (const [name, value] of Object.entries(expected)) check(`${name} of ${what}`, recent[name], value);
  const { key } = await older.coreTokensViewKeyRetrieve({ identifier });
  check(`the key of ${what}`, await newer.coreTokensViewKeyRetrieve({ identifier }), { key });
  for (const kind of [connect.older, connect.newer]) {
    check(`who calls with ${what}`, (await kind(key).core.coreUsersMeRetrieve()).user.pk, recent.user);
  }
  return key;
}

async function changeToken(user) {
  const identifier = `token-${run}`;
  const tokenRequest = { identifier, user: user.pk, intent: 'api', description: 'Backup', expiring: false };
  await older.coreTokensCreate({ tokenRequest });
  await checkToken('the new token', identifier, { ...tokenRequest, expires: undefined });
  const expires = new Date('2999-12-31T23:59:59.000Z');
  const patch = { description: 'Nightly', expires, expiring: true };
  await newer.coreTokensPartialUpdate({ identifier, patchedTokenRequest: patch });
  await checkToken('a patch by the new client', identifier, { ...patch, user: user.pk });
  const managed = `by-${run}`;
  await older.coreTokensPartialUpdate({ identifier, patchedTokenRequest: { managed } });
  await checkToken('a patch by the old client', identifier, { ...patch, managed });
  for (const [client, key] of [[older, `old-${run}`], [newer, `new-${run}`]]) {
    await client.coreTokensSetKeyCreate({ identifier, tokenSetKeyRequest: { key } });
    check(`the key ${key}`, await checkToken('a token with another key', identifier, {}), key);
  }
  for (const client of [older, newer]) {
    const { results } = await client.coreTokensList({ search: identifier });
    check('the list of tokens', results, [await client.coreTokensRetrieve({ identifier })]);
  }
  await newer.coreTokensDestroy({ identifier });
  const detail = 'No Token matches the given query.';
  await checkRefused('a deleted token', older.coreTokensRetrieve({ identifier }), 404, { detail });
}

/** What the server says of itself, and of the caller. */
async function about() {
  const [old, recent] = [connect.older(token), connect.newer(token)];
  check('the version', await old.admin.adminVersionRetrieve(), await recent.admin.adminVersionRetrieve());
  checkSame('the configuration', await old.root.rootConfigRetrieve(), await recent.root.rootConfigRetrieve());
  const [before, now] = [await older.coreUsersMeRetrieve(), await newer.coreUsersMeRetrieve()];
  checkSame('the caller', before.user, now.user);
  check('what is new of the caller', [now.user.isCurrent, now.user.roles, now.users], [true, [], [now.user]]);
}

async function destroy(user, group, first, second) {
  await newer.coreUsersDestroy({ id: user.pk });
  const noUser = { detail: 'No User matches the given query.' };
  await checkRefused('a deleted user', older.coreUsersRetrieve({ id: user.pk }), 404, noUser);
  await checkAbove('before its first parent is deleted', group, first, second);
  await older.coreGroupsDestroy({ groupUuid: first.pk });
  await checkAbove('after its first parent was deleted', group, second);
  await older.coreGroupsDestroy({ groupUuid: group.pk });
  const noGroup = { detail: 'No Group matches the given query.' };
  await checkRefused('a deleted group', newer.coreGroupsRetrieve({ groupUuid: group.pk }), 404, noGroup);
  check('the children that are left', (await newer.coreGroupsRetrieve({ groupUuid: second.pk })).children, []);
  await newer.coreGroupsDestroy({ groupUuid: second.pk });
}

const { first, second, group } = await createGroups();
await changeGroup(group, first, second);
const user = await changeUser(group);
await changeToken(user);
await about();
await destroy(user, group, first, second);
report('2024.8 and 2026.8 in turn');
