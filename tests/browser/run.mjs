// Uses the pages like a person: reads them, signs in with a token, creates a user.
//
// Needs Debian's package `chromium`, Node 20, and `npm ci` in this directory. Run by
// `tests/support/with-server node tests/browser/run.mjs`. SCREENSHOTS=DIRECTORY saves screenshots, which
// show the token; LOOKS=1 tests only the first viewport and colour scheme.

import { LOOKS, inEveryLook, launch } from './browser.mjs';
import { docs } from './docs.mjs';
import { reference } from './reference.mjs';

// In case a step hangs despite its own timeout. Playwright closes the browser together with this process.
setTimeout(() => {
  console.error('the test took too long');
  process.exit(1);
}, 240_000).unref();

const looks = LOOKS.slice(0, Number(process.env.LOOKS ?? LOOKS.length));
const browser = await launch();
try {
  await inEveryLook(browser, looks, docs);
  console.log('the Swagger UI works');
  await inEveryLook(browser, looks, reference);
  console.log('the reference works');
} finally {
  await browser.close();
}
