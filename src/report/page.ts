import { type Html, html, raw } from './html.js';
import { STYLES } from './styles.js';

/** A whole HTML document with the style of the house inside; it needs no other file and no script. */
export function page(title: string, body: Html): string {
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLES)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>`.text
  }\n`;
}
