// Uses the documentation page as a person would: opens it, signs in with a token, creates a user.
//
// Needs Debian's package `chromium`, Node 20, and `npm ci` in this directory. Run by
// `tests/support/with-server node tests/browser/docs.mjs`. SCREENSHOTS=DIRECTORY keeps pictures of what it saw, the
// token among it.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { ROLLCALL_URL: url, ROLLCALL_TOKEN: token, SCREENSHOTS: pictures } = process.env;
// A desk and a phone.
const WIDTHS = [1280, 390];
const STEP_MS = 20_000;

// Should a step hang in spite of its own limit. Playwright ends the browser together with this process.
setTimeout(() => {
  console.error('the test took too long');
  process.exit(1);
}, 120_000).unref();

/** What went wrong beside the steps: the page must work without errors and without any other server. */
function watch(context) {
  const complaints = [];
  const complain = (what) => complaints.push(what);
  context.on('console', (message) => {
    if (message.type() === 'error') complain(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complain(`page error: ${error.error().stack}`));
  context.on('requestfailed', (request) => complain(`failed: ${request.url()}: ${request.failure()?.errorText}`));
  context.on('response', (response) => {
    if (response.status() >= 400) complain(`status ${response.status()}: ${response.url()}`);
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== url) complain(`another server: ${request.url()}`);
  });
  return complaints;
}

async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  const path = join(pictures, `${name}-${page.viewportSize().width}.png`);
  await page.screenshot({ path, fullPage: true, timeout: STEP_MS });
}

async function openDocs(page) {
  await page.goto(`${url}/`);
  await picture(page, 'start');
  await page.getByRole('link', { name: 'Swagger UI' }).click();
  await page.waitForURL(`${url}/docs/`);
  await page.getByRole('heading', { name: 'Rollcall' }).waitFor();
  await page.locator('.opblock').first().waitFor();
  await picture(page, 'docs');
}

async function authorize(page) {
  await page.locator('.scheme-container').getByRole('button', { name: 'Authorize' }).click();
  const dialog = page.locator('.dialog-ux');
  await dialog.getByRole('textbox').fill(token);
  await picture(page, 'authorize');
  await dialog.locator('button[type=submit]').click();
  await dialog.getByText('Logout').waitFor();
  await dialog.locator('.btn-done').click();
  await dialog.waitFor({ state: 'detached' });
}

async function createUser(page) {
  const username = `browser-${crypto.randomUUID()}`;
  const operation = page.locator('#operations-core-core_users_create');
  await operation.locator('.opblock-summary-control').click();
  // There at once, because trying out is on from the start.
  await operation.locator('textarea').fill(JSON.stringify({ username, name: 'Made in a browser' }));
  await picture(page, 'try');
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table .response');
  await answer.waitFor();
  await picture(page, 'answer');
  assert.match(await answer.locator('.response-col_status').innerText(), /^201\b/);
  const body = await answer.locator('.response-col_description').innerText();
  assert.ok(body.includes(`"username": "${username}"`), body);
}

assert.ok(url && token, 'ROLLCALL_URL and ROLLCALL_TOKEN have to be set; tests/support/with-server does that');
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  timeout: STEP_MS,
  // Without the sandbox, which root can't use. The rest keeps the browser itself from talking to the internet.
  args: [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
});
async function useDocs(width) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  context.setDefaultTimeout(STEP_MS);
  const complaints = watch(context);
  const page = await context.newPage();
  try {
    for (const step of [openDocs, authorize, createUser]) await step(page);
  } finally {
    // They often tell why a step failed.
    for (const complaint of complaints) console.error(complaint);
  }
  assert.equal(complaints.length, 0, 'the page complained');
  await context.close();
}

try {
  for (const width of WIDTHS) await useDocs(width);
  console.log('the documentation page works');
} finally {
  await browser.close();
}
