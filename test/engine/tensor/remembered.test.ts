import { expect, test } from 'vitest';
import { remembered } from '../../../src/engine/tensor/remembered.js';

test('the same numbers and words give the same result, made once; others give their own', () => {
  let made = 0;
  const pair = remembered((a: number, b: string) => ({ a, b, made: ++made }));
  const first = pair(1, 'x');
  expect(pair(1, 'x')).toBe(first);
  expect(pair(1, 'y')).toEqual({ a: 1, b: 'y', made: 2 });
  expect(pair(2, 'x')).toEqual({ a: 2, b: 'x', made: 3 });
  expect(pair(1, 'x')).toBe(first);
});

test('no more than so many are kept, and what fails is not', () => {
  let calls = 0;
  const root = remembered((x: number) => {
    calls++;
    if (x < 0) throw new RangeError('below zero');
    return Math.sqrt(x);
  }, 2);
  for (const x of [1, 4, 9, 1]) root(x);
  expect(calls).toBe(4);
  for (let n = 0; n < 2; n++) expect(() => root(-1)).toThrow(RangeError);
  expect(calls).toBe(6);
});
