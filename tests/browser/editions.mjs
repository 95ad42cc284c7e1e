// The links at the top of both pages, which choose what they show: everything, or the edition of one release of authentik.

import assert from 'node:assert/strict';
import { LOOKS, look, url } from './browser.mjs';

export const EDITIONS = [
  { edition: '2024.8', version: '2024.8.3', groupHas: 'parent', groupHasNot: 'parents' },
  { edition: '2026.8', version: '2026.8.5', groupHas: 'parents', groupHasNot: 'parent' },
];

/** The tags of an edition; those of authentik's own documents, sorted. */
const EDITION_TAGS = ['admin', 'core', 'root', 'schema'];

/** Every choice loads a page, which takes seconds, and leads to the same in every look. */
const isFirst = ({ width, scheme }) => width === LOOKS[0].width && scheme === LOOKS[0].scheme;

export async function isShown(page, label) {
  const links = page.locator('#editions a');
  const labels = ['everything', ...EDITIONS.map(({ edition }) => `authentik ${edition}`)];
  assert.deepEqual(await links.allInnerTexts(), labels);
  assert.deepEqual(await page.locator('#editions a[aria-current=page]').allInnerTexts(), [label]);
}

/** Follows the link to an edition, until the page has the document of the edition. */
async function choose(page, edition) {
  const loaded = page.waitForResponse((response) => new URL(response.url()).search.includes('format=json'));
  await page.locator('#editions').getByRole('link', { name: `authentik ${edition}` }).click();
  assert.equal((await loaded).url(), `${url}/api/v3/schema/?edition=${edition}&format=json`);
  await isShown(page, `authentik ${edition}`);
}

/**
 * Chooses each edition, then everything, on the page `name`. `read` waits until the page shows a version, and returns the
 * tags and a group's fields; `everything` is what the page has only with everything.
 */
export async function chooseEach(page, state, { name, read, everything }) {
  if (!isFirst(state)) return;
  for (const { edition, version, groupHas, groupHasNot } of EDITIONS) {
    await choose(page, edition);
    const { tags, fields } = await read(page, version);
    assert.deepEqual(tags.sort(), EDITION_TAGS);
    assert.ok(fields.includes(groupHas), `${edition}: ${groupHas} is among ${fields}`);
    assert.ok(!fields.includes(groupHasNot), `${edition}: ${groupHasNot} is not among ${fields}`);
    await look(page, `${name}-${edition}`, state);
  }
  await page.locator('#editions').getByRole('link', { name: 'everything' }).click();
  await page.locator(everything).waitFor();
  await isShown(page, 'everything');
}

/** An edition that doesn't exist leaves the reader with a message and the links to those that do. */
export async function missEdition(page, { complaints, ...state }, name) {
  const complained = page.waitForEvent('console', (message) => message.text().startsWith('Error: api/v3/schema/'));
  await page.goto(`${url}/${name}/?edition=1999.1`);
  await page.getByText("The API can't be shown: api/v3/schema/?edition=1999.1&format=json: status 400").waitFor();
  await complained;
  assert.equal(await page.locator('#editions a').count(), 1 + EDITIONS.length);
  assert.equal(await page.locator('#editions a[aria-current]').count(), 0);
  await look(page, `${name}-missed`, state);
  // The browser says so too; anything else remains a complaint.
  const unexpected = complaints.splice(0).filter((complaint) => !/status (of )?400\b/.test(complaint));
  assert.deepEqual(unexpected, []);
}
