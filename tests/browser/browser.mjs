// Chromium for the tests of the pages: viewports and colour schemes, and errors that must not occur on any page.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const { ROLLCALL_URL: url, ROLLCALL_TOKEN: token, SCREENSHOTS: pictures } = process.env;
assert.ok(url && token, 'ROLLCALL_URL and ROLLCALL_TOKEN have to be set; tests/support/with-server does that');
export const STEP_MS = 20_000;

/** A desk and a phone, by day and by night. */
export const LOOKS = [1280, 390].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));

export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    timeout: STEP_MS,
    // No sandbox, because root can't use it. The other flags keep the browser itself off the network.
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
}

/** What the Swagger UI says of every operation id with an underscore in the address. */
const OF_NO_CONCERN = 'escaping deep link whitespace';

/** What went wrong beside the steps: pages work without errors, warnings, and any other server. */
function watch(context) {
  const complaints = [];
  const { origin: home } = new URL(url);
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.text().includes(OF_NO_CONCERN)) {
      complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => complaints.push(`page error: ${error.error().stack}`));
  context.on('requestfailed', (request) => {
    // Redoc starts a worker from its own memory, which ends when the page is left.
    if (!request.url().startsWith('blob:')) complaints.push(`failed: ${request.url()}: ${request.failure()?.errorText}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`status ${response.status()}: ${response.url()}`);
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== home) complaints.push(`another server: ${request.url()}`);
  });
  return complaints;
}

/** Goes through `steps` with a new page in each look. A step takes out of `complaints` what it expects there. */
export async function inEveryLook(browser, looks, steps) {
  for (const { width, scheme } of looks) {
    const isPhone = width < 500;
    const context = await browser.newContext({
      viewport: { width, height: isPhone ? 844 : 900 },
      colorScheme: scheme,
      // With these, a page without a viewport tag is laid out wider than the screen, as on a real phone.
      isMobile: isPhone,
      hasTouch: isPhone,
    });
    context.setDefaultTimeout(STEP_MS);
    const complaints = watch(context);
    const page = await context.newPage();
    try {
      for (const step of steps) await step(page, { width, scheme, complaints });
    } catch (error) {
      error.message = `${width} ${scheme}: ${error.message}`;
      throw error;
    } finally {
      // They often explain why a step failed.
      for (const complaint of complaints) console.error(complaint);
    }
    assert.deepEqual(complaints, [], `${width} ${scheme}: the page complained`);
    await context.close();
  }
}

/** Keeps a picture, and checks what has to hold whatever the page shows. */
export async function look(page, name, { width, scheme }) {
  await page.evaluate(async () => {
    const transitions = () => document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    // A transition may start another, and rejects if it is cancelled.
    while (transitions().length) await Promise.allSettled(transitions().map((transition) => transition.finished));
  });
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    const path = join(pictures, `${name}-${width}-${scheme}.png`);
    await page.screenshot({ path, timeout: STEP_MS });
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name}: is as wide as the screen`);
  const unreadable = await page.evaluate(unreadableTexts, scheme);
  assert.deepEqual(unreadable, [], `${name}: texts that are hard to read`);
}

/**
 * The texts whose colour is too near to that of what is behind them (less than 3:1, as WCAG 2 counts it), and those
 * whose background covers the line below. Runs in the page.
 */
function unreadableTexts(scheme) {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  // Many texts have the same colours.
  const remember = (make) => {
    const known = new Map();
    return (key) => known.get(key) ?? known.set(key, make(key)).get(key);
  };
  // Blends layers of colours, bottom first, with a line for each.
  const blend = remember((colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of [scheme === 'dark' ? '#121212' : '#ffffff', ...colours.split('\n').filter(Boolean)]) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data];
  });
  const layersOf = remember((element) => {
    const below = element.parentElement ? layersOf(element.parentElement) : '';
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor === 'rgba(0, 0, 0, 0)' ? below : `${below}${backgroundColor}\n`;
  });
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.data.trim();
    if (!text || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'OPTION'].includes(element.tagName) || !element.checkVisibility()) continue;
    const layers = layersOf(element);
    const ratio = contrast(blend(layers + getComputedStyle(element).color), blend(layers));
    if (ratio < 3) found.add(`${ratio.toFixed(1)}:1 ${element.tagName} ${element.className} ${text.slice(0, 50)}`);
    if (element.tagName === 'CODE' && element.closest('p')) {
      const line = parseFloat(getComputedStyle(element.closest('p')).lineHeight);
      const [first] = element.getClientRects();
      if (first.height > line + 1) found.add(`higher than its line: ${text.slice(0, 50)}`);
    }
  }
  return [...found].slice(0, 20);
}
