// The reference page: three columns, every operation with its fields, responses, and samples in nine languages.

import assert from 'node:assert/strict';
import { look, url } from './browser.mjs';
import { chooseEach, isShown, missEdition } from './editions.mjs';

const LANGUAGES = ['curl', 'Python', 'Go', 'Node.js', 'Ruby', 'C#', 'PHP', 'Java', 'PowerShell'];

async function open(page, state) {
  await page.goto(`${url}/`);
  await page.getByRole('link', { name: 'Reference' }).click();
  await page.waitForURL(`${url}/reference/`);
  await page.getByRole('heading', { name: 'Rollcall API' }).waitFor();
  assert.equal(await page.title(), 'Rollcall API reference');
  await isShown(page, 'everything');
  assert.deepEqual(await tagsOf(page), ['users', 'groups', 'tokens', 'root', 'admin', 'schema']);
  await look(page, 'reference', state);
}

/** The tags, as they are on the page. */
function tagsOf(page) {
  return page.locator('[data-section-id^="tag/"]:not([data-section-id*="/operation/"])').evaluateAll(
    (sections) => sections.map((section) => section.dataset.sectionId.slice('tag/'.length)),
  );
}

async function readEveryOperation(page) {
  const { paths } = await (await page.request.get(`${url}/openapi.json`)).json();
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  for (const { operationId, responses, 'x-codeSamples': samples } of operations) {
    const section = page.locator(`[id="operation/${operationId}"]`);
    const tabs = await section.getByRole('tab').allInnerTexts();
    for (const label of LANGUAGES) assert.ok(tabs.includes(label), `${operationId}: ${label} of ${tabs}`);
    const text = await section.innerText();
    for (const status of Object.keys(responses)) assert.match(text, new RegExp(`^${status}\\b`, 'm'), operationId);
    assert.equal(samples.length, LANGUAGES.length);
  }
}

async function readCreate(page, state) {
  const section = page.locator('[id="operation/core_users_create"]');
  const text = await section.innerText();
  for (const limit of ['[ 1 .. 150 ] characters', '<= 254 characters', 'non-empty', '"external"', 'non_field_errors', 'detail']) {
    assert.ok(text.includes(limit), `${limit} is shown`);
  }
  await section.getByRole('tab', { name: 'Python', exact: true }).click();
  const sample = await section.getByRole('tabpanel').filter({ hasText: 'import requests' }).innerText();
  assert.ok(sample.includes(`requests.post(\n    "${url}/api/v3/core/users/"`), sample);
  await section.scrollIntoViewIfNeeded();
  await look(page, 'reference-create', state);
}

async function seeColumns(page, { width }) {
  const left = async (locator) => (await locator.boundingBox()).x;
  const middle = page.locator('[id="operation/core_users_create"]');
  const columns = [await left(middle.locator('h2').first())];
  columns.push(await left(middle.getByText('Request samples')));
  if (width < 500) {
    assert.ok(columns[1] < 100, 'samples stand below on a phone');
  } else {
    const menu = await left(page.getByRole('menuitem', { name: /Create a user/ }).first());
    assert.ok(menu < columns[0] && columns[0] + 300 < columns[1], `menu ${menu}, text and samples ${columns}`);
  }
}

async function search(page, { width }) {
  if (width < 500) return;
  await page.getByPlaceholder('Search...').fill('service account');
  await page.getByRole('search').getByText('Create a service account').waitFor();
}

/** The page follows the system while it is open. */
async function changeScheme(page, { width, scheme }) {
  const other = { width, scheme: scheme === 'dark' ? 'light' : 'dark' };
  const colour = () => page.getByRole('heading', { name: 'Rollcall API' }).evaluate((one) => getComputedStyle(one).color);
  const before = await colour();
  await page.emulateMedia({ colorScheme: other.scheme });
  await page.waitForFunction((before) => getComputedStyle(document.querySelector('h1')).color !== before, before);
  assert.equal(await page.getByRole('heading', { name: 'Rollcall API' }).count(), 1);
  await look(page, 'reference-changed', other);
}

async function readEdition(page, version) {
  await page.getByRole('heading', { name: `Rollcall API (${version})` }).waitFor();
  const group = page.locator('[id="operation/core_groups_retrieve"]');
  return { tags: await tagsOf(page), fields: await group.locator('.property-name').allInnerTexts() };
}

const everything = '[data-section-id="tag/users"]';
const chooseEditions = (page, state) => chooseEach(page, state, { name: 'reference', read: readEdition, everything });
const missReference = (page, state) => missEdition(page, state, 'reference');

const reading = [open, readEveryOperation, readCreate, seeColumns, search];
export const reference = [missReference, ...reading, chooseEditions, changeScheme];
