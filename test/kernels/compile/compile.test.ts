import { expect, test } from 'vitest';
import { ModelError, type NeuronModel, parseModel, readUnit } from '../../../kernels/compile/index.js';
import { buildProgram } from '../../../kernels/compile/program.js';
import { matrixExponential } from '../../../kernels/compile/propagator.js';
import { lifAlpha } from '../../../models/neurons/lif-alpha.js';
import { lifCond } from '../../../models/neurons/lif-cond.js';
import { lifDelta } from '../../../models/neurons/lif-delta.js';

const reject = (change: Partial<NeuronModel>) => () => {
  const model = { ...lifDelta, ...change };
  buildProgram(parseModel(model));
};

test('units are read as voltage, time and current', () => {
  expect(readUnit('pF')).toEqual({ dimension: [-1, 1, 1], factor: 1 });
  expect(readUnit('nS')).toEqual({ dimension: [-1, 0, 1], factor: 1 });
  expect(readUnit('nA')).toEqual({ dimension: [0, 0, 1], factor: 1000 });
  expect(readUnit('Hz').factor).toBe(0.001);
  expect(() => readUnit('kg')).toThrow('voltage, time and current');
});

test('a model is refused with its line and the reason', () => {
  const equation = (text: string) => reject({ equations: text });
  expect(equation('dV/dt = (E_L - V)/tau_x')).toThrow(
    `"dV/dt = (E_L - V)/tau_x": the name 'tau_x' is not known`,
  );
  expect(equation('dV/dt = E_L - V')).toThrow('dV/dt and its right side do not fit: mV and mV/ms');
  expect(equation('dV/dt = (E_L - I)/tau_m')).toThrow("the two sides of '-' do not fit: mV and pA");
  expect(equation('dV/dt = (E_L - V)/tau_m + exp(V)*I/C')).toThrow('the argument of exp do not fit');
  expect(equation('V = E_L')).toThrow('an equation reads dNAME/dt = EXPRESSION');
  expect(equation('dV/dt = (E_L - V)/tau_m +')).toThrow(ModelError);
  expect(equation('dV/dt = E_L*V/(V_th*tau_m) + V*V/(V_th*tau_m)')).toThrow('is not linear');
  expect(equation('')).toThrow('this state variable has no equation');
  expect(reject({ threshold: 'V' })).toThrow('a threshold is a comparison');
  expect(reject({ threshold: 'V > tau_m' })).toThrow("the two sides of '>' do not fit");
  expect(reject({ reset: 'V = I' })).toThrow('the two sides do not fit: pA and mV');
  expect(reject({ receptors: { input: { adds: 'V', unit: 'pA' } } })).toThrow('do not fit: pA and mV');
  expect(reject({ refractory: { period: 'C', hold: 'V' } })).toThrow('a refractory period');
  const cubic = 'dV/dt = (E_L - V)/tau_m*(V/V_th)^2';
  expect(reject({ equations: cubic, integrator: 'exponential-euler' })).toThrow("use the integrator 'rk4'");
});

test('the matrix exponential is that of a rotation, and of a Jordan block', () => {
  const angle = 2.5;
  const rotation = matrixExponential([
    [0, -angle],
    [angle, 0],
  ]);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  expect(rotation.flat()).toBeAllclose([c, -s, s, c], { rtol: 1e-13 });
  const jordan = matrixExponential([
    [-3, 1],
    [0, -3],
  ]);
  expect(jordan.flat()).toBeAllclose([Math.exp(-3), Math.exp(-3), 0, Math.exp(-3)], { rtol: 1e-13 });
});

test('an exact propagator has the closed form of an alpha current onto a leaky membrane', () => {
  const program = buildProgram(parseModel(lifAlpha));
  const parameters = Object.fromEntries(
    Object.entries(lifAlpha.parameters).map(([name, [value]]) => [name, value]),
  );
  const { coefficients: values } = program.evaluate(
    { ...parameters, tau_m: 10, tau_syn: 2, C: 250 },
    0.1,
    [1],
  );
  const of = (name: string) => values[program.coefficients.indexOf(name)];
  const next = JSON.stringify(program.next.get('I_syn'));
  // I(t + h) = e^(-h/tau) I + (h/tau) e^(-h/tau) x, where x is counted in quanta times e.
  const [first, second] = next.match(/~c\d+/g)!;
  expect([of(first), of(second)]).toBeAllclose([Math.exp(-0.05), 0.05 * Math.exp(-0.05) * Math.E], {
    rtol: 1e-13,
  });
});

test('exponential Euler takes the others as they were at the start of the step', () => {
  const program = buildProgram(parseModel(lifCond));
  expect([...program.next.keys()]).toEqual(['V', 'g_e', 'g_i']);
  expect(program.temporaries.map(({ name }) => name)).toEqual(['~exponent of V']);
});
