/** Names of the arguments of the exported function `update`, all i32, in order. */
export const UPDATE_ARGUMENTS = [
  'state', // address of the first state variable; the last array holds the step until which a neuron is held
  'stateBytes', // from one state variable to the next
  'coefficients', // address of the constants, f32
  'ring', // address of the first neuron's accumulator, receptor 0, slot 0
  'rowBytes', // from one slot to the next
  'channelBytes', // from one receptor to the next
  'slot', // slot of the first step
  'slots',
  'groups', // of sixteen neurons
  'step', // the first step
  'steps',
  'refractorySteps',
  'first', // index of the first neuron, added to what is listed
  'count', // neurons; those beyond, up to 16·groups, are padding
  'spikeCounts', // address of one count a step
  'spikeLists', // address of the list of the first step
  'listBytes', // from one step's list to the next
  'wake', // address of one word a vector: the first step in which a neuron that is held is free; 0: no short way
] as const;

/** Those of a layer that is trained, whose accumulators are sums in f32. */
export const LAYER_ARGUMENTS = [
  ...UPDATE_ARGUMENTS,
  'notes', // bytes from an accumulator to where the note of its neuron is left (see LayerForm)
] as const;
