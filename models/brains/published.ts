import { name, oneOf, text } from '../../src/data/column.js';
import { type RowOf, readTable, shippedData, tableSchema } from '../../src/data/table.js';
import type { Clade } from './clades.js';
import type { Structure } from './structures.js';

const SCHEMA = tableSchema({
  rows: 64,
  columns: {
    id: name,
    clade: name,
    relation: name,
    structure: name,
    exponent_b: text,
    uncertainty: text,
    uncertainty_type: text,
    log10_or_coefficient: text,
    r2: text,
    n: text,
    notes: text,
    our_fit_b: text,
    our_fit_ci95: text,
    agreement: text,
    citation: name,
    doi: text,
    confidence: oneOf('source-text', 'secondary', 'memory'),
  },
});

/** One published exponent: experiments/data/scaling_exponents.csv. */
export type PublishedExponent = RowOf<typeof SCHEMA>;

/** Reads the published exponents with their citations. */
export function readPublishedExponents(): PublishedExponent[] {
  return readTable(shippedData('scaling_exponents.csv'), SCHEMA);
}

/** The animals of a published fit, as far as the paper tells: often not the whole clade. */
function group(id: string, clades: readonly string[], choice: Partial<Clade> = {}): Clade {
  return { id, name: id, animals: 'Mammalia', clades, ...choice };
}

const CALLIMICO = "Goeldi's marmoset";
const LEMUR = 'grey mouse lemur';
const OTHER_EUTHERIANS = ['rodent', 'lagomorph', 'eulipotyphla', 'artiodactyla', 'afrotheria'];

/** The groups that papers fitted, and those this project compares with them. */
export const GROUPS = {
  glires: group('Glires', ['rodent', 'lagomorph']),
  gliresWithoutMouse: group('Glires without mouse', ['rodent', 'lagomorph'], { without: ['house mouse'] }),
  gliresWithMoleRat: group('Glires with naked mole-rat', ['rodent', 'lagomorph'], {
    alsoWith: ['naked mole-rat'],
  }),
  rodent: group('rodents', ['rodent']),
  rodentWithMoleRat: group('rodents with naked mole-rat', ['rodent'], { alsoWith: ['naked mole-rat'] }),
  rodentWithMoleRats: group('rodents with ten mole-rats', ['rodent'], {
    alsoWith: [
      'common mole-rat',
      'Mashona mole-rat',
      'Natal mole-rat',
      "Ansell's mole-rat",
      'Highveld mole-rat',
      'Damaraland mole-rat',
      'silvery mole-rat',
      'Cape mole-rat',
      "Mechow's mole-rat",
      'Cape dune mole-rat',
    ],
  }),
  sixRodents: group('six rodents of 2006', [], {
    alsoWith: ['house mouse', 'golden hamster', 'brown rat', 'guinea pig', 'black-rumped agouti', 'capybara'],
  }),
  primate: group('primates', ['primate']),
  primateWithCallimico: group('primates with Callimico', ['primate'], { alsoWith: [CALLIMICO] }),
  primateWithoutHumanWithCallimico: group('primates with Callimico, without human', ['primate'], {
    alsoWith: [CALLIMICO],
    without: ['human'],
  }),
  primateWithoutLemurWithCallimico: group('primates with Callimico, without mouse lemur', ['primate'], {
    alsoWith: [CALLIMICO],
    without: [LEMUR],
  }),
  primateWithoutBothWithCallimico: group(
    'primates with Callimico, without human and mouse lemur',
    ['primate'],
    {
      alsoWith: [CALLIMICO],
      without: ['human', LEMUR],
    },
  ),
  primateWithApes: group('primates with gorilla and orangutan', ['primate'], {
    alsoWith: ['gorilla', 'orangutan'],
  }),
  primateWithoutHuman: group('primates without human', ['primate'], { without: ['human'] }),
  primateWithoutLemur: group('primates without mouse lemur', ['primate'], { without: [LEMUR] }),
  primateWithoutBoth: group('primates without human and mouse lemur', ['primate'], {
    without: ['human', LEMUR],
  }),
  simian: group('simians', ['primate'], { without: [LEMUR, 'northern greater galago'] }),
  simianWithoutHuman: group('simians without human', ['primate'], {
    without: [LEMUR, 'northern greater galago', 'human'],
  }),
  sixPrimates: group('six primates of 2007', [], {
    alsoWith: [
      'common marmoset',
      'northern greater galago',
      'three-striped night monkey',
      'common squirrel monkey',
      'tufted capuchin',
      'rhesus macaque',
    ],
  }),
  primateAndTreeshrew: group('primates and treeshrew', ['primate', 'scandentia']),
  primateAndTreeshrewWithApes: group(
    'primates with gorilla and orangutan, and treeshrew',
    ['primate', 'scandentia'],
    {
      alsoWith: ['gorilla', 'orangutan'],
    },
  ),
  primateAndTreeshrewWithCallimico: group(
    'primates with Callimico, and treeshrew',
    ['primate', 'scandentia'],
    {
      alsoWith: [CALLIMICO],
    },
  ),
  afrotheria: group('afrotherians', ['afrotheria']),
  eulipotyphla: group('shrews and moles', ['eulipotyphla']),
  artiodactyla: group('even-toed ungulates', ['artiodactyla']),
  carnivora: group('carnivorans', ['carnivora']),
  chiroptera: group('bats', ['chiroptera']),
  marsupial: group('marsupials', ['marsupial']),
  otherEutherians: group('eutherians other than primates', OTHER_EUTHERIANS),
  afrotheriaArtiodactylaGlires: group('afrotherians, ungulates and Glires', [
    'afrotheria',
    'artiodactyla',
    'rodent',
    'lagomorph',
  ]),
  songbird: group('songbirds', ['songbird'], { animals: 'Aves' }),
  corvid: group('corvids', [], {
    animals: 'Aves',
    alsoWith: ['azure-winged magpie', 'eurasian magpie', 'western jackdaw', 'eurasian jay', 'rook', 'raven'],
  }),
  parrot: group('parrots', ['parrot'], { animals: 'Aves' }),
  songbirdAndParrot: group('songbirds and parrots', ['songbird', 'parrot'], { animals: 'Aves' }),
  otherBird: group('other birds', ['other bird'], { animals: 'Aves' }),
  bird: group('all birds', ['songbird', 'parrot', 'other bird'], { animals: 'Aves' }),
  owl: group('owls', ['other bird'], { animals: 'Aves', orders: ['Strigiformes'] }),
  fowl: group('fowl', ['other bird'], { animals: 'Aves', orders: ['Galliformes'] }),
  waterfowl: group('ducks and geese', ['other bird'], { animals: 'Aves', orders: ['Anseriformes'] }),
  pigeon: group('pigeons', ['other bird'], { animals: 'Aves', orders: ['Columbiformes'] }),
  woodpecker: group('woodpeckers', ['other bird'], { animals: 'Aves', orders: ['Piciformes'] }),
  raptor: group('hawks and eagles', ['other bird'], { animals: 'Aves', orders: ['Accipitriformes'] }),
} as const satisfies Record<string, Clade>;

/** Which animals and which structure reproduce a published exponent, by its id in the table. */
export const REFITS: Readonly<Record<string, { group: Clade; structure: Structure }>> = {
  E01: { group: GROUPS.glires, structure: 'cortex' },
  E02: { group: GROUPS.gliresWithoutMouse, structure: 'cortex' },
  E03: { group: GROUPS.rodent, structure: 'cortex' },
  E04: { group: GROUPS.rodent, structure: 'cerebellum' },
  E05: { group: GROUPS.glires, structure: 'cerebellum' },
  E06: { group: GROUPS.gliresWithMoleRat, structure: 'rest' },
  E07: { group: GROUPS.gliresWithMoleRat, structure: 'rest' },
  E08: { group: GROUPS.sixRodents, structure: 'brain' },
  E09: { group: GROUPS.sixRodents, structure: 'cortex' },
  E10: { group: GROUPS.sixRodents, structure: 'cerebellum' },
  E11: { group: GROUPS.primateWithCallimico, structure: 'cortex' },
  E12: { group: GROUPS.primateWithoutHumanWithCallimico, structure: 'cortex' },
  E13: { group: GROUPS.primateWithoutLemurWithCallimico, structure: 'cortex' },
  E14: { group: GROUPS.primateWithoutBothWithCallimico, structure: 'cortex' },
  E15: { group: GROUPS.primate, structure: 'cerebellum' },
  E16: { group: GROUPS.primateWithApes, structure: 'cerebellum' },
  E17: { group: GROUPS.primateWithCallimico, structure: 'rest' },
  E19: { group: GROUPS.sixPrimates, structure: 'brain' },
  E21: { group: GROUPS.afrotheria, structure: 'cortex' },
  E22: { group: GROUPS.afrotheria, structure: 'cerebellum' },
  E23: { group: GROUPS.afrotheria, structure: 'rest' },
  E24: { group: GROUPS.eulipotyphla, structure: 'cortex' },
  E25: { group: GROUPS.eulipotyphla, structure: 'cerebellum' },
  E26: { group: GROUPS.eulipotyphla, structure: 'rest' },
  E27: { group: GROUPS.otherEutherians, structure: 'brain' },
  E28: { group: GROUPS.otherEutherians, structure: 'cortex' },
  E29: { group: GROUPS.afrotheriaArtiodactylaGlires, structure: 'cerebellum' },
  E30: { group: GROUPS.otherEutherians, structure: 'rest' },
  E31: { group: GROUPS.primateAndTreeshrewWithApes, structure: 'cerebellum' },
  E32: { group: GROUPS.primateAndTreeshrewWithCallimico, structure: 'rest' },
  E33: { group: GROUPS.marsupial, structure: 'brain' },
  E34: { group: GROUPS.marsupial, structure: 'cortex' },
  E35: { group: GROUPS.marsupial, structure: 'cerebellum' },
  E36: { group: GROUPS.marsupial, structure: 'rest' },
};
