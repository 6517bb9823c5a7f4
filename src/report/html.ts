/** A piece of HTML; anything else that is put into a template is text and gets escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** HTML from a template: html`<p>${text}</p>`. Lists are joined, null and undefined leave nothing. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  return new Html(strings.reduce((text, part, i) => text + asHtml(values[i - 1]) + part));
}

/** Text that is HTML already (a figure's SVG, a style sheet). */
export function raw(text: string): Html {
  return new Html(text);
}

function asHtml(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(asHtml).join('');
  if (value === null || value === undefined || value === false) return '';
  return escapeHtml(String(value));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
