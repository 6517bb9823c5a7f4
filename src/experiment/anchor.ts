import type { Cell, Claim, Table } from './define.js';

/** A claim whose number a paper or an independent prototype also has: both are shown beside what was measured. */
export interface Anchor extends Claim {
  published: Cell;
  prototype: Cell;
  /** Runs behind the value. */
  runs: Cell;
}

export function claimsOf(anchors: readonly Anchor[]): Claim[] {
  return anchors.map(({ published: _, prototype: __, runs: ___, ...claim }) => claim);
}

/** Published, prototype and measured side by side, with what the claim asks. */
export function anchorTableOf(anchors: readonly Anchor[]): Table {
  return {
    name: 'anchors',
    title: 'Published, prototype and this run side by side',
    columns: [
      { key: 'name', label: 'quantity' },
      { key: 'published', label: 'published', digits: 4 },
      { key: 'prototype', label: 'prototype', digits: 4 },
      { key: 'value', label: 'this run', digits: 4 },
      { key: 'asked', label: 'claimed' },
      { key: 'runs', label: 'runs' },
    ],
    rows: anchors.map((anchor) => ({
      name: anchor.name,
      published: anchor.published,
      prototype: anchor.prototype,
      value: Number.isFinite(anchor.value) ? anchor.value : null,
      asked: asked(anchor),
      runs: anchor.runs,
    })),
  };
}

function asked({ expected, tolerance, bound }: Claim): string {
  const short = (x: number) =>
    Math.abs(x) < 1e5 ? String(+x.toPrecision(3)) : x.toExponential(2).replace('e+', 'e');
  if (bound === 'at least') return `≥ ${short(expected - tolerance)}`;
  if (bound === 'at most') return `≤ ${short(expected + tolerance)}`;
  return `${short(expected)} ± ${short(tolerance)}`;
}
