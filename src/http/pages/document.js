// Loads the contract for the pages. A page stands one directory below the root of the server, wherever a proxy puts
// that, so everything is found from its own address.

/** Where the code samples of the contract send their requests. */
const SAMPLE_ROOT = 'http://127.0.0.1:8000/';

/** The edition in the address of the page, if it names one. */
const edition = new URLSearchParams(location.search).get('edition');

/** The contract or an edition of it, with this server's own address in its servers and its code samples. */
async function loadDocument() {
  const root = new URL('../', document.baseURI).href;
  const path = edition ? `api/v3/schema/?${new URLSearchParams({ edition, format: 'json' })}` : 'openapi.json';
  const response = await fetch(root + path);
  // Read to its end even if it failed: the browser would count the rest as aborted.
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  const contract = JSON.parse(text.replaceAll(SAMPLE_ROOT, root));
  const [server] = contract.servers;
  server.url = new URL(server.url.replace(/^\//, ''), root).href;
  return contract;
}

// The link to what is shown.
for (const link of document.querySelectorAll('#editions a')) {
  if (new URL(link.href).searchParams.get('edition') === edition) link.setAttribute('aria-current', 'page');
}

/** Shows why a page has nothing to show. */
function showFailure(element, error) {
  const text = document.createElement('p');
  text.textContent = `The API can't be shown: ${error.message}`;
  element.replaceChildren(text);
  console.error(error);
}
