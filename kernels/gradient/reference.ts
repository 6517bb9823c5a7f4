/**
 * Gradients of the weights of one layer, summed over a batch. Plain float64 loops; wasm.ts computes the same, faster.
 *
 *   from events   g_ij = scale · Σ_{events of i} vector_j(event)       (EventProp: vector = λ_I, scale = -τ_s / batch)
 *   from drive    g_ij = scale · Σ_samples drive_i · error_j           (a linear readout)
 *
 * A source without an event, or without drive in any sample, is not active: its weights are left alone.
 */
export interface Gradient {
  /** [sources][targets] */
  gradient: number[][];
  active: boolean[];
}

/**
 * @param events events[i]: for each event of source i, an index into `vectors`
 * @param vectors [events][targets]
 */
export function fromEvents(
  events: readonly number[][],
  vectors: readonly ArrayLike<number>[],
  targets: number,
  scale: number,
): Gradient {
  return {
    gradient: events.map((of) =>
      Array.from(
        { length: targets },
        (_, j) => scale * of.reduce((sum, event) => sum + vectors[event][j], 0),
      ),
    ),
    active: events.map((of) => of.length > 0),
  };
}

/**
 * @param drive [samples][sources]
 * @param error [samples][targets]
 */
export function fromDrive(
  drive: readonly ArrayLike<number>[],
  error: readonly ArrayLike<number>[],
  sources: number,
  targets: number,
  scale: number,
): Gradient {
  const rows = Array.from({ length: sources }, (_, i) => i);
  return {
    gradient: rows.map((i) =>
      Array.from(
        { length: targets },
        (_, j) => scale * drive.reduce((sum, of, s) => sum + of[i] * error[s][j], 0),
      ),
    ),
    active: rows.map((i) => drive.some((of) => of[i] !== 0)),
  };
}
