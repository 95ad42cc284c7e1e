// Starts Redoc.

const element = document.getElementById('reference');
const dark = matchMedia('(prefers-color-scheme: dark)');

/** The look of the middle and left columns; the right one, with the code, is dark in both. */
function theme() {
  if (!dark.matches) return { sidebar: { width: '280px' } };
  const [text, faint, background, raised] = ['#e2e6ea', '#a9b2bb', '#16191c', '#1f2428'];
  return {
    colors: {
      primary: { main: '#6cb6ff' },
      text: { primary: text, secondary: faint },
      border: { dark: '#3a4249', light: '#2b3136' },
      success: { main: '#5fd08a' },
      error: { main: '#ff8b80' },
      gray: { 50: raised, 100: raised },
      responses: {
        success: { color: '#5fd08a', backgroundColor: '#16301f' },
        error: { color: '#ff8b80', backgroundColor: '#3a1d1c' },
      },
    },
    schema: { nestedBackground: raised, typeNameColor: faint, typeTitleColor: text, requireLabelColor: '#ff8b80' },
    typography: { code: { color: '#ffab70', backgroundColor: raised }, links: { color: '#6cb6ff' } },
    sidebar: { width: '280px', backgroundColor: background, textColor: text, activeTextColor: '#6cb6ff' },
    rightPanel: {
      backgroundColor: '#0e1113',
      servers: { overlay: { backgroundColor: raised, textColor: text }, url: { backgroundColor: background } },
    },
    codeBlock: { backgroundColor: '#090b0c' },
  };
}

loadDocument()
  .then((contract) => {
    const options = {
      // Every field and response is seen without a click.
      expandResponses: 'all',
      schemasExpansionLevel: 'all',
      hideDownloadButton: true,
      nativeScrollbars: true,
    };
    const show = () => Redoc.init(contract, { ...options, theme: theme() }, element);
    dark.addEventListener('change', show);
    show();
  })
  .catch((error) => showFailure(element, error));
