/** Density of brain tissue, g/cm³ (1.03 to 1.05 in textbooks, recalled). */
export const BRAIN_DENSITY_G_PER_CM3 = 1.04;

/** Conduction velocity of a myelinated axon, m/s for each µm of outer diameter (Hursh 1939, recalled). */
export const MYELINATED_M_PER_S_PER_UM = 6;

/** Conduction velocity of thin unmyelinated cortical axons, m/s (reviews, recalled; 0.1 to 0.5). */
export const UNMYELINATED_M_PER_S = 0.3;

/** Diameter of a sphere of that mass, in mm: (6M/πρ)^(1/3). */
export function brainDiameterMm(massG: number): number {
  return 10 * Math.cbrt((6 * massG) / (Math.PI * BRAIN_DENSITY_G_PER_CM3));
}

/** Delay over a distance at a velocity, in ms (mm divided by m/s). */
export function delayMs(distanceMm: number, velocityMPerS: number): number {
  return distanceMm / velocityMPerS;
}

/** Velocity of a myelinated axon of that outer diameter, m/s. */
export function myelinatedVelocity(diameterUm: number): number {
  return MYELINATED_M_PER_S_PER_UM * diameterUm;
}

/** Outer diameter at which a myelinated axon covers a distance in a given time, in µm. */
export function diameterForDelayUm(distanceMm: number, delay: number): number {
  return distanceMm / delay / MYELINATED_M_PER_S_PER_UM;
}

/**
 * Volume of a bundle in which a share of the axons is `times` thicker, against one of equal axons: cross-sections
 * grow with the square, 1 + share·(times² - 1).
 */
export function bundleVolume(share: number, times: number): number {
  return 1 + share * (times ** 2 - 1);
}
