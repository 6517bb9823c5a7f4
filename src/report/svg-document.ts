import { DOMParser } from 'linkedom';

/** The part of an SVG element that figures are put together with; the types of a browser are not at hand in Node. */
export interface SvgElement {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  append(...children: SvgElement[]): void;
  textContent: string | null;
  readonly outerHTML: string;
}

/** A document made of one empty <svg>, in which Observable Plot can draw. */
export interface SvgDocument {
  readonly documentElement: SvgElement;
  createElementNS(namespace: string, tag: string): SvgElement;
}

const SVG = 'http://www.w3.org/2000/svg';

export function createSvgDocument(): SvgDocument {
  return new DOMParser().parseFromString(`<svg xmlns="${SVG}"/>`, 'image/svg+xml') as unknown as SvgDocument;
}

/** A new element with attributes and, if given, a text inside. */
export function createElement(
  document: SvgDocument,
  tag: string,
  attributes: Record<string, string | number>,
  text?: string,
): SvgElement {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  if (text !== undefined) element.textContent = text;
  return element;
}

export function setAttributes(element: SvgElement, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
