/** The one page. Its links are relative, so that it works below any path. */
export function portalPage(
  { script, style, soon, policy }: {
    script: string;
    style: string;
    soon: string[];
    policy?: string | undefined;
  },
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy ? `<meta http-equiv="Content-Security-Policy" content="${policy}">\n` : ""}<meta
  name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Event portal</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="./${style}">
${
    soon.map((path) => `<link rel="modulepreload" href="./${path}">\n`).join("")
  }<script type="module" src="./${script}"></script>
<!-- react-aria puts an inline style sheet here unless it finds one with this id; base.css has its rule. -->
<meta id="react-aria-pressable-style">
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<div id="portal"></div>
</body>
</html>
`;
}
