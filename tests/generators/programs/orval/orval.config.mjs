// orval is written for Node.js 22, and uses this of what version 20 lacks.
Map.groupBy ??= (items, keyOf) => {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

export default {
  rollcall: {
    input: process.env.DOCUMENT,
    output: {
      target: "client/index.ts",
      schemas: "client/model",
      client: "fetch",
      baseUrl: `${process.env.ROLLCALL_URL}/api/v3`,
    },
  },
};
