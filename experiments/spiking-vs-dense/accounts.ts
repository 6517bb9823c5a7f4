export type RivalKind = 'dense' | 'quantised' | 'convolutional';

/** How a spiking network and its rival are priced side by side. */
export interface Account {
  name: string;
  group: 'compute only' | 'compute and memory' | 'GPU' | 'convolution' | 'spiking hardware' | 'biology';
  spiking: string;
  rival: { kind: RivalKind; tariff: string };
}

/**
 * Both sides of the first four groups have one tariff, and so one basis. Chips and brains do no multiply-accumulates:
 * there the dense network runs on a GPU, and the two numbers are of different bases.
 */
export const ACCOUNTS: readonly Account[] = [
  same('fp32, weights in registers', 'compute only', 'dense', '45nm-fp32'),
  same('int8, weights in registers', 'compute only', 'quantised', '45nm-int8'),
  same('fp32, weights in SRAM', 'compute and memory', 'dense', '45nm-fp32-sram'),
  same('int8, weights in SRAM', 'compute and memory', 'quantised', '45nm-int8-sram'),
  same('fp32, weights in DRAM', 'compute and memory', 'dense', '45nm-fp32-dram'),
  same('int8, weights in DRAM', 'compute and memory', 'quantised', '45nm-int8-dram'),
  same('H100 at 40 % of its peak', 'GPU', 'dense', 'h100-utilised'),
  same('convolution, fp32, registers', 'convolution', 'convolutional', '45nm-fp32'),
  same('convolution, fp32, SRAM', 'convolution', 'convolutional', '45nm-fp32-sram'),
  same('convolution, H100 at 40 %', 'convolution', 'convolutional', 'h100-utilised'),
  onGpu('Loihi', 'spiking hardware', 'loihi'),
  onGpu('TrueNorth', 'spiking hardware', 'truenorth'),
  onGpu('SENECA', 'spiking hardware', 'seneca'),
  onGpu('SpiNNaker 2', 'spiking hardware', 'spinnaker-2'),
  onGpu('marginal ATP', 'biology', 'biology-marginal'),
  onGpu('all-in', 'biology', 'biology-all-in'),
];

function same(name: string, group: Account['group'], kind: RivalKind, tariff: string): Account {
  return { name, group, spiking: tariff, rival: { kind, tariff } };
}

function onGpu(name: string, group: Account['group'], tariff: string): Account {
  return {
    name: `${name} / H100`,
    group,
    spiking: tariff,
    rival: { kind: 'dense', tariff: 'h100-utilised' },
  };
}
