import { RunError } from '../util/errors.js';

/**
 * Faults of GPUs: a device that is lost, memory that is out, a call that is refused. WebGPU tells of them beside the
 * calls that failed, and those yield zeros: whoever uses a GPU must ask here before believing a result.
 */
type Listener = (fault: RunError) => void;

const faults = new WeakMap<GPUDevice, RunError>();
const watched = new WeakSet<GPUDevice>();
const released = new WeakSet<GPUDevice>();
const listeners = new Set<Listener>();

/** Watches a device from now on. `name` is what the message calls it. */
export function watchDevice(device: GPUDevice, name: string): void {
  if (watched.has(device)) return;
  watched.add(device);
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    const { error } = event as GPUUncapturedErrorEvent;
    note(device, `GPU ${name}: ${inWords(error)}`);
  });
  void device.lost.then(({ reason, message }) => {
    if (released.has(device)) return;
    const why = [reason === 'unknown' ? '' : reason, message.trim().split('\n')[0]]
      .filter(Boolean)
      .join(': ');
    note(device, `GPU ${name} was lost${why && ` (${why})`}`);
  });
}

/** Ends a device; this is no fault. */
export function releaseDevice(device: GPUDevice): void {
  released.add(device);
  device.destroy();
}

/** The first fault of a device, or null. */
export function faultOf(device: GPUDevice): RunError | null {
  return faults.get(device) ?? null;
}

/** @throws RunError if the device has had a fault, once what was reported of it has arrived */
export async function requireFaultless(device: GPUDevice): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  const fault = faultOf(device);
  if (fault !== null) throw fault;
}

/** Calls `listener` at the first fault of any device from now on; returns what ends that. */
export function onFault(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function note(device: GPUDevice, message: string): void {
  if (faults.has(device)) return;
  const todo =
    'Results from it are not used; run again, with less at a time if memory was short, or without it';
  const fault = new RunError(`${message}. ${todo}`);
  faults.set(device, fault);
  for (const listener of listeners) listener(fault);
}

function inWords(error: GPUError): string {
  const [line] = error.message.trim().split('\n');
  const outOfMemory = /OutOfMemory/.test(error.constructor.name) || /exceeds the max buffer size/.test(line);
  return outOfMemory ? `out of memory (${line})` : line;
}
