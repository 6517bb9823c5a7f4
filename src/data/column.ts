/** How one column of a table is read. */
export interface Column<Value> {
  /** What a good cell is, to complete "'x' is not …". */
  readonly expects: string;
  /** The value of a cell, or undefined if the cell is not what the column expects. */
  parse(cell: string): Value | undefined;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Any text, the empty one included. */
export const text: Column<string> = { expects: 'text', parse: (cell) => cell };

/** Text that is not empty. */
export const name: Column<string> = { expects: 'a name', parse: (cell) => cell.trim() || undefined };

/** A finite decimal number. */
export const number: Column<number> = numberWhere('a number', () => true);

/** A number greater than zero: masses, counts of neurons, energies. */
export const positive: Column<number> = numberWhere('a number greater than 0', (value) => value > 0);

/** 0 or 1. */
export const flag: Column<boolean> = {
  expects: '0 or 1',
  parse: (cell) => (cell === '1' ? true : cell === '0' ? false : undefined),
};

/** One of the words given. */
export function oneOf<const Word extends string>(...words: Word[]): Column<Word> {
  return {
    expects: `one of ${words.join(', ')}`,
    parse: (cell) => words.find((word) => word === cell),
  };
}

/** An empty cell is null; any other is read by `column`. */
export function optional<Value>(column: Column<Value>): Column<Value | null> {
  return {
    expects: `${column.expects} (or empty)`,
    parse: (cell) => (cell.trim() === '' ? null : column.parse(cell)),
  };
}

function numberWhere(expects: string, accepts: (value: number) => boolean): Column<number> {
  return {
    expects,
    parse: (cell) => {
      const value = DECIMAL.test(cell.trim()) ? Number(cell) : Number.NaN;
      return Number.isFinite(value) && accepts(value) ? value : undefined;
    },
  };
}
