// Uses the pages for people as they would: reads them, signs in with a token, creates a user.
//
// Needs Debian's package `chromium`, Node 20, and `npm ci` in this directory. Run by
// `tests/support/with-server node tests/browser/run.mjs`. SCREENSHOTS=DIRECTORY keeps pictures of what it saw, the
// token among it; LOOKS=1 only tries the first look.

import { LOOKS, inEveryLook, launch } from './browser.mjs';
import { docs } from './docs.mjs';
import { reference } from './reference.mjs';

// Should a step hang in spite of its own limit. Playwright ends the browser together with this process.
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
