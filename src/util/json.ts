/** JSON with the keys of every object in alphabetical order and no spaces: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/** JSON as written to files: indented, with a final line break. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * What keeps `value` from being written as JSON and read back the same ("errors[3] is NaN"), or null.
 * JSON turns NaN and infinities into null and typed arrays into objects, without a word.
 */
export function whyNotPlainJson(value: unknown, path = ''): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path || 'it'} is ${value}`;
  if (Array.isArray(value)) return firstReason(value.map((item, i) => [`${path}[${i}]`, item]));
  if (isRecord(value)) {
    const defined = Object.entries(value).filter(([, item]) => item !== undefined);
    return firstReason(defined.map(([key, item]) => [path ? `${path}.${key}` : key, item]));
  }
  const kind = typeof value === 'object' ? value.constructor.name : typeof value;
  return `${path || 'it'} is of type ${kind}`;
}

function firstReason(entries: [string, unknown][]): string | null {
  for (const [path, item] of entries) {
    const reason = whyNotPlainJson(item, path);
    if (reason !== null) return reason;
  }
  return null;
}

/** Whether `value` is an object written with braces (no array, no class instance). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
