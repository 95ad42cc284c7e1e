// Starts the Swagger UI.

/** The Swagger UI has a dark look, and leaves it to the page when to show it. */
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();

/** What a reader would otherwise have to click for. */
const FewerClicks = ({ React, getComponent }) => ({
  components: {
    // Looked for, and complained of, for parameters with this format.
    JsonSchema_string_uuid: (properties) => React.createElement(getComponent('JsonSchema_string'), properties),
    // The values of an enumeration.
    EnumModel: ({ value }) => {
      const values = value.toJS().map((one) => React.createElement('code', { key: one }, JSON.stringify(one)));
      return React.createElement('span', { className: 'enumeration' }, 'one of ', values);
    },
  },
  wrapComponents: {
    // The body to edit, once a request is tried out: made anew, it starts with that instead of the schema.
    modelExample: (ModelExample) => (properties) =>
      React.createElement(ModelExample, { ...properties, key: properties.isExecute }),
  },
});

const element = document.getElementById('swagger-ui');
loadDocument()
  .then((spec) => {
    const ui = SwaggerUIBundle({
      domNode: element,
      spec,
      plugins: [CodeSamples, FewerClicks],
      deepLinking: true,
      // Every limit is seen without a click.
      defaultModelExpandDepth: 10,
      defaultModelsExpandDepth: 10,
      defaultModelRendering: 'model',
      displayRequestDuration: true,
      filter: true,
      persistAuthorization: true,
      onComplete: () => {
        for (const name of Object.keys(spec.components.schemas)) {
          ui.layoutActions.show(['components', 'schemas', name], true);
        }
      },
      // The badge would ask a server on the internet.
      validatorUrl: null,
    });
  })
  .catch((error) => showFailure(element, error));
