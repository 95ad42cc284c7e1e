// Uses the server through one of authentik's published JavaScript clients, unmodified. Requests and responses that it
// rejects fail.
//
// Needs Node 20, and `npm ci` in this directory. Run by
// `tests/support/with-server node tests/clients/node/users_and_groups.mjs 2024.8`, or with 2026.8.

import assert from 'node:assert/strict';
import { ATTRIBUTES, UNKNOWN, check, checkRefused, given, report, run } from './checks.mjs';
import { clients } from './clients.mjs';

const release = process.argv[2];
const { connect, below, shownBelow, moreOfGroup, moreOfUser, changing, aboveInUser, moreOfList } = clients[release];
const api = connect().core;

const userInGroup = ({ pk, username, name, isActive, lastLogin, email, attributes, uid }) =>
  ({ pk, username, name, isActive, lastLogin, email, attributes, uid });

async function createGroups() {
  const top = await api.coreGroupsCreate({ groupRequest: { name: `top-${run}`, isSuperuser: true } });
  const groupRequest = {
    name: `below-${run}`, isSuperuser: false, users: [], attributes: ATTRIBUTES, roles: [], ...below(top),
  };
  const lower = await api.coreGroupsCreate({ groupRequest });
  const made = { pk: lower.pk, numPk: lower.numPk, usersObj: [], rolesObj: [] };
  check('the group', given(lower), { ...groupRequest, ...made, ...moreOfGroup, ...shownBelow(top) });
  check('the group, read', await api.coreGroupsRetrieve({ groupUuid: lower.pk }), lower);
  return { top, lower };
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
    check('the user', rest, { ...userRequest, ...moreOfUser(user) });
    check('isSuperuser, which the group above gives', isSuperuser, true);
    const { numPk, name, isSuperuser: gives, attributes } = group;
    check('the groups of the user', groupsObj,
      [{ pk: group.pk, numPk, name, isSuperuser: gives, attributes, ...aboveInUser(group) }]);
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
    const { pagination, results, ...more } = await api.coreUsersList({ ...filters, page, pageSize: 2 });
    const [startIndex, endIndex] = page === 1 ? [1, 2] : [3, 3];
    check(`page ${page}`, pagination, {
      next: page === 1 ? 2 : 0, previous: page - 1, count: 3, current: page, totalPages: 2, startIndex, endIndex,
    });
    check(`what else is in page ${page}`, more, moreOfList);
    found.push(...results);
    page = pagination.next;
  }
  check('all pages', found, [users[2], users[0], users[1]]);
  check('the paths', (await api.coreUsersPathsRetrieve({ search: run })).paths, [`staff/${run}`]);
}

async function changeUser(user, group) {
  const patched = await api.coreUsersPartialUpdate({
    id: user.pk, patchedUserRequest: { name: 'Ada Lovelace', groups: [], lastLogin: null },
  });
  const changed = { name: 'Ada Lovelace', groups: [], groupsObj: [], isSuperuser: false, lastLogin: undefined };
  const expected = { ...user, ...changed, ...changing(patched) };
  assert.notEqual(patched.avatar, user.avatar);
  check('the changed user', patched, expected);

  await api.coreGroupsAddUserCreate({ groupUuid: group.pk, userAccountRequest: { pk: user.pk } });
  check('the groups of the new member', (await api.coreUsersRetrieve({ id: user.pk })).groups, [group.pk]);
  await api.coreGroupsRemoveUserCreate({ groupUuid: group.pk, userAccountRequest: { pk: user.pk } });
  const removed = await api.coreUsersRetrieve({ id: user.pk });
  check('the user that was removed', removed, { ...expected, ...changing(removed) });

  const userRequest = { username: `renamed.${run}`, name: '' };
  const replaced = await api.coreUsersUpdate({ id: user.pk, userRequest });
  check('the replaced user', replaced, { ...expected, ...userRequest, ...changing(replaced) });
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
    pk: group.pk, numPk: group.numPk, name: `updated-${run}`, isSuperuser: false, users: [], usersObj: [],
    attributes: ATTRIBUTES, roles: [], rolesObj: [], ...moreOfGroup, ...shownBelow(),
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
  await checkRefused('no token', connect(null).core.coreUsersList(), 403, { detail: stranger });
  await checkRefused('a wrong token', connect('wrong').core.coreUsersList(), 403, { detail: 'Token invalid/expired' });
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

const { top, lower } = await createGroups();
const users = await createUsers(lower);
await listUsers(users, lower);
await changeUser(users[0], lower);
await changeGroup(lower, users);
await refusals(users[1]);
await destroy(users, [lower, top]);
report(release);
