import { z } from 'zod';

/** One key of a configuration, as JSON Schema says it. */
export interface KeySchema {
  type?: string | string[];
  enum?: (string | number | boolean | null)[];
  const?: string | number | boolean | null;
  anyOf?: KeySchema[];
  items?: KeySchema;
  properties?: Record<string, KeySchema>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  description?: string;
}

/** The keys of a configuration schema with type, limits, default and description, in the order written. */
export function keysOf(schema: z.ZodObject): Record<string, KeySchema> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return (json.properties ?? {}) as Record<string, KeySchema>;
}

/** What may stand at a key, in words: "number > 0", "list of rodent | primate", "auto or whole number >= 1". */
export function allowed(schema: KeySchema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.anyOf) return schema.anyOf.map(allowed).join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => allowed({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'number':
      return `number${limits(schema)}`;
    case 'integer':
      return `whole number${limits(schema)}`;
    case 'boolean':
      return 'true | false';
    case 'string':
      return 'text';
    case 'array':
      return `list of ${allowed(schema.items ?? {})}${lengths(schema)}`;
    case 'object':
      return 'JSON object';
    default:
      return schema.type ?? 'any value';
  }
}

function limits(schema: KeySchema): string {
  const parts: string[] = [];
  if (schema.exclusiveMinimum !== undefined) parts.push(`> ${schema.exclusiveMinimum}`);
  if (schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER)
    parts.push(`>= ${schema.minimum}`);
  if (schema.exclusiveMaximum !== undefined) parts.push(`< ${schema.exclusiveMaximum}`);
  if (schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER)
    parts.push(`<= ${schema.maximum}`);
  return parts.length > 0 ? ` ${parts.join(' and ')}` : '';
}

function lengths({ minItems, maxItems }: KeySchema): string {
  if (minItems !== undefined && maxItems !== undefined)
    return minItems === maxItems ? ` (${minItems} of them)` : ` (${minItems} to ${maxItems} of them)`;
  if (minItems !== undefined) return ` (at least ${minItems})`;
  if (maxItems !== undefined) return ` (at most ${maxItems})`;
  return '';
}

/**
 * The value meant by `text` at a key of this schema, or undefined if it can be none. Lists are written a,b,c
 * (or as JSON), objects as JSON. Limits are not looked at here: the schema itself does that.
 */
export function parseText(text: string, schema: KeySchema): unknown {
  if (schema.const !== undefined) return text === String(schema.const) ? schema.const : undefined;
  if (schema.enum) return schema.enum.find((option) => String(option) === text);
  if (schema.anyOf) return firstDefined(schema.anyOf, (option) => parseText(text, option));
  if (Array.isArray(schema.type))
    return firstDefined(schema.type, (type) => parseText(text, { ...schema, type }));
  switch (schema.type) {
    case 'number':
    case 'integer':
      return parseNumber(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'null':
      return text === 'null' ? null : undefined;
    case 'string':
      return text;
    case 'array':
      return text.trim().startsWith('[') ? parseJson(text) : parseList(text, schema.items ?? {});
    default:
      return parseJson(text);
  }
}

function parseNumber(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
}

function parseList(text: string, items: KeySchema): unknown[] | undefined {
  const values = text === '' ? [] : text.split(',').map((item) => parseText(item.trim(), items));
  return values.includes(undefined) ? undefined : values;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstDefined<T>(options: readonly T[], of: (option: T) => unknown): unknown {
  for (const option of options) {
    const value = of(option);
    if (value !== undefined) return value;
  }
  return undefined;
}
