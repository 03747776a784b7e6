/** The pages that show the document. Neither holds a script of its own: the policy allows none. */

/** Where a page finds what it is made of. */
export interface Links {
  document: string;
  /** The address of an asset by its plain name. */
  asset: (name: string) => string;
  swaggerUi: string;
  redoc: string;
  /** A policy for hosts that do not send one as a header. */
  policy?: string;
}

export function swaggerUiPage(links: Links): string {
  const { asset, document } = links;
  return page(
    links,
    `<link rel="stylesheet" href="${asset("swagger-ui.css")}">
<script defer src="${asset("swagger-ui.js")}"></script>
<script defer src="${asset("start-swagger-ui.js")}" data-document="${document}"></script>`,
    `<div id="swagger-ui"></div>`,
  );
}

export function redocPage(links: Links): string {
  return page(
    links,
    `<script type="module" src="${links.asset("redoc.js")}"></script>`,
    `<redoc spec-url="${links.document}" disable-telemetry="true"></redoc>`,
  );
}

function page({ policy, swaggerUi, redoc }: Links, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy ? `<meta http-equiv="Content-Security-Policy" content="${policy}">\n` : ""}<meta
  name="viewport" content="width=device-width, initial-scale=1">
<title>Event Sourcing Platform: API</title>
<link rel="icon" href="data:,">
<link rel="alternate" title="Swagger UI" href="${swaggerUi}">
<link rel="alternate" title="ReDoc" href="${redoc}">
${head}
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
${body}
</body>
</html>
`;
}
