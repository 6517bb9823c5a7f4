import type { AuditFigure } from '../figure.js';
import type { AuditInputs } from '../inputs.js';

/** The numbers behind one claim, computed from the shared inputs. */
export type Computation = (inputs: AuditInputs) => AuditFigure[];

/** Computations by the id of their claim. */
export type Computations = Readonly<Record<string, Computation>>;
