import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
export async function selectBackend(choice: string) {
  tf.env().set('PROD', true);
  const used = choice === 'auto' ? 'wasm' : choice;
  await tf.setBackend(used);
  return { used, asked: choice, why: '' };
}
