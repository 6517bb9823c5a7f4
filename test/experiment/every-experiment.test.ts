import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/experiment/config.js';
import { experimentNames, findExperiment } from '../../src/experiment/find.js';
import { keysOf } from '../../src/experiment/schema.js';

test('there are experiments', () => expect(experimentNames()).toContain('lif-fi'));

describe.each(experimentNames())('%s', (name) => {
  test('is declared as the command line expects it', async () => {
    const { experiment, file } = await findExperiment(name);
    expect(file).toBeNull();
    expect(experiment.id).toBe(name);
    expect(experiment.question).toMatch(/\?$/);
    for (const [key, schema] of Object.entries(keysOf(experiment.config))) {
      expect(schema.description, `${key} has a description`).toBeTruthy();
      expect(schema, `${key} has a default`).toHaveProperty('default');
    }
    expect(() => experiment.config.parse({ 'no such key': 1 })).toThrow();
  });

  test('has presets that its schema allows, and configurations that survive JSON', async () => {
    const { experiment } = await findExperiment(name);
    for (const preset of ['quick', 'default', 'full'] as const) {
      const config = resolveConfig(experiment, preset);
      expect(experiment.config.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
    }
  });
});
