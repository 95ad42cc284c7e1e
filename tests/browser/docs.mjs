// Swagger UI: its initial state, and creating a user with it.

import assert from 'node:assert/strict';
import { look, token, url } from './browser.mjs';
import { EDITIONS, chooseEach, isShown, missEdition } from './editions.mjs';

const CREATE = '#operations-users-core_users_create';

/** The start page has links to the document of each edition, in each form. */
async function readStart(page) {
  for (const { edition, version } of EDITIONS) {
    const item = page.getByRole('listitem').filter({ hasText: `For clients of authentik ${edition}:` });
    for (const form of ['YAML', 'JSON', 'OpenAPI 3.1']) {
      const link = item.getByRole('link', { name: form, exact: true });
      const address = new URL(await link.getAttribute('href'), page.url()).href;
      const document = await (await page.request.get(address)).text();
      assert.match(document, new RegExp(`"?version"?: *["']?${version}\\b`), `${address} is of version ${version}`);
    }
  }
}

async function open(page, state) {
  await page.goto(`${url}/`);
  await readStart(page);
  await look(page, 'start', state);
  await page.getByRole('link', { name: 'Swagger UI' }).click();
  await page.waitForURL(`${url}/docs/`);
  await page.getByRole('heading', { name: 'Rollcall API' }).waitFor();
  await page.locator('.models .model-box').first().waitFor();
  assert.equal(await page.title(), 'Rollcall API');
  const withoutSlash = await page.request.get(`${url}/docs`);
  assert.equal(withoutSlash.url(), `${url}/docs/`);
  await isShown(page, 'everything');
  await look(page, 'docs', state);
}

/** The tags, as they are on the page. */
const tagsOf = (page) => page.locator('.opblock-tag').evaluateAll((all) => all.map((tag) => tag.dataset.tag));

async function findOperations(page, state) {
  const tags = page.locator('.opblock-tag');
  assert.deepEqual(await tagsOf(page), ['users', 'groups', 'tokens', 'root', 'admin', 'schema']);
  for (const tag of await tags.all()) assert.match(await tag.locator('small').innerText(), /\w+ .*\./);
  assert.equal(await page.locator('.opblock').first().getAttribute('id'), CREATE.slice(1));
  const locks = (operation) => page.locator(`#operations-${operation} .authorization__btn`).count();
  assert.equal(await locks('users-core_users_create'), 1);
  for (const open of ['root-root_config_retrieve', 'schema-schema_retrieve']) assert.equal(await locks(open), 0, open);

  const filter = page.getByPlaceholder('Filter by tag');
  await filter.fill('users');
  await page.locator('.opblock-tag').nth(1).waitFor({ state: 'detached' });
  assert.equal(await tags.getAttribute('data-tag'), 'users');
  await look(page, 'docs-filtered', state);
  await filter.fill('');
  await tags.nth(5).waitFor();
}

async function authorize(page, state) {
  await page.locator('.scheme-container').getByRole('button', { name: 'Authorize' }).click();
  const dialog = page.locator('.dialog-ux');
  await dialog.getByRole('textbox').fill(token);
  await look(page, 'docs-authorize', state);
  await dialog.locator('button[type=submit]').click();
  await dialog.getByText('Logout').waitFor();
  await dialog.locator('.btn-done').click();
  await dialog.waitFor({ state: 'detached' });
}

async function readLimits(page, state) {
  const operation = page.locator(CREATE);
  await operation.locator('.opblock-summary-control').click();
  const body = operation.locator('.opblock-section-request-body');
  const schema = await body.innerText();
  for (const limit of ['minLength: 1', 'maxLength: 150', 'maxLength: 254', '$uuid', '$date-time', 'nullable: true', '"external"']) {
    assert.ok(schema.includes(limit), `${limit} is shown: ${schema}`);
  }
  assert.equal(await operation.locator('textarea').count(), 0, 'nothing is tried out yet');
  const statuses = operation.locator('.responses-table .response-col_status');
  assert.deepEqual((await statuses.allInnerTexts()).slice(1).map(Number), [201, 400, 403, 413, 415, 503]);
  await body.scrollIntoViewIfNeeded();
  await look(page, 'docs-schema', state);
  await body.getByRole('tab', { name: 'Example Value' }).click();
  assert.match(await body.locator('.highlight-code').innerText(), /"username": "ada"/);
  await look(page, 'docs-example', state);
}

async function readSamples(page, state) {
  const { paths } = await (await page.request.get(`${url}/openapi.json`)).json();
  const samples = paths['/core/users/'].post['x-codeSamples'];
  assert.equal(samples.length, 9);
  const section = page.locator(CREATE).getByRole('region', { name: 'Code samples' });
  for (const { label, source } of samples) {
    await section.getByRole('tab', { name: label, exact: true }).click();
    // Samples contain the address of the server.
    const expected = source.replaceAll('http://127.0.0.1:8000', url).trimEnd();
    assert.equal((await section.getByRole('tabpanel').textContent()).trimEnd(), expected, label);
  }
  await section.scrollIntoViewIfNeeded();
  await look(page, 'docs-sample', state);
}

async function createUser(page, state) {
  const username = `browser-${crypto.randomUUID()}`;
  const operation = page.locator(CREATE);
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.locator('textarea').fill(JSON.stringify({ username, name: 'Made in a browser' }));
  await look(page, 'docs-try', state);
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table .response');
  await answer.waitFor();
  await answer.scrollIntoViewIfNeeded();
  await look(page, 'docs-answer', state);
  assert.match(await answer.locator('.response-col_status').innerText(), /^201\b/);
  const body = await answer.locator('.response-col_description').innerText();
  assert.ok(body.includes(`"username": "${username}"`), body);
  await operation.locator('.opblock-summary-control').click();
}

/** Checks the operation with the most parameters, whose text was once unreadable in dark mode. */
async function readFilters(page, state) {
  const operation = page.locator('#operations-users-core_users_list');
  await operation.locator('.opblock-summary-control').click();
  await operation.getByText('floor__gte').waitFor();
  await look(page, 'docs-filters', state);
}

/** What the server answers the second time: nothing anew. */
async function comeBack(page) {
  const loaded = [];
  page.on('response', (response) => loaded.push(response));
  await page.reload();
  await page.locator('.opblock').first().waitFor();
  const sizes = await Promise.all(loaded.map(async (response) => (await response.request().sizes()).responseBodySize));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(loaded.length >= 6 && total < 2_000, `${total} bytes of ${loaded.map((response) => response.url())}`);
}

async function readEdition(page, version) {
  await page.locator('.models .model-box').first().waitFor();
  await page.locator('.info .version').getByText(version, { exact: true }).waitFor();
  const group = page.locator('.models [data-name=Group]');
  const rows = group.locator('table.model').first().locator(':scope > tbody > tr.property-row > td:first-child');
  const fields = (await rows.allInnerTexts()).map((field) => field.replace(/\W/g, ''));
  return { tags: await tagsOf(page), fields };
}

const everything = '.opblock-tag[data-tag=users]';
const chooseEditions = (page, state) => chooseEach(page, state, { name: 'docs', read: readEdition, everything });
const missDocs = (page, state) => missEdition(page, state, 'docs');

const reading = [open, findOperations, authorize, readLimits, readSamples, createUser, readFilters, comeBack];
export const docs = [missDocs, ...reading, chooseEditions];
