import { call, type Expr, namesIn, substitute } from './expression.js';
import type { ParsedModel } from './parse.js';

/** How a state variable x is stored: as (x - offset)/scale. Both are free of state; null is 0 and 1. */
export interface StoredForm {
  offset: Expr | null;
  scale: Expr | null;
}

/** The name by which expressions know the size of one quantum of receptor `r`'s input. */
export function quantumName(r: number): string {
  return `quantum ${r}`;
}

/**
 * Chooses for each variable the form that makes a step cheapest: one that takes input is counted in quanta of that
 * input, so that input is added without a multiplication; one that is held at its reset value is measured from
 * there, so that holding it means setting it to 0.
 */
export function storedForms(model: ParsedModel): Map<string, StoredForm> {
  const moving = new Set(model.states);
  const hold = model.refractory?.hold;
  return new Map(
    model.states.map((state) => {
      const receptors = [...model.receptors.keys()].filter((r) => model.receptors[r].adds === state);
      const scale =
        receptors.length === 1
          ? call('*', quantumName(receptors[0]), model.receptors[receptors[0]].times)
          : null;
      const resets = model.reset.filter(({ target }) => target === state);
      const constant = resets.length === 1 && ![...namesIn(resets[0].expr)].some((name) => moving.has(name));
      const offset =
        state === hold && constant && looksAtOnly(model.threshold, state, moving) ? resets[0].expr : null;
      return [state, { offset, scale }];
    }),
  );
}

/** A threshold on one variable alone: then a neuron held at its reset value, which is below it, cannot spike. */
function looksAtOnly(threshold: Expr, state: string, moving: ReadonlySet<string>): boolean {
  return [...namesIn(threshold)].every((name) => name === state || !moving.has(name));
}

/** The model in terms of the stored values. */
export function inStoredForm(model: ParsedModel, forms: ReadonlyMap<string, StoredForm>): ParsedModel {
  const by = new Map(
    [...forms].map(([name, { offset, scale }]) => [
      name,
      call('+', offset ?? 0, call('*', scale ?? 1, name)),
    ]),
  );
  const store = (name: string, value: Expr): Expr => {
    const { offset, scale } = forms.get(name)!;
    return call('/', call('-', value, offset ?? 0), scale ?? 1);
  };
  const derivatives = new Map(
    [...model.derivatives].map(([name, { expr, line }]) => {
      const { scale } = forms.get(name)!;
      return [name, { expr: call('/', substitute(expr, by), scale ?? 1), line }];
    }),
  );
  const reset = model.reset.map(({ target, expr }) =>
    forms.get(target)!.offset === expr
      ? { target, expr: 0 as Expr }
      : { target, expr: store(target, substitute(expr, by)) },
  );
  return { ...model, derivatives, reset, threshold: storedThreshold(model.threshold, forms, by, store) };
}

/** "V >= c" becomes a comparison of the stored value with a constant. */
function storedThreshold(
  threshold: Expr,
  forms: ReadonlyMap<string, StoredForm>,
  by: ReadonlyMap<string, Expr>,
  store: (name: string, value: Expr) => Expr,
): Expr {
  if (typeof threshold === 'object') {
    const [left, right] = threshold.args;
    const plain =
      typeof left === 'string' && forms.has(left) && ![...namesIn(right)].some((name) => forms.has(name));
    if (plain) return { fn: threshold.fn, args: [left, store(left, right)] };
  }
  return substitute(threshold, by);
}
