/**
 * Colours that stay apart for every kind of colour vision, on white, in the order in which they are given out.
 *
 * Source: M. Okabe and K. Ito, "Color Universal Design" (2008). Their yellow is left out: thin yellow lines
 * cannot be seen on white; a grey takes its place.
 */
export const COLOURS = {
  blue: '#0072B2',
  vermilion: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  orange: '#E69F00',
  sky: '#56B4E9',
  black: '#000000',
  grey: '#7F7F7F',
} as const;

export const PALETTE: readonly string[] = Object.values(COLOURS);

/** Perceptually even and monotone in lightness: survives colour blindness and grey print. */
export const CONTINUOUS_SCHEME = 'viridis';

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const FONT_SIZE_PX = 14;
export const FIGURE_WIDTH_PX = 800;
