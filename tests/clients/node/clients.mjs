// authentik's published JavaScript clients of two years, and what differs between them.

// The packages are CommonJS under Node, so their names come through the default import.
import authentik2024 from 'authentik-2024.8';
import authentik2026 from 'authentik-2026.8';
import { token, url } from './checks.mjs';

const connecting = (authentik) => (accessToken = token) => {
  const configuration = new authentik.Configuration({ basePath: `${url}/api/v3`, accessToken });
  const { AdminApi, CoreApi, RootApi } = authentik;
  return { core: new CoreApi(configuration), admin: new AdminApi(configuration), root: new RootApi(configuration) };
};

export const clients = {
  '2024.8': {
    connect: connecting(authentik2024),
    /** The field of a request that puts a group below another one. */
    below: ({ pk }) => ({ parent: pk }),
    /** The fields of a group below another one, or below none. */
    shownBelow: (parent) => (parent ? { parent: parent.pk, parentName: parent.name } : { parentName: null }),
    /** The fields of a group without children that only this client knows. */
    moreOfGroup: {},
    /** The fields of a user that only this client knows. */
    moreOfUser: () => ({}),
    /** The fields that a change of a user also changes: the avatar shows the initials of a new name. */
    changing: ({ avatar }) => ({ avatar }),
    /** The fields of a group in a user that say what is above it. */
    aboveInUser: ({ parent, parentName }) => ({ parent, parentName }),
    /** The fields of a list, beside the page and the results. */
    moreOfList: {},
  },
  '2026.8': {
    connect: connecting(authentik2026),
    below: ({ pk }) => ({ parents: [pk] }),
    shownBelow: (parent) => ({ parents: parent ? [parent.pk] : [], parentsObj: null }),
    moreOfGroup: { children: [], childrenObj: null, inheritedRolesObj: null },
    moreOfUser: ({ dateJoined, lastUpdated, passwordChangeDate }) =>
      ({ dateJoined, lastUpdated, passwordChangeDate, roles: [], rolesObj: [] }),
    changing: ({ avatar, lastUpdated }) => ({ avatar, lastUpdated }),
    aboveInUser: () => ({}),
    moreOfList: { autocomplete: {} },
  },
};
