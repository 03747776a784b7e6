// Runs in the browser, on the Swagger UI page.
/* global SwaggerUIBundle */
SwaggerUIBundle({
  url: document.currentScript.dataset.document,
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null, // else it would send the document's address to swagger.io
});
