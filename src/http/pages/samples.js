// Shows the code samples of an operation in the Swagger UI, above its responses.

/** A plugin of the Swagger UI: https://github.com/swagger-api/swagger-ui/blob/master/docs/customization/plug-points.md */
const CodeSamples = ({ React, getComponent }) => {
  const { createElement, Fragment, useId, useState } = React;
  /** The languages that its highlighter knows; the others are shown plain. */
  const HIGHLIGHTED = { Shell: 'bash', JavaScript: 'javascript', PowerShell: 'powershell' };
  let preferred = 'curl';

  function Samples({ samples }) {
    const [label, choose] = useState(preferred);
    const id = useId();
    const chosen = samples.find((sample) => sample.label === label) ?? samples[0];
    const tab = (sample) => {
      const isChosen = sample === chosen;
      const onClick = () => {
        // What is opened next starts with the same language.
        preferred = sample.label;
        choose(sample.label);
      };
      const properties = { key: sample.label, role: 'tab', 'aria-selected': isChosen, 'aria-controls': id, onClick };
      return createElement('button', { ...properties, type: 'button' }, sample.label);
    };
    const Highlighter = getComponent('SyntaxHighlighter', true);
    const highlighter = { language: HIGHLIGHTED[chosen.lang] ?? 'text', className: 'microlight', key: chosen.label };
    const copy = () => navigator.clipboard.writeText(chosen.source);
    return createElement(
      'section',
      { className: 'code-samples', 'aria-label': 'Code samples' },
      createElement(
        'div',
        { className: 'opblock-section-header' },
        createElement('h4', null, 'Code samples'),
        // Browsers only give pages with a safe address the clipboard.
        navigator.clipboard && createElement('button', { type: 'button', onClick: copy }, 'Copy'),
      ),
      createElement('div', { role: 'tablist', className: 'languages' }, samples.map(tab)),
      createElement(
        'div',
        { role: 'tabpanel', id, className: 'sample' },
        createElement(Highlighter, highlighter, chosen.source),
      ),
    );
  }

  return {
    wrapComponents: {
      responses: (Responses, { specSelectors }) => (properties) => {
        const { path, method } = properties;
        const samples = specSelectors.specJson().getIn(['paths', path, method, 'x-codeSamples']);
        return createElement(
          Fragment,
          null,
          samples && createElement(Samples, { samples: samples.toJS() }),
          createElement(Responses, properties),
        );
      },
    },
  };
};
