// Uses the server through authentik's published JavaScript client, unmodified. Requests and responses that it rejects
// fail.
//
// Needs Node 20, and `npm ci` in this directory. Run by
// `tests/support/with-server node tests/clients/node/users_and_groups.mjs`.

import assert from 'node:assert/strict';
// The package is CommonJS under Node, so its names come through the default import.
import authentik from '@goauthentik/api';

const { ROLLCALL_URL: url, ROLLCALL_TOKEN: token } = process.env;
assert.ok(url && token, 'ROLLCALL_URL and ROLLCALL_TOKEN have to be set; tests/support/with-server does that');
// Allows several runs against the same server.
const run = crypto.randomUUID().slice(0, 8);
const UNKNOWN = '5f0c5f5e-0000-4000-8000-00000000dead';
const ATTRIBUTES = { badge: Number.MAX_SAFE_INTEGER, nested: { a: [{ b: true }, [], {}, 'Zürich 世界 😀'] } };

// In case a request hangs.
setTimeout(() => {
  console.error('the test took too long');
  process.exit(1);
}, 60_000).unref();

let checks = 0;
function check(what, found, expected) {
  assert.deepEqual(found, expected, what);
  checks += 1;
}

const connect = (accessToken) =>
  new authentik.CoreApi(new authentik.Configuration({ basePath: `${url}/api/v3`, accessToken }));
const api = connect(token);

async function checkRefused(what, call, status, body) {
  const refusal = await call.then(() => assert.fail(`${what} was not refused`), (error) => error);
  // Anything but a response, such as a lost connection, is an error.
  if (!(refusal instanceof authentik.ResponseError)) throw refusal;
  check(`status of ${what}`, refusal.response.status, status);
  check(`body of ${what}`, await refusal.response.json(), body);
}

/** An answer without what the client turns from null into undefined. */
const given = (answer) => Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));

const userInGroup = ({ pk, username, name, isActive, lastLogin, email, attributes, uid }) =>
  ({ pk, username, name, isActive, lastLogin, email, attributes, uid });

async function createGroups() {
  const top = await api.coreGroupsCreate({ groupRequest: { name: `top-${run}`, isSuperuser: true } });
  const groupRequest = {
    name: `below-${run}`, isSuperuser: false, parent: top.pk, users: [], attributes: ATTRIBUTES, roles: [],
  };
  const below = await api.coreGroupsCreate({ groupRequest });
  const made = { pk: below.pk, numPk: below.numPk, parentName: top.name, usersObj: [], rolesObj: [] };
  check('the group', given(below), { ...groupRequest, ...made });
  check('the group, read', await api.coreGroupsRetrieve({ groupUuid: below.pk }), below);
  return { top, below };
}

async function createUsers(group) {
  const users = [];
  for (const type of ['internal', 'external', 'service_account']) {
    const userRequest = {
      username: `${type}.${run}`, name: 'Grace Hopper', isActive: type !== 'external', groups: [group.pk], type,
      lastLogin: new Date('2024-05-06T07:08:09.123Z'), email: `grace-${run}@example.com`, attributes: ATTRIBUTES,
      path: `staff/${run}`,
    };
    const user = await api.coreUsersCreate({ userRequest });
    const { pk, uid, uuid, avatar, groupsObj, isSuperuser, ...rest } = user;
    check('the user', rest, userRequest);
    check('isSuperuser, which the group above gives', isSuperuser, true);
    check('the groups of the user', groupsObj.map(({ pk, name, parent }) => [pk, name, parent]),
      [[group.pk, group.name, group.parent]]);
    assert.match(`${pk} ${uid} ${uuid} ${avatar}`, /^\d+ [0-9a-f]{64} [0-9a-f-]{36} data:image\/svg\+xml;base64,/);
    check('the user, read', await api.coreUsersRetrieve({ id: pk }), user);
    users.push(user);
  }
  return users;
}

async function listUsers(users, group) {
  const pks = async (filters) =>
    (await api.coreUsersList({ ordering: 'pk', ...filters })).results.map((user) => user.pk);
  const [internal, external, service] = users.map((user) => user.pk);
  check('by username', await pks({ username: `internal.${run}` }), [internal]);
  check('by the name of a group', await pks({ groupsByName: [group.name] }), [internal, external, service]);
  check('by the id of a group', await pks({ groupsByPk: [group.pk], isActive: true }), [internal, service]);
  check('by types', await pks({ type: ['external', 'service_account'], path: `staff/${run}` }), [external, service]);
  const attributes = '{"nested__a__0__b": true}';
  check('by attributes', await pks({ attributes, search: run }), [internal, external, service]);
  check('by what nobody has', await pks({ email: `nobody-${run}@example.com` }), []);
  check('without groups', (await api.coreUsersList({ uuid: users[0].uuid, includeGroups: false })).results,
    [{ ...users[0], groupsObj: null }]);

  const found = [];
  for (let page = 1; page !== 0; ) {
    const filters = { pathStartswith: `staff/${run}`, ordering: '-username' };
    const answer = await api.coreUsersList({ ...filters, page, pageSize: 2 });
    const [startIndex, endIndex] = page === 1 ? [1, 2] : [3, 3];
    check(`page ${page}`, answer.pagination, {
      next: page === 1 ? 2 : 0, previous: page - 1, count: 3, current: page, totalPages: 2, startIndex, endIndex,
    });
    found.push(...answer.results);
    page = answer.pagination.next;
  }
  check('all pages', found, [users[2], users[0], users[1]]);
  check('the paths', (await api.coreUsersPathsRetrieve({ search: run })).paths, [`staff/${run}`]);
}

async function changeUser(user, group) {
  const patched = await api.coreUsersPartialUpdate({
    id: user.pk, patchedUserRequest: { name: 'Ada Lovelace', groups: [], lastLogin: null },
  });
  const changed = { name: 'Ada Lovelace', groups: [], groupsObj: [], isSuperuser: false, lastLogin: undefined };
  // The avatar shows the initials of the new name.
  const expected = { ...user, ...changed, avatar: patched.avatar };
  assert.notEqual(patched.avatar, user.avatar);
  check('the changed user', patched, expected);

  await api.coreGroupsAddUserCreate({ groupUuid: group.pk, userAccountRequest: { pk: user.pk } });
  check('the groups of the new member', (await api.coreUsersRetrieve({ id: user.pk })).groups, [group.pk]);
  await api.coreGroupsRemoveUserCreate({ groupUuid: group.pk, userAccountRequest: { pk: user.pk } });
  check('the user that was removed', await api.coreUsersRetrieve({ id: user.pk }), expected);

  const userRequest = { username: `renamed.${run}`, name: '' };
  const replaced = await api.coreUsersUpdate({ id: user.pk, userRequest });
  check('the replaced user', replaced, { ...expected, ...userRequest, avatar: replaced.avatar });
}

async function changeGroup(group, users) {
  const filters = { membersByUsername: [users[1].username, users[2].username] };
  const { results } = await api.coreGroupsList(filters);
  check('groups by the names of members', results.map(({ pk }) => pk), [group.pk]);
  check('the members', results[0].usersObj, users.slice(1).map(userInGroup));
  const short = await api.coreGroupsList({ ...filters, includeUsers: false });
  check('groups without members', short.results, [{ ...results[0], usersObj: null }]);

  const patchedGroupRequest = { name: `patched-${run}`, users: [users[1].pk] };
  const patched = await api.coreGroupsPartialUpdate({ groupUuid: group.pk, patchedGroupRequest });
  check('the changed group', patched, { ...group, ...patchedGroupRequest, usersObj: [userInGroup(users[1])] });
  const updated = await api.coreGroupsUpdate({ groupUuid: group.pk, groupRequest: { name: `updated-${run}` } });
  check('the replaced group', given(updated), {
    pk: group.pk, numPk: group.numPk, name: `updated-${run}`, isSuperuser: false, parentName: null, users: [],
    usersObj: [], attributes: ATTRIBUTES, roles: [], rolesObj: [],
  });
}

async function refusals(user) {
  const wrong = { username: '', groups: [UNKNOWN] };
  await checkRefused('several wrong fields', api.coreUsersCreate({ userRequest: wrong }), 400, {
    username: ['This field may not be blank.'],
    name: ['This field is required.'],
    groups: [`Invalid pk "${UNKNOWN}" - object does not exist.`],
  });
  const taken = api.coreUsersCreate({ userRequest: { username: user.username, name: '' } });
  await checkRefused('a taken name', taken, 400, { username: ['This field must be unique.'] });
  const stranger = 'Authentication credentials were not provided.';
  await checkRefused('no token', connect().coreUsersList(), 403, { detail: stranger });
  await checkRefused('a wrong token', connect('wrong').coreUsersList(), 403, { detail: 'Token invalid/expired' });
  await checkRefused('a page past the end', api.coreUsersList({ page: 9999 }), 404, { detail: 'Invalid page.' });
}

async function destroy(users, groups) {
  for (const { pk } of users) {
    await api.coreUsersDestroy({ id: pk });
    const detail = 'No User matches the given query.';
    await checkRefused('a deleted user', api.coreUsersRetrieve({ id: pk }), 404, { detail });
  }
  for (const { pk } of groups) {
    await api.coreGroupsDestroy({ groupUuid: pk });
    const detail = 'No Group matches the given query.';
    await checkRefused('a deleted group', api.coreGroupsRetrieve({ groupUuid: pk }), 404, { detail });
  }
}

const { top, below } = await createGroups();
const users = await createUsers(below);
await listUsers(users, below);
await changeUser(users[0], below);
await changeGroup(below, users);
await refusals(users[1]);
await destroy(users, [below, top]);
console.log(`${checks} checks passed`);
